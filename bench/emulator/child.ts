import { setMaxListeners } from "node:events";
import { startEmulator } from "../../emulator/emulator.js";
import type {
  AnswerMessage,
  CommandMessage,
  Commands,
  RequestTally,
  VaultBehaviour,
  WorldSpec,
} from "./protocol.js";
import { behave, seedWorld } from "./seed.js";

/**
 * The embedded vault in a process of its own, so that its work is neither the provider's nor the load generator's.
 * Takes commands over the IPC channel and ends with it.
 */
setMaxListeners(0); // every delayed answer listens for the emulator's end
const emulator = await startEmulator();
let busyBefore = performance.eventLoopUtilization();

const handlers: { [Name in keyof Commands]: (input: never) => Commands[Name]["output"] } = {
  address: () => ({ proxyPort: emulator.proxyPort, caPem: emulator.caPem }),
  openWorld: ({ world, behaviour }: { world: WorldSpec; behaviour: VaultBehaviour }) => {
    behave(emulator, behaviour);
    return seedWorld(emulator, world);
  },
  tally: () => {
    const requests = tally();
    emulator.requests.reset();
    const busyNow = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(busyNow, busyBefore);
    busyBefore = busyNow;
    return { requests, busy: utilization };
  },
};

function tally(): RequestTally {
  const { read, list, token, discovery, keys, challenge } = emulator.requests.counts();
  return {
    reads: read + list,
    signIns: token,
    discovery: discovery + keys,
    challenges: challenge,
    throttled: emulator.requests.filter(({ status }) => status === 429).length,
  };
}

process.on("message", ({ id, name, input }: CommandMessage) => {
  let answer: AnswerMessage;
  try {
    answer = { id, output: handlers[name](input as never) };
  } catch (error) {
    answer = { id, error: error instanceof Error ? error.message : "unknown" };
  }
  process.send?.(answer);
});
// A terminal sends it to the whole process group; the parent still has to measure what it has begun.
process.on("SIGINT", () => undefined);
// The parent is gone, however it ended.
process.once("disconnect", () => {
  void emulator.close();
});
