import { Agent, request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

/** An object of the API, as far as these tests look into one. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly {
      readonly kind: string;
      readonly name: string;
      readonly uid: string;
    }[];
  };
  readonly [field: string]: unknown;
}

/** The kinds that are used here: their name in a path, and whether a namespace comes before it. */
const RESOURCES: Readonly<Record<string, { plural: string; isNamespaced: boolean }>> = {
  ClusterRole: { plural: "clusterroles", isNamespaced: false },
  ClusterRoleBinding: { plural: "clusterrolebindings", isNamespaced: false },
  CSIDriver: { plural: "csidrivers", isNamespaced: false },
  CustomResourceDefinition: { plural: "customresourcedefinitions", isNamespaced: false },
  Namespace: { plural: "namespaces", isNamespaced: false },
  Pod: { plural: "pods", isNamespaced: true },
  Secret: { plural: "secrets", isNamespaced: true },
  SecretProviderClass: { plural: "secretproviderclasses", isNamespaced: true },
  SecretProviderClassPodStatus: { plural: "secretproviderclasspodstatuses", isNamespaced: true },
  ServiceAccount: { plural: "serviceaccounts", isNamespaced: true },
};

/** An answer of the API server that is no success. */
export class KubeError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(`the API server answered ${status}: ${message}`);
    this.status = status;
  }
}

/** Path of one object, or of a kind's objects when it has no name. */
export function pathOf(
  object: Pick<KubeObject, "apiVersion" | "kind"> & { metadata: { name?: string; namespace?: string } },
): string {
  const resource = RESOURCES[object.kind];
  if (resource === undefined) throw new RangeError(`a kind that is not used here: ${object.kind}`);
  const { name, namespace } = object.metadata;
  const group = object.apiVersion.includes("/") ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
  const place = resource.isNamespaced ? `${group}/namespaces/${namespace ?? "default"}` : group;
  return [place, resource.plural, ...(name === undefined ? [] : [name])].join("/");
}

/** Speaks to the API server with a bearer token. */
export class KubeClient {
  readonly #url: string;
  readonly #token: string;
  readonly #agent: Agent;

  constructor(url: string, ca: string, token: string) {
    this.#url = url;
    this.#token = token;
    this.#agent = new Agent({ ca, keepAlive: true });
  }

  async get<Answer = KubeObject>(path: string): Promise<Answer> {
    return JSON.parse(await this.send("GET", path)) as Answer;
  }

  /** The object, or undefined when there is none. */
  async find(path: string): Promise<KubeObject | undefined> {
    try {
      return await this.get(path);
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Makes the object, or makes it like this (server-side apply). */
  async apply(object: KubeObject): Promise<KubeObject> {
    const path = `${pathOf(object)}?fieldManager=tests&force=true`;
    return JSON.parse(await this.send("PATCH", path, object, "application/apply-patch+yaml")) as KubeObject;
  }

  async post<Answer>(path: string, body: object): Promise<Answer> {
    return JSON.parse(await this.send("POST", path, body)) as Answer;
  }

  async delete(path: string): Promise<void> {
    await this.send("DELETE", path, { gracePeriodSeconds: 0 });
  }

  /**
   * Sends a request; again, as every client does, while the server says that it is busy.
   * @returns the body
   * @throws KubeError for a status that is not 2xx
   */
  async send(method: string, path: string, body?: object, contentType = "application/json"): Promise<string> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#sendOnce(method, path, body, contentType);
      } catch (error) {
        if (!(error instanceof KubeError && error.status === 429) || tries === 20) throw error;
        await sleep(500);
      }
    }
  }

  async #sendOnce(
    method: string,
    path: string,
    body: object | undefined,
    contentType: string,
  ): Promise<string> {
    return await new Promise((resolve, reject) => {
      const call = request(
        `${this.#url}${path}`,
        {
          method,
          agent: this.#agent,
          headers: { Authorization: `Bearer ${this.#token}`, "Content-Type": contentType },
          timeout: 30_000,
        },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (part: string) => {
            text += part;
          });
          response.on("error", reject).on("end", () => {
            const status = response.statusCode ?? 0;
            if (status >= 200 && status < 300) resolve(text);
            else reject(new KubeError(status, text.slice(0, 500)));
          });
        },
      );
      call.on("timeout", () => call.destroy(new Error(`no answer to ${method} ${path}`)));
      call.on("error", reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
