import { hostnameOf } from "../clouds.js";
import type { PlayedCloud } from "../clouds.js";
import type { EntraDirectory } from "../entra/directory.js";
import type { RsaKeys } from "../rsa-keys.js";
import { ChainAuthority } from "./chain-authority.js";
import { VaultDouble } from "./vault-double.js";

/** Which vault: the suffix of its host, and the tenant that it belongs to. */
export interface VaultOptions {
  /** Default "vault.azure.net"; a port is ignored. */
  readonly suffix?: string;
  /** Default: the first tenant of the directory. */
  readonly tenantId?: string;
}

const VAULT_NAME = /^[a-zA-Z0-9-]{3,24}$/;

/** Every vault of every cloud, by host. */
export class Vaults {
  readonly #clouds: readonly PlayedCloud[];
  readonly #directory: EntraDirectory;
  readonly #rsaKeys: RsaKeys;
  readonly #now: () => number;
  readonly #byHost = new Map<string, VaultDouble>();
  #authority: ChainAuthority | undefined;

  constructor(
    clouds: readonly PlayedCloud[],
    directory: EntraDirectory,
    rsaKeys: RsaKeys,
    now: () => number,
  ) {
    this.#clouds = clouds;
    this.#directory = directory;
    this.#rsaKeys = rsaKeys;
    this.#now = now;
  }

  find(host: string): VaultDouble | undefined {
    return this.#byHost.get(host);
  }

  findByName(name: string, options: Pick<VaultOptions, "suffix"> = {}): VaultDouble | undefined {
    return this.find(hostOf(name, options));
  }

  /** Whether a host has the form of a vault's, in a cloud that is played. */
  isVaultHost(host: string): boolean {
    return this.#clouds.some(({ vaultSuffix }) => host.endsWith(`.${vaultSuffix}`));
  }

  /**
   * Gets or makes a vault; options count when it is made.
   * @throws {RangeError} for a name that no vault can have, or a suffix of no cloud
   */
  open(name: string, options: VaultOptions = {}): VaultDouble {
    const known = this.findByName(name, options);
    if (known !== undefined) return known;
    if (!VAULT_NAME.test(name)) {
      throw new RangeError(`vault name ${JSON.stringify(name)} is not 3 to 24 letters, digits and dashes`);
    }
    const suffix = suffixOf(options);
    const cloud = this.#clouds.find(({ vaultSuffix }) => vaultSuffix === suffix);
    if (cloud === undefined) {
      throw new RangeError(`no cloud has vaults under ${suffix}; name one in the emulator's option "clouds"`);
    }
    const vault = new VaultDouble({
      name,
      cloud,
      tenantId: () => options.tenantId?.toLowerCase() ?? this.#directory.defaultTenantId,
      now: this.#now,
      rsaKeys: this.#rsaKeys,
      authority: () => (this.#authority ??= new ChainAuthority(this.#rsaKeys, this.#now())),
    });
    this.#byHost.set(vault.host, vault);
    return vault;
  }

  /** Deletes a vault: its name no longer resolves. */
  remove(name: string, options: Pick<VaultOptions, "suffix"> = {}): void {
    this.#byHost.delete(hostOf(name, options));
  }
}

function hostOf(name: string, options: Pick<VaultOptions, "suffix">): string {
  return `${name.toLowerCase()}.${suffixOf(options)}`;
}

function suffixOf({ suffix = "vault.azure.net" }: Pick<VaultOptions, "suffix">): string {
  return hostnameOf(suffix);
}
