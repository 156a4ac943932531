import { setMaxListeners } from "node:events";
import { KNOWN_CLOUDS, playCustomCloud } from "./clouds.js";
import { EntraDirectory } from "./entra/directory.js";
import { Faults } from "./faults/faults.js";
import { openListeners } from "./listeners.js";
import type { EmulatorOptions } from "./options.js";
import { RequestLog } from "./request-log.js";
import { Router } from "./router.js";
import { RsaKeys } from "./rsa-keys.js";
import { CertificateAuthority } from "./tls/certificate-authority.js";
import { ServerContexts } from "./tls/server-contexts.js";
import type { VaultDouble } from "./vault/vault-double.js";
import { Vaults } from "./vault/vaults.js";
import type { VaultOptions } from "./vault/vaults.js";

export type { EmulatorOptions } from "./options.js";
export type { OidcIssuer } from "./entra/oidc-issuer.js";
export type { Application } from "./entra/application.js";
export type { Tenant } from "./entra/tenant.js";
export type { Effect } from "./faults/effect.js";
export type { FaultFilter, FaultHandle } from "./faults/faults.js";
export type { LoggedRequest, RequestKind } from "./request-log.js";
export type { EntraDirectory, Faults, RequestLog, VaultDouble, VaultOptions };

/** A running Key Vault with its Entra ID. */
export interface Emulator {
  /** Port of the HTTPS server that plays every host. */
  readonly port: number;
  /** Port of the forward proxy: `HTTPS_PROXY=http://127.0.0.1:<proxyPort>`. */
  readonly proxyPort: number;
  /** Connections made to both since the start. */
  readonly connectionCount: number;
  /** Certificate of the authority that signs all TLS certificates, for NODE_EXTRA_CA_CERTS. */
  readonly caPem: string;
  readonly entra: EntraDirectory;
  readonly requests: RequestLog;
  readonly faults: Faults;
  /** Gets or makes a vault; options count when it is made. @throws {RangeError} for a bad name or unknown suffix */
  vault(name: string, options?: VaultOptions): VaultDouble;
  /** A vault that was made. */
  findVault(name: string, options?: Pick<VaultOptions, "suffix">): VaultDouble | undefined;
  /** Deletes a vault with everything in it: its name no longer resolves. */
  removeVault(name: string, options?: Pick<VaultOptions, "suffix">): void;
  /** Ends all connections and listeners; may be called twice. */
  close(): Promise<void>;
}

/** RSA keys made ahead: the one for access tokens; a second one at once would only slow a cluster's issuer down. */
const KEYS_AHEAD = 1;

/** Starts an emulator on loopback. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const now = options.now ?? Date.now;
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // every delayed answer listens to it
  const rsaKeys = new RsaKeys(KEYS_AHEAD);
  const clouds = [...KNOWN_CLOUDS, ...(options.clouds ?? []).map(playCustomCloud)];
  const directory = new EntraDirectory(now, rsaKeys);
  const vaults = new Vaults(clouds, directory, rsaKeys, now);
  const router = new Router(clouds, vaults);
  const faults = new Faults();
  const log = new RequestLog(options.onRequest);
  const authority = new CertificateAuthority(options.authority ?? "Azure Emulator Root CA");
  const contexts = new ServerContexts(authority, faults, (hostname) => router.judge(hostname));
  const listeners = await openListeners(
    { router, directory, faults, log, contexts, now, closing: closing.signal },
    options,
  );
  let ending: Promise<void> | undefined;
  return {
    port: listeners.port,
    proxyPort: listeners.proxyPort,
    get connectionCount() {
      return listeners.connectionCount;
    },
    caPem: authority.pem,
    entra: directory,
    requests: log,
    faults,
    vault: (name, vaultOptions) => vaults.open(name, vaultOptions),
    findVault: (name, vaultOptions) => vaults.findByName(name, vaultOptions),
    removeVault: (name, vaultOptions) => {
      vaults.remove(name, vaultOptions);
    },
    close: async () => {
      closing.abort();
      ending ??= listeners.close();
      await ending;
    },
  };
}
