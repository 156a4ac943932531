import os from "node:os";
import { startDns, type DnsDouble } from "../../../emulator/dns/dns-double.js";
import type { Pod, PodOptions } from "../../support/pod.js";
import { World, type WorldOptions } from "../../support/world.js";
import { readCounters } from "./counters.js";

/** A server that counts who comes to it. */
interface Counting {
  readonly connectionCount: number;
}

export interface NodeWorldOptions extends WorldOptions {
  /** False: no variable names a proxy, and the name server leads all played hosts to the emulator at port 443. */
  readonly hasProxy?: boolean;
}

/** Whom the provider turned to while something was done. */
export interface Contacts {
  /** Names looked up. */
  readonly names: readonly string[];
  /** Hosts that the proxy was asked for, in order. */
  readonly byProxy: readonly string[];
  /** Connections made past the proxy, to the servers of this world. */
  readonly direct: number;
  /** Connections and datagrams to anything else. */
  readonly elsewhere: number;
}

/** Free, as every port of a new namespace. */
const PROXY_PORT = 3128;

/** Variables by which a client could be led to a proxy: all lead to the emulator's. */
const PROXY_VARIABLES = [
  "HTTPS_PROXY",
  "https_proxy",
  "HTTP_PROXY",
  "http_proxy",
  "ALL_PROXY",
  "all_proxy",
] as const;

/** Variables by which Azure SDKs find other identities than the class's: all lead to where nobody should come. */
const ENVIRONMENT_OF_SDKS = {
  IDENTITY_ENDPOINT: "http://10.99.0.1/msi/token",
  IDENTITY_HEADER: "header",
  IDENTITY_SERVER_THUMBPRINT: "0000",
  IMDS_ENDPOINT: "http://10.99.0.2",
  MSI_ENDPOINT: "http://10.99.0.3/msi/token",
  MSI_SECRET: "secret",
  AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://10.99.0.4",
  AZURE_AUTHORITY_HOST: "https://10.99.0.5",
  AZURE_CLIENT_ID: "99999999-0000-4000-8000-000000000000",
  AZURE_TENANT_ID: "99999999-0000-4000-8000-000000000001",
  AZURE_CLIENT_SECRET: "secret",
  AZURE_FEDERATED_TOKEN_FILE: "/dev/null",
  AZURE_REGIONAL_AUTHORITY_NAME: "westeurope",
  MSAL_FORCE_REGION: "westeurope",
  AZURE_TOKEN_CREDENTIALS: "dev",
  // From Node 24 on, this sends what Node itself fetches by the proxy.
  NODE_USE_ENV_PROXY: "1",
};

/**
 * A world in a network namespace of its own, whose names a name server at 127.0.0.1:53 resolves. Vaults and Entra ID are
 * reached by a proxy, that every variable names; whatever goes past it is counted. Variables that lead Azure's SDKs
 * elsewhere are set too.
 */
export class NodeWorld {
  readonly world: World;
  readonly dns: DnsDouble;
  readonly #servers = new Set<Counting & { close(): Promise<void> }>();

  private constructor(world: World, dns: DnsDouble) {
    this.world = world;
    this.dns = dns;
  }

  static async start({ hasProxy = true, ...options }: NodeWorldOptions = {}): Promise<NodeWorld> {
    if (!os.networkInterfaces()["lo"]?.some(({ address }) => address === "169.254.169.254")) {
      throw new Error("these tests need a network of their own: npm run test:netns");
    }
    const dns = await startDns();
    try {
      const proxy = `http://127.0.0.1:${PROXY_PORT}`;
      const world = await World.start({
        ...options,
        emulator: { ...options.emulator, proxyPort: PROXY_PORT, ...(hasProxy ? {} : { port: 443 }) },
        env: {
          ...Object.fromEntries(PROXY_VARIABLES.map((name) => [name, hasProxy ? proxy : ""])),
          ...ENVIRONMENT_OF_SDKS,
          ...options.env,
        },
      });
      return new NodeWorld(world, dns);
    } catch (error) {
      await dns.close();
      throw error;
    }
  }

  /** Takes a server of this world in: connections to it are known ones, and it ends with the world. */
  add<Server extends Counting & { close(): Promise<void> }>(server: Server): Server {
    this.#servers.add(server);
    return server;
  }

  pod(options: PodOptions): Pod {
    return this.world.pod(options);
  }

  /** Does something, and tells whom the provider turned to meanwhile. */
  async contactsDuring(work: () => Promise<unknown>): Promise<Contacts> {
    const { emulator } = this.world;
    const { requests } = emulator;
    const look = async () => ({
      ...(await readCounters()),
      known: [emulator, ...this.#servers].reduce((sum, { connectionCount }) => sum + connectionCount, 0),
      connects: requests.connects.length,
      queries: this.dns.queryCount,
    });
    this.dns.reset();
    const before = await look();
    await work();
    const after = await look();
    const byProxy = requests.connects.slice(before.connects).map(({ host }) => host);
    const known = after.known - before.known;
    const connections = after.connections - before.connections - known;
    // A question and its answer are a datagram each.
    const datagrams = after.datagrams - before.datagrams - 2 * (after.queries - before.queries);
    return {
      names: this.dns.names,
      byProxy,
      direct: known - byProxy.length,
      elsewhere: connections + datagrams,
    };
  }

  /** Ends everything. @throws as {@link World.stop} does */
  async stop(): Promise<void> {
    try {
      await this.world.stop();
    } finally {
      await Promise.all([...this.#servers].map((server) => server.close()));
      await this.dns.close();
    }
  }
}
