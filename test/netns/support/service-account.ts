import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";

/** Where every pod finds its service account. */
const FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";
export const CA_FILE = path.join(FOLDER, "ca.crt");

let version = 0;

/**
 * Gives this namespace's pod a service account with this authority, as the kubelet does it: a folder of each version, and
 * a link that is swapped in one go.
 */
export async function writeClusterAuthority(pem: string): Promise<void> {
  version += 1;
  const folder = `..version_${version}`;
  await mkdir(path.join(FOLDER, folder), { recursive: true });
  await writeFile(path.join(FOLDER, folder, "ca.crt"), pem);
  const next = path.join(FOLDER, "..data_tmp");
  await symlink(folder, next);
  await rename(next, path.join(FOLDER, "..data"));
  await rm(path.join(FOLDER, `..version_${version - 1}`), { recursive: true, force: true });
  await symlink("..data/ca.crt", CA_FILE).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  });
}

/** Takes the service account away. */
export async function removeServiceAccount(): Promise<void> {
  await rm(FOLDER, { recursive: true, force: true });
}
