import { readFile } from "node:fs/promises";
import https from "node:https";
import path from "node:path";
import type { EntraDirectory } from "../entra/directory.js";
import { readKeySet } from "../entra/key-set.js";

/** Where kubelet puts what a pod needs to speak to the API server. */
const ACCOUNT_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";
const ANSWER_MS = 10_000;
const MAX_ANSWER_BYTES = 256 * 1024;
/** A new signing key of the cluster is known after so long; the API server's own caches are no quicker. */
const REFRESH_MS = 30_000;

/** How the API server is reached; every field has the default of a pod. */
export interface ClusterAccess {
  /** Folder with `token` and `ca.crt`. */
  readonly accountFolder?: string;
  /** Default `https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT`. */
  readonly apiServer?: string;
  /** Default 30,000. */
  readonly refreshMs?: number;
}

/** The issuer of the cluster's service-account tokens, with the keys that it signs them with. */
export interface ClusterIssuer {
  readonly url: string;
  readonly jwks: unknown;
}

/**
 * Asks the cluster's API server who signs its service-account tokens, as Entra ID asks the issuer's public address. The
 * pod's service account needs the ClusterRole `system:service-account-issuer-discovery`.
 * @throws {Error} that says what the API server answered
 */
export async function readClusterIssuer(access: ClusterAccess = {}): Promise<ClusterIssuer> {
  const configuration = await readJson("/.well-known/openid-configuration", access);
  const url = (configuration as Record<string, unknown>)["issuer"];
  if (typeof url !== "string" || url === "")
    throw new Error("the cluster's openid-configuration has no issuer");
  const jwks = await readJson("/openid/v1/jwks", access);
  readKeySet(jwks);
  return { url, jwks };
}

/**
 * Publishes the cluster's keys in the directory, and again whenever they may have changed, until the signal is aborted.
 * @param onProblem - told when the API server can't be asked; the keys known so far stay
 */
export function followClusterIssuer(
  directory: EntraDirectory,
  first: ClusterIssuer,
  options: ClusterAccess & {
    readonly signal: AbortSignal;
    readonly onProblem: (error: unknown) => void;
  },
): void {
  directory.issuer(first.url).publishKeySet(first.jwks);
  const timer = setInterval(() => {
    readClusterIssuer(options)
      .then(({ url, jwks }) => {
        directory.issuer(url).publishKeySet(jwks);
      })
      .catch(options.onProblem);
  }, options.refreshMs ?? REFRESH_MS);
  options.signal.addEventListener("abort", () => {
    clearInterval(timer);
  });
}

/** One GET with the pod's own token, which kubelet renews in the file, so that it is read each time. */
async function readJson(target: string, access: ClusterAccess): Promise<unknown> {
  const folder = access.accountFolder ?? ACCOUNT_FOLDER;
  const [token, ca] = await Promise.all([
    readFile(path.join(folder, "token"), "utf8"),
    readFile(path.join(folder, "ca.crt")),
  ]);
  const { status, text } = await get(new URL(target, access.apiServer ?? apiServerOfPod()), {
    ca,
    // No Accept: the key set is application/jwk-set+json.
    headers: { Authorization: `Bearer ${token.trim()}` },
  });
  if (status !== 200) {
    const advice =
      status === 401 || status === 403
        ? ": bind the pod's service account to the ClusterRole system:service-account-issuer-discovery"
        : "";
    throw new Error(`the API server answered ${status} to GET ${target}${advice}`);
  }
  return JSON.parse(text);
}

function apiServerOfPod(): string {
  const host = process.env["KUBERNETES_SERVICE_HOST"];
  const port = process.env["KUBERNETES_SERVICE_PORT"];
  if (host === undefined || port === undefined) throw new Error("--cluster is for a pod of a cluster");
  return `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function get(url: URL, options: https.RequestOptions): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = https.get(url, { ...options, signal: AbortSignal.timeout(ANSWER_MS) }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size <= MAX_ANSWER_BYTES) chunks.push(chunk);
        else response.destroy(new Error(`the API server's answer is larger than ${MAX_ANSWER_BYTES} bytes`));
      });
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") });
      });
      response.on("error", reject);
    });
    request.on("error", reject);
  });
}
