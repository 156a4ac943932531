import type { LookupAddress } from "node:dns";
import { open } from "node:fs/promises";
import { isIP } from "node:net";

/** Finds a name's addresses in the hosts file; none when it is not there. */
export type HostsFile = (name: string) => Promise<readonly LookupAddress[]>;

/** Larger files are read up to here. Kubernetes writes some hundred bytes. */
const MAX_BYTES = 256 * 1024;

/**
 * The hosts file of this container, where Kubernetes writes a pod's `hostAliases`. It is parsed anew when it has changed;
 * one that cannot be read holds nothing.
 */
export function createHostsFile(path = "/etc/hosts"): HostsFile {
  let known: { readonly version: string; readonly names: Hosts } | undefined;
  return async (name) => {
    try {
      const file = await open(path, "r");
      try {
        const { mtimeMs, ctimeMs, size, ino } = await file.stat();
        const version = [mtimeMs, ctimeMs, size, ino].join(" ");
        if (known?.version !== version) {
          const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0);
          known = { version, names: parseHosts(buffer.toString("latin1", 0, bytesRead)) };
        }
      } finally {
        await file.close();
      }
    } catch {
      known = undefined;
    }
    return known?.names.get(name.toLowerCase()) ?? [];
  };
}

type Hosts = ReadonlyMap<string, readonly LookupAddress[]>;

/**
 * Reads lines of an address and its names; names in lower case, a name's addresses in the order of the file.
 * @see https://man7.org/linux/man-pages/man5/hosts.5.html
 */
export function parseHosts(text: string): Hosts {
  const hosts = new Map<string, LookupAddress[]>();
  for (const line of text.split("\n")) {
    const [address = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    const family = isIP(address);
    if (family === 0) continue;
    for (const name of names.map((written) => written.toLowerCase())) {
      const addresses = hosts.get(name) ?? [];
      addresses.push({ address, family });
      hosts.set(name, addresses);
    }
  }
  return hosts;
}
