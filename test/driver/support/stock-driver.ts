import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { freePorts } from "../../support/provider-process.js";
import { waitUntil } from "../../support/wait.js";
import type { ApiServer } from "./api-server.js";
import { Child } from "./child.js";
import { CsiClient } from "./csi-client.js";
import { type KubeObject, pathOf } from "./kube-client.js";
import { PROGRAMS } from "./programs.js";

export const NODE_NAME = "driver-only";

/** Of the driver's own manifests, what it needs in the API; the DaemonSet's place is taken by a process. */
const MANIFESTS = [
  "secrets-store.csi.x-k8s.io_secretproviderclasses.yaml",
  "secrets-store.csi.x-k8s.io_secretproviderclasspodstatuses.yaml",
  "csidriver.yaml",
  "rbac-secretproviderclass.yaml",
  "rbac-secretprovidersyncing.yaml",
];

/** Installs the driver's classes and roles. @returns when the API serves the classes */
export async function installDriver({ client }: ApiServer): Promise<void> {
  for (const file of MANIFESTS) {
    const yaml = await readFile(path.join(PROGRAMS.driverManifests, file), "utf8");
    for (const document of parseAllDocuments(yaml)) await client.apply(document.toJS() as KubeObject);
  }
  const classes = "/apis/secrets-store.csi.x-k8s.io/v1/secretproviderclasses";
  const statuses = "/apis/secrets-store.csi.x-k8s.io/v1/secretproviderclasspodstatuses";
  const areServed = async (): Promise<boolean> =>
    (await client.find(classes)) !== undefined && (await client.find(statuses)) !== undefined;
  await waitUntil(areServed, "the driver's classes are served", { limitMs: 30_000, everyMs: 100 });
}

/** A kubeconfig of the driver's own service account. @returns its path */
export async function driverKubeconfig({ client, url, ca }: ApiServer, folder: string): Promise<string> {
  const account = {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "secrets-store-csi-driver", namespace: "kube-system" },
  };
  const { status } = await client.post<{ status: { token: string } }>(`${pathOf(account)}/token`, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { expirationSeconds: 7200 },
  });
  const file = path.join(folder, "driver.kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "driver",
    contexts: [{ name: "driver", context: { cluster: "driver", user: "driver" } }],
    clusters: [
      {
        name: "driver",
        cluster: { server: url, "certificate-authority-data": Buffer.from(ca).toString("base64") },
      },
    ],
    users: [{ name: "driver", user: { token: status.token } }],
  };
  await writeFile(file, stringify(config), { mode: 0o600 });
  return file;
}

export interface DriverOptions {
  /** Holds the socket; the same for a driver that takes the place of another. */
  readonly folder: string;
  readonly kubeconfig: string;
  /** Where it looks for `<provider>.sock`. */
  readonly providersDir: string;
}

/** The stock driver as a process: its own program, unchanged, with rotation on. */
export class StockDriver {
  readonly csi: CsiClient;
  readonly #child: Child;
  readonly #metricsPort: number;

  private constructor(child: Child, csi: CsiClient, metricsPort: number) {
    this.#child = child;
    this.csi = csi;
    this.#metricsPort = metricsPort;
  }

  /** Starts it, and waits until it answers. */
  static async start({ folder, kubeconfig, providersDir }: DriverOptions): Promise<StockDriver> {
    const socketPath = path.join(folder, "csi.sock");
    const [metricsPort] = await freePorts();
    const child = new Child(PROGRAMS.driver, [
      `--endpoint=unix://${socketPath}`,
      `--nodeid=${NODE_NAME}`,
      `--kubeconfig=${kubeconfig}`,
      `--provider-volume=${providersDir}`,
      `--additional-provider-volume-paths=${path.join(folder, "other-providers")}`,
      `--metrics-addr=127.0.0.1:${metricsPort}`,
      "--enable-secret-rotation=true",
      "--rotation-poll-interval=2m", // its default
      "-v=5",
    ]);
    const driver = new StockDriver(child, new CsiClient(socketPath), metricsPort);
    try {
      await driver.csi.probe(30_000);
      // It serves before its caches are filled.
      const isFilled = (): boolean =>
        /Caches populated for \S*SecretProviderClassPodStatus/.test(driver.output);
      await waitUntil(() => isFilled() || child.hasEnded, "its caches are filled", { limitMs: 30_000 });
      if (child.hasEnded) throw new Error("it has ended");
      return driver;
    } catch (error) {
      await driver.stop("SIGKILL");
      throw new Error(`the driver did not start:\n${child.lastWords()}`, { cause: error });
    }
  }

  /** All that it wrote. */
  get output(): string {
    return this.#child.output;
  }

  /** What its `/metrics` shows now. */
  async metrics(): Promise<string> {
    return await (await fetch(`http://127.0.0.1:${this.#metricsPort}/metrics`)).text();
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    this.csi.close();
    await this.#child.stop(signal);
  }
}
