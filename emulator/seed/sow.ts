import type { Emulator } from "../emulator.js";

/** Puts something into a running emulator; done again, it changes only what the file has changed. */
export type Sow = (emulator: Emulator) => void;
