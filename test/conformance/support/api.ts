import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { KUBECTL } from "./kubectl.js";

/** A Kubernetes object, as far as tests look into it. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly {
      readonly kind: string;
      readonly name: string;
      readonly uid: string;
    }[];
    readonly uid?: string;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
  };
  readonly [field: string]: unknown;
}

/** Thrown when the API server answers with something else than 2xx. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A start of kubectl proxy may take so long on a machine that is at its limits. */
const START_MS = 30_000;
const ANSWER_MS = 60_000;

/**
 * The API server by `kubectl proxy`, which brings kubectl's own credentials: works with any cluster that kubectl reaches.
 * One proxy serves the whole run; support/hooks.ts ends it.
 */
class ApiServer {
  #proxy: ChildProcess | undefined;
  #origin: Promise<string> | undefined;

  /** The answer to a request, its body parsed as JSON where it is JSON. @throws {ApiError} */
  async request(
    method: string,
    path: string,
    body?: unknown,
    contentType = "application/json",
  ): Promise<unknown> {
    this.#origin ??= this.#start();
    const response = await fetch(`${await this.#origin}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": contentType } }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await response.text();
    if (!response.ok)
      throw new ApiError(response.status, `${method} ${path}: HTTP ${response.status} ${text}`);
    return response.headers.get("content-type")?.includes("json") === true ? JSON.parse(text) : text;
  }

  async get<T = KubeObject>(path: string): Promise<T> {
    return (await this.request("GET", path)) as T;
  }

  /** Like `get`, but undefined for what does not exist. */
  async find<T = KubeObject>(path: string): Promise<T | undefined> {
    try {
      return await this.get<T>(path);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  async list(path: string): Promise<readonly KubeObject[]> {
    return (await this.get<{ items: readonly KubeObject[] }>(path)).items;
  }

  /** Changes an object by a merge patch. */
  async patch(path: string, change: unknown): Promise<KubeObject> {
    return (await this.request("PATCH", path, change, "application/merge-patch+json")) as KubeObject;
  }

  async delete(path: string, options: { readonly gracePeriodSeconds?: number } = {}): Promise<void> {
    const query =
      options.gracePeriodSeconds === undefined ? "" : `?gracePeriodSeconds=${options.gracePeriodSeconds}`;
    await this.request("DELETE", `${path}${query}`);
  }

  close(): void {
    this.#proxy?.kill();
    this.#proxy = undefined;
    this.#origin = undefined;
  }

  async #start(): Promise<string> {
    const [program = "kubectl", ...first] = KUBECTL;
    // Every path may be asked for, those of services included; it listens on loopback only.
    const proxy = spawn(program, [...first, "proxy", "--port=0", "--reject-paths=^$"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#proxy = proxy;
    let said = "";
    proxy.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        reject(new Error(`kubectl proxy ${why}: ${said}`));
      };
      const timer = setTimeout(fail, START_MS, "does not start");
      proxy.once("error", (error) => {
        fail(error.message);
      });
      proxy.once("exit", () => {
        fail("ended");
      });
      createInterface(proxy.stdout).on("line", (line) => {
        const address = /127\.0\.0\.1:\d+/.exec(line)?.[0];
        clearTimeout(timer);
        if (address !== undefined) resolve(`http://${address}`);
      });
    });
  }
}

export const api = new ApiServer();

/** The path of an object, or of a list without a name: `pathOf("v1", "pods", "ns", "name")`. */
export function pathOf(apiVersion: string, resource: string, namespace?: string, name?: string): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const within = namespace === undefined ? "" : `/namespaces/${namespace}`;
  return `${root}${within}/${resource}${name === undefined ? "" : `/${name}`}`;
}

export const CSI_API = "secrets-store.csi.x-k8s.io/v1";
