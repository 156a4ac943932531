import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { freePorts } from "../../support/provider-process.js";
import { waitUntil } from "../../support/wait.js";
import { Child } from "./child.js";
import { KubeClient } from "./kube-client.js";
import { PROGRAMS } from "./programs.js";

const START_LIMIT_MS = 90_000;

/** A real API server with its etcd, on loopback; no controller and no kubelet. */
export class ApiServer {
  readonly url: string;
  /** Certificate authority of the server, as PEM. */
  readonly ca: string;
  /** Of an administrator. */
  readonly client: KubeClient;
  readonly #children: readonly Child[];

  private constructor(url: string, ca: string, client: KubeClient, children: readonly Child[]) {
    this.url = url;
    this.ca = ca;
    this.client = client;
    this.#children = children;
  }

  /**
   * @param folder - where both keep their files
   * @param issuer - what the service-account tokens that it signs name as their issuer
   */
  static async start(folder: string, issuer: string): Promise<ApiServer> {
    const [etcdPort, peerPort] = await freePorts();
    const etcdUrl = `http://127.0.0.1:${etcdPort}`;
    const etcd = new Child(PROGRAMS.etcd, [
      `--data-dir=${path.join(folder, "etcd")}`,
      `--listen-client-urls=${etcdUrl}`,
      `--advertise-client-urls=${etcdUrl}`,
      `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
      "--unsafe-no-fsync",
      "--log-level=warn",
    ]);
    const [port] = await freePorts();
    const token = randomBytes(24).toString("hex");
    const server = new Child(PROGRAMS.apiServer, await flags({ folder, issuer, etcdUrl, port, token }));
    const children = [server, etcd];
    try {
      const ca = await certificateOf(folder, server);
      const url = `https://127.0.0.1:${port}`;
      const client = new KubeClient(url, ca, token);
      const isReady = async (): Promise<boolean> =>
        await client.send("GET", "/readyz").then(
          () => true,
          () => server.hasEnded,
        );
      await waitUntil(isReady, "the API server is ready", { limitMs: START_LIMIT_MS, everyMs: 100 });
      if (server.hasEnded) throw new Error("it has ended");
      return new ApiServer(url, ca, client, children);
    } catch (error) {
      for (const child of children) await child.stop("SIGKILL");
      throw new Error(`the API server did not start:\n${server.lastWords()}\n${etcd.lastWords()}`, {
        cause: error,
      });
    }
  }

  /** Ends both. */
  async stop(): Promise<void> {
    this.client.close();
    for (const child of this.#children) await child.stop("SIGKILL");
  }
}

async function flags(of: {
  folder: string;
  issuer: string;
  etcdUrl: string;
  port: number;
  token: string;
}): Promise<string[]> {
  const keyFile = path.join(of.folder, "service-accounts.key");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  await mkdir(of.folder, { recursive: true });
  await writeFile(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  const tokenFile = path.join(of.folder, "tokens.csv");
  await writeFile(tokenFile, `${of.token},admin,admin,system:masters\n`, { mode: 0o600 });
  return [
    `--etcd-servers=${of.etcdUrl}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${of.port}`,
    "--advertise-address=127.0.0.1",
    "--endpoint-reconciler-type=none",
    `--cert-dir=${path.join(of.folder, "server")}`,
    `--token-auth-file=${tokenFile}`,
    "--authorization-mode=RBAC",
    "--service-cluster-ip-range=10.0.0.0/24",
    `--service-account-issuer=${of.issuer}`,
    `--service-account-key-file=${keyFile}`,
    `--service-account-signing-key-file=${keyFile}`,
  ];
}

/** The certificate that the server makes for itself, followed by that of the authority that signed it. */
async function certificateOf(folder: string, server: Child): Promise<string> {
  const file = path.join(folder, "server", "apiserver.crt");
  let pem = "";
  const isWritten = async (): Promise<boolean> => {
    pem = await readFile(file, "utf8").catch(() => "");
    return pem.includes("-----END CERTIFICATE-----") || server.hasEnded;
  };
  await waitUntil(isWritten, "the API server has a certificate", { limitMs: START_LIMIT_MS });
  return pem;
}
