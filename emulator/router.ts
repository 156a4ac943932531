import type { PlayedCloud } from "./clouds.js";
import type { EntraRoute } from "./entra/entra-handler.js";
import { routeEntra } from "./entra/entra-handler.js";
import type { Call } from "./http/call.js";
import type { HostVerdict } from "./proxy/connect-proxy.js";
import { hostnameOf } from "./clouds.js";
import { routeVault } from "./vault/data-plane.js";
import type { VaultRoute } from "./vault/data-plane.js";
import type { VaultDouble } from "./vault/vault-double.js";

/** A host that nobody plays here. */
export interface NowhereRoute {
  readonly role: "nowhere";
  readonly kind: "unknown";
}

export type Route = EntraRoute | VaultRoute | NowhereRoute;

/** Which host plays what: authority hosts of the clouds, and vaults by name. */
export class Router {
  readonly #clouds: readonly PlayedCloud[];
  readonly #vaults = new Map<string, VaultDouble>();

  constructor(clouds: readonly PlayedCloud[]) {
    this.#clouds = clouds;
  }

  get clouds(): readonly PlayedCloud[] {
    return this.#clouds;
  }

  /** The cloud whose vaults have this suffix. */
  cloudOfSuffix(suffix: string): PlayedCloud | undefined {
    return this.#clouds.find((cloud) => cloud.vaultSuffix === suffix);
  }

  findVault(host: string): VaultDouble | undefined {
    return this.#vaults.get(host);
  }

  addVault(vault: VaultDouble): VaultDouble {
    this.#vaults.set(vault.host, vault);
    return vault;
  }

  removeVault(host: string): boolean {
    return this.#vaults.delete(host);
  }

  /** Whether a host is played here; a vault's host without its vault is a name that would not resolve. */
  judge(hostname: string): HostVerdict {
    if (this.#cloudOfAuthority(hostname) !== undefined || this.#vaults.has(hostname)) return "played";
    const isVaultName = this.#clouds.some(({ vaultSuffix }) => hostname.endsWith(`.${vaultSuffix}`));
    return isVaultName ? "unresolvable" : "foreign";
  }

  route(call: Call): Route {
    const hostname = hostnameOf(call.host);
    const cloud = this.#cloudOfAuthority(hostname);
    if (cloud !== undefined) return routeEntra(cloud, call.path);
    const vault = this.#vaults.get(hostname);
    if (vault === undefined) return { role: "nowhere", kind: "unknown" };
    return routeVault(vault, call.path, call.headers.authorization !== undefined);
  }

  #cloudOfAuthority(hostname: string): PlayedCloud | undefined {
    return this.#clouds.find(({ authorityHosts }) => authorityHosts.includes(hostname));
  }
}
