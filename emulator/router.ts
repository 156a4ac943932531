import { hostnameOf } from "./clouds.js";
import type { PlayedCloud } from "./clouds.js";
import { routeEntra } from "./entra/entra-handler.js";
import type { EntraRoute } from "./entra/entra-handler.js";
import type { Call } from "./http/call.js";
import { routeVault } from "./vault/data-plane.js";
import type { VaultRoute } from "./vault/data-plane.js";
import type { Vaults } from "./vault/vaults.js";

/** A host that nobody plays here. */
export interface NowhereRoute {
  readonly role: "nowhere";
  readonly kind: "unknown";
}

export type Route = EntraRoute | VaultRoute | NowhereRoute;

/** What a host is: played here, a vault's name that would not resolve, or none of ours. */
export type HostVerdict = "played" | "unresolvable" | "foreign";

/** Which host plays what: authority hosts of the clouds, and vaults by name. */
export class Router {
  readonly clouds: readonly PlayedCloud[];
  readonly #vaults: Vaults;

  constructor(clouds: readonly PlayedCloud[], vaults: Vaults) {
    this.clouds = clouds;
    this.#vaults = vaults;
  }

  judge(hostname: string): HostVerdict {
    if (this.#cloudOfAuthority(hostname) !== undefined || this.#vaults.find(hostname) !== undefined) {
      return "played";
    }
    return this.#vaults.isVaultHost(hostname) ? "unresolvable" : "foreign";
  }

  /** Who answers a request, by its `Host`, and what it asks for, by its path. */
  route(call: Call): Route {
    const hostname = hostnameOf(call.host);
    const cloud = this.#cloudOfAuthority(hostname);
    if (cloud !== undefined) return routeEntra(cloud, call.path);
    const vault = this.#vaults.find(hostname);
    if (vault !== undefined) return routeVault(vault, call.path, call.headers.authorization !== undefined);
    return { role: "nowhere", kind: "unknown" };
  }

  #cloudOfAuthority(hostname: string): PlayedCloud | undefined {
    return this.clouds.find(({ authorityHosts }) => authorityHosts.includes(hostname));
  }
}
