import { waitUntil } from "./wait.js";
import type { World } from "./world.js";

/** A series of a metric: the first one with this name and, among others, these labels. */
export interface WantedSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Default 1. */
  readonly atLeast?: number;
}

/** Waits until `/metrics`, whose text may be a second old, shows all of these. */
export async function untilShown(world: World, wanted: readonly WantedSeries[]): Promise<void> {
  await waitUntil(
    async () => {
      const text = await world.metrics();
      return wanted.every(({ name, labels, atLeast = 1 }) => (valueOf(text, name, labels) ?? 0) >= atLeast);
    },
    JSON.stringify(wanted),
    { everyMs: 250 }, // the port lets one address in ten times a second
  );
}

function valueOf(text: string, name: string, labels: WantedSeries["labels"]): number | undefined {
  const line = text
    .split("\n")
    .find(
      (candidate) =>
        candidate.startsWith(`${name}{`) &&
        Object.entries(labels).every(([label, value]) => candidate.includes(`${label}="${value}"`)),
    );
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(" ") + 1));
}
