import { readlink, stat } from "node:fs/promises";
import path from "node:path";
import { listFiles } from "../driver/volume.js";
import type { RequestLog } from "../emulator/emulator.js";

/** What the pod sees in the volume: mode, size and path of each file. */
export async function describeTree(volume: string): Promise<string[]> {
  const data = path.join(volume, await readlink(path.join(volume, "..data")));
  return await Promise.all(
    (await listFiles(data)).map(async (file) => {
      const { mode, size } = await stat(path.join(data, file));
      return `0${(mode & 0o777).toString(8)}  ${String(size).padStart(6)} bytes  ${file}`;
    }),
  );
}

/** A line for each object id and its version. */
export function describeAnswer(versions: ReadonlyMap<string, string>): string[] {
  const width = Math.max(...[...versions.keys()].map((id) => id.length));
  return [...versions].map(([id, version]) => `${id.padEnd(width)}  ${version}`);
}

/** Counts of what the embedded servers were asked, a line for each kind. */
export function describeRequests(log: RequestLog): string[] {
  const lines = Object.entries(log.counts())
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${String(count).padStart(3)} × ${kind}`);
  return lines.length === 0 ? ["nothing"] : lines;
}

/** The objects whose version differs between two mounts. */
export function describeChange(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  return [...after]
    .filter(([id, version]) => before.get(id) !== version)
    .map(([id, version]) => `${id}: ${before.get(id) ?? "(none)"} → ${version}`);
}

export function indent(line: string): string {
  return `  ${line}`;
}
