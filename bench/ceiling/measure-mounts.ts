import path from "node:path";
import type { EmulatorProcess } from "../emulator/emulator-process.js";
import type { MountClient } from "../load/mount-client.js";
import { type Volume, volumeOf } from "../load/volume.js";
import { ProviderRun } from "../provider/provider-run.js";
import { drive } from "./drive.js";
import type { Ceiling } from "./ceiling.js";

const CONCURRENCY = 64;
const CALL_LIMIT_MS = 30_000;
const CANNED = [process.execPath, "--import", "tsx", path.join(import.meta.dirname, "canned-provider.ts")];

/** What both clients get from a provider that asks nobody. */
export async function measureMounts(
  emulator: EmulatorProcess,
  forMs: number,
  signal: AbortSignal,
): Promise<Ceiling[]> {
  const world = await emulator.openWorld({
    world: { objects: 1, objectBytes: 32, principals: 1, podsPerPrincipal: 1 },
    behaviour: { delayMs: 0 },
  });
  const volumes = world.pods.map((pod) => volumeOf(world, pod));
  const provider = await ProviderRun.start(quoted(CANNED), emulator.env, signal);
  try {
    const measure = async (what: string, client: MountClient, concurrency: number) => {
      const once = mounter(client, volumes, signal);
      await drive(emulator, { what, once, concurrency, forMs, signal });
      return await drive(emulator, { what, once, concurrency, forMs, signal });
    };
    return [
      await measure("mounts of a canned answer, driver's client, one at a time", provider.client, 1),
      await measure(
        `mounts of a canned answer, bare client, ${CONCURRENCY} at a time`,
        provider.bareClient,
        CONCURRENCY,
      ),
    ];
  } finally {
    await provider.stop();
  }
}

function mounter(
  client: MountClient,
  [volume]: readonly Volume[],
  signal: AbortSignal,
): () => Promise<unknown> {
  if (volume === undefined) throw new RangeError("a world without pods");
  return () => client.mount(volume.request, { deadlineMs: CALL_LIMIT_MS, signal });
}

/** A command template of words that may hold blanks. */
function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(" ");
}
