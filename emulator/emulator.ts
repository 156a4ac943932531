import type { Server } from "node:net";
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { KNOWN_CLOUDS, hostnameOf, playCustomCloud } from "./clouds.js";
import { EntraDirectory } from "./entra/directory.js";
import { Faults } from "./faults/faults.js";
import type { EmulatorOptions } from "./options.js";
import { makeConnectProxy } from "./proxy/connect-proxy.js";
import { RequestLog } from "./request-log.js";
import { Router } from "./router.js";
import { makeServer } from "./server.js";
import { CertificateAuthority } from "./tls/certificate-authority.js";
import { ServerContexts } from "./tls/server-contexts.js";
import { VaultDouble } from "./vault/vault-double.js";

/** Which vault: the suffix of its host, and the tenant that it belongs to. */
export interface VaultOptions {
  /** Default "vault.azure.net"; a port is ignored. */
  readonly suffix?: string;
  /** Default: the first tenant of the directory. */
  readonly tenantId?: string;
}

/** A running Key Vault with its Entra ID. */
export interface Emulator {
  /** Port of the HTTPS server that plays every host. */
  readonly port: number;
  /** Port of the forward proxy: `HTTPS_PROXY=http://127.0.0.1:<proxyPort>`. */
  readonly proxyPort: number;
  /** Certificate of the authority that signs all TLS certificates, for NODE_EXTRA_CA_CERTS. */
  readonly caPem: string;
  readonly entra: EntraDirectory;
  readonly requests: RequestLog;
  readonly faults: Faults;
  /** Gets or makes a vault; options count when it is made. */
  vault(name: string, options?: VaultOptions): VaultDouble;
  /** Deletes a vault with everything in it: its name no longer resolves. */
  removeVault(name: string, options?: Pick<VaultOptions, "suffix">): void;
  /** Ends all connections and listeners; may be called twice. */
  close(): Promise<void>;
}

const VAULT_NAME = /^[a-zA-Z0-9-]{3,24}$/;

/** Starts an emulator on loopback. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const now = options.now ?? Date.now;
  const closing = new AbortController();
  const entra = new EntraDirectory(now);
  const faults = new Faults();
  const requests = new RequestLog();
  const router = new Router([...KNOWN_CLOUDS, ...(options.clouds ?? []).map(playCustomCloud)]);
  const authority = new CertificateAuthority("Azure Emulator Root CA");
  const contexts = new ServerContexts(
    authority,
    lazily(() => new CertificateAuthority("Untrusted Root CA")),
    faults,
    (hostname) => router.judge(hostname),
  );
  const parts = { router, directory: entra, faults, log: requests, contexts, now, closing: closing.signal };
  const direct = makeServer(parts, "direct");
  // Never listens: it gets its connections from the proxy, so that the log can tell the two apart.
  const proxied = makeServer(parts, "proxy");
  const sockets = new Set<Duplex>();
  const proxy = makeConnectProxy({
    judge: (hostname) => router.judge(hostname),
    accept: (socket) => proxied.emit("connection", socket),
    log: requests,
    now,
    credentials: options.proxyCredentials,
  });
  for (const server of [direct, proxy]) {
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    });
  }
  const address = options.listenOn ?? "127.0.0.1";
  const [port, proxyPort] = await Promise.all([
    listen(direct, options.port ?? 0, address),
    listen(proxy, options.proxyPort ?? 0, address),
  ]);

  const vaultHost = (name: string, suffix?: string): string =>
    `${name.toLowerCase()}.${hostnameOf(suffix ?? "vault.azure.net")}`;
  let ending: Promise<void> | undefined;
  return {
    port,
    proxyPort,
    caPem: authority.pem,
    entra,
    requests,
    faults,
    vault: (name, { suffix = "vault.azure.net", tenantId } = {}) =>
      router.findVault(vaultHost(name, suffix)) ??
      router.addVault(makeVault(router, { name, suffix: hostnameOf(suffix), tenantId, entra, now })),
    removeVault: (name, { suffix } = {}) => {
      router.removeVault(vaultHost(name, suffix));
    },
    close: () => {
      ending ??= end([direct, proxy], sockets, closing, entra);
      return ending;
    },
  };
}

function makeVault(
  router: Router,
  setting: {
    name: string;
    suffix: string;
    tenantId: string | undefined;
    entra: EntraDirectory;
    now: () => number;
  },
): VaultDouble {
  const { name, suffix, tenantId, entra, now } = setting;
  if (!VAULT_NAME.test(name))
    throw new RangeError(`vault name ${JSON.stringify(name)} is not 3 to 24 letters, digits and dashes`);
  const cloud = router.cloudOfSuffix(suffix);
  if (cloud === undefined) {
    throw new RangeError(`no cloud has vaults under ${suffix}; name one in the emulator's option "clouds"`);
  }
  return new VaultDouble({
    name,
    suffix,
    cloud,
    tenantId: () => tenantId?.toLowerCase() ?? entra.defaultTenantId,
    now,
  });
}

async function listen(server: Server, port: number, address: string): Promise<number> {
  server.listen(port, address);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function end(
  servers: readonly Server[],
  sockets: ReadonlySet<Duplex>,
  closing: AbortController,
  entra: EntraDirectory,
): Promise<void> {
  closing.abort();
  const closed = servers.map(
    (server) =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  );
  for (const socket of sockets) socket.destroy();
  await Promise.all([...closed, entra.settle()]);
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
