import { execFile } from "node:child_process";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

/** The driver's release, whose Go module holds its chart. */
export const DRIVER_VERSION = "1.6.0";
const MODULE = `sigs.k8s.io/secrets-store-csi-driver@v${DRIVER_VERSION}`;
/** As go.sum has it: whatever serves the module, these are the bytes. */
const SUM = "h1:YpKG/2hJkp3EkRGpH5SPxg1/5AkmeD5pwHNKIlE90FU=";

/**
 * Copies the driver's chart into a folder.
 * @returns where it is: `<folder>/secrets-store-csi-driver`
 */
export async function copyDriverChart(folder: string): Promise<string> {
  const { stdout } = await promisify(execFile)("go", ["mod", "download", "-json", MODULE], { cwd: tmpdir() });
  const { Dir, Sum } = JSON.parse(stdout) as { Dir: string; Sum: string };
  if (Sum !== SUM) throw new Error(`${MODULE} is ${Sum} instead of ${SUM}`);
  const target = path.join(folder, "secrets-store-csi-driver");
  // The module cache is read-only.
  await cp(path.join(Dir, "charts/secrets-store-csi-driver"), target, { recursive: true, mode: 0 });
  await promisify(execFile)("chmod", ["-R", "u+w", target]);
  return target;
}
