import { build } from "esbuild";
import { api, pathOf } from "./api.js";
import { apply, podReady, remove } from "./cluster.js";
import { kubectl } from "./kubectl.js";
import type { Manifest } from "./objects.js";
import { installedProvider } from "./second-provider.js";

/** What comes back of one Mount. */
export interface SyncAnswer {
  /** Absent when the call failed. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Texts by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly error?: { readonly code?: number; readonly message: string };
}

/** What a SecretSync and its class say, as the controller hands it on. */
export interface SyncRequest {
  /** Namespace of the SecretSync. */
  readonly namespace: string;
  /** The SecretSync's service account. */
  readonly serviceAccount: string;
  /** The class's parameters. */
  readonly parameters: Readonly<Record<string, string>>;
}

const NAME = "secrets-store-sync-controller-manager-0";
/** The same for every SecretSync. */
const TARGET_PATH = "/mnt/secrets-store";
const AUDIENCES = ["api://AzureADTokenExchange"];

/** Reads a request as JSON from standard input, sends it to the socket, and prints the answer as JSON. */
const PROGRAM = `
import { DriverClient } from "./driver/client.ts";
let text = "";
for await (const chunk of process.stdin) text += chunk;
const client = new DriverClient("unix:/providers/azure.sock");
const said = await client.mount(JSON.parse(text)).then(
  ({ objectVersions, files }) => ({
    versions: Object.fromEntries(objectVersions),
    files: Object.fromEntries(files.map(({ path, contents }) => [path, Buffer.from(contents).toString()])),
  }),
  (error) => ({ error: { code: error.code, message: error.details ?? error.message } }),
);
client.close();
console.log(JSON.stringify(said));
`;

/**
 * A pod that asks the node's own provider as the Secrets Store Sync Controller does, over the very socket: with its own
 * name and uid as the pod's, the SecretSync's namespace, a token that it has requested for the SecretSync's service
 * account, `secrets` that are `{}`, no versions, and one target path for all. The controller itself is not to be had from the Go module proxy.
 * @see internal/controller/secretsync_controller.go and pkg/provider/provider_client.go of kubernetes-sigs/secrets-store-sync-controller
 */
export class SyncController {
  readonly #namespace: string;
  readonly #manifests: readonly Manifest[];
  #uid = "";

  private constructor(namespace: string, manifests: readonly Manifest[]) {
    this.#namespace = namespace;
    this.#manifests = manifests;
  }

  /** @param namespace - where its pod is to be */
  static async start(namespace: string): Promise<SyncController> {
    const spec = await installedProvider();
    const socket = spec.volumes.find(({ name }) => name === "provider-vol");
    if (socket === undefined) throw new Error("the provider's pods have no volume provider-vol");
    const controller = new SyncController(namespace, [
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "sync-client" },
        data: { "client.mjs": await bundleClient() },
      },
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: NAME },
        spec: {
          terminationGracePeriodSeconds: 0,
          nodeSelector: { "kubernetes.io/os": "linux" },
          automountServiceAccountToken: false,
          containers: [
            {
              name: "client",
              image: spec.containers[0]?.image,
              command: ["/usr/local/bin/node", "-e", "setInterval(() => {}, 1000000)"],
              securityContext: { runAsUser: 0 },
              volumeMounts: [
                { name: "client", mountPath: "/client" },
                { name: "providers", mountPath: "/providers" },
              ],
            },
          ],
          volumes: [
            { name: "client", configMap: { name: "sync-client" } },
            { ...socket, name: "providers" },
          ],
        },
      },
    ]);
    // What kubectl apply would note of the bundle in an annotation is too long for one.
    const [configMap, ...others] = controller.#manifests;
    await api.request("POST", pathOf("v1", "configmaps", namespace), configMap);
    await apply(namespace, ...others);
    controller.#uid = (await podReady(namespace, NAME)).metadata.uid ?? "";
    return controller;
  }

  /** One Mount as the controller sends it when it reconciles a SecretSync. */
  async mount({ namespace, serviceAccount, parameters }: SyncRequest): Promise<SyncAnswer> {
    const tokens = await requestTokens(namespace, serviceAccount);
    const attributes = {
      ...parameters,
      "csi.storage.k8s.io/pod.name": NAME,
      "csi.storage.k8s.io/pod.uid": this.#uid,
      "csi.storage.k8s.io/pod.namespace": namespace,
      "csi.storage.k8s.io/serviceAccount.name": serviceAccount,
      "csi.storage.k8s.io/serviceAccount.tokens": JSON.stringify(tokens),
    };
    const request = {
      attributes: JSON.stringify(attributes),
      secrets: "{}",
      permission: "420",
      targetPath: TARGET_PATH,
      currentObjectVersion: [],
    };
    const command = ["/usr/local/bin/node", "/client/client.mjs"];
    const said = await kubectl(["exec", "-i", "-n", this.#namespace, NAME, "--", ...command], {
      input: JSON.stringify(request),
    });
    return JSON.parse(said) as SyncAnswer;
  }

  async stop(): Promise<void> {
    await remove(this.#namespace, ...this.#manifests);
  }
}

async function bundleClient(): Promise<string> {
  const built = await build({
    stdin: { contents: PROGRAM, resolveDir: process.cwd(), loader: "ts" },
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node20",
    write: false,
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  return built.outputFiles[0]?.text ?? "";
}

/** Tokens of a service account, by audience, as the controller gets them: by the TokenRequest API. */
async function requestTokens(namespace: string, serviceAccount: string): Promise<Record<string, unknown>> {
  const tokens = AUDIENCES.map(async (audience) => {
    const answer = (await api.request(
      "POST",
      `${pathOf("v1", "serviceaccounts", namespace, serviceAccount)}/token`,
      {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: { audiences: [audience], expirationSeconds: 600 },
      },
    )) as { status: unknown };
    return [audience, answer.status] as const;
  });
  return Object.fromEntries(await Promise.all(tokens));
}
