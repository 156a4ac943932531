import type { Report } from "./report.js";
import { makeTable, percent, shortNumber } from "./table.js";

/** What the bench itself can do. */
export function ceilingTable({ ceilings }: Report): string {
  return makeTable(
    [
      { heading: "what", align: "left", cell: ({ what }) => what },
      { heading: "per second", cell: ({ perSecond }) => shortNumber(perSecond) },
      { heading: "p50 ms", cell: ({ p50Ms }) => shortNumber(p50Ms) },
      { heading: "p99 ms", cell: ({ p99Ms }) => shortNumber(p99Ms) },
      { heading: "emulator busy", cell: ({ emulatorBusy }) => percent(emulatorBusy) },
      { heading: "client busy", cell: ({ clientBusy }) => percent(clientBusy) },
    ],
    ceilings,
  );
}
