import type { KeyOptions } from "../../../emulator/vault/make-key.js";
import type { RequestCounts } from "../../../emulator/request-log.js";
import { api } from "./api.js";

/** Namespace of the embedded vault, where each vault's name is a Service. */
export const VAULT_NAMESPACE = "azure";
export const VAULT_SUFFIX = "azure.svc.cluster.local";
export const TENANT = "8e6b1f3a-2c9d-4b75-a0e4-6f1d2c3b4a59";

const CONTROL = `/api/v1/namespaces/${VAULT_NAMESPACE}/services/embedded-vault:control/proxy`;

/** What a grant allows. */
export interface Granted {
  readonly secrets?: readonly ("get" | "list")[];
  readonly keys?: readonly ("get" | "list")[];
  readonly certificates?: readonly ("get" | "list")[];
  readonly names?: readonly string[];
}

/** An application of the embedded Entra ID, with what it may sign in with: that, and nothing it had before. */
export interface ApplicationSeed {
  readonly clientId: string;
  readonly secrets?: readonly string[];
  readonly federated?: readonly { readonly subject: string; readonly audience?: string }[];
}

/** Asks the control port of the embedded vault, through the API server. */
export function control<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
  return api.request(method, `${CONTROL}${path}`, body) as Promise<T>;
}

/** Makes or changes an application; its federated credentials trust the cluster's own issuer. */
export async function seedApplication(application: ApplicationSeed): Promise<void> {
  const federated = (application.federated ?? []).map((credential) => ({ issuer: "cluster", ...credential }));
  await control("POST", "/seed", {
    tenants: [{ id: TENANT, applications: [{ ...application, federated }] }],
  });
}

/** Plays a fault until it is removed; `for` says on which requests. */
export async function playFault(
  effect: Readonly<Record<string, unknown>> & { readonly kind: string },
): Promise<{ hits: () => Promise<number>; remove: () => Promise<void> }> {
  const { id } = await control<{ id: string }>("POST", "/faults", effect);
  return {
    hits: async () => (await control<{ hits: number }>("GET", `/faults/${id}`)).hits,
    remove: async () => {
      await control("DELETE", `/faults/${id}`);
    },
  };
}

/** How many requests there were since the last reset, by the filter of docs/emulator.md; sign-ins belong to no vault. */
export function countRequests(filter: Readonly<Record<string, string>> = {}): Promise<RequestCounts> {
  return control("GET", `/requests/counts?${new URLSearchParams(filter).toString()}`);
}

/** One vault of the embedded ones, with a Service of its name. */
export class ClusterVault {
  readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  /** Makes an empty vault that pods can resolve. */
  static async open(name: string): Promise<ClusterVault> {
    await control("POST", "/seed", { vaults: [{ name, suffix: VAULT_SUFFIX, tenantId: TENANT }] });
    await api.request("POST", `/api/v1/namespaces/${VAULT_NAMESPACE}/services`, {
      metadata: { name, labels: { "azure-provider-conformance": "true" } },
      spec: {
        selector: { app: "embedded-vault" },
        ports: [{ name: "https", port: 443, targetPort: "https" }],
      },
    });
    return new ClusterVault(name);
  }

  get host(): string {
    return `${this.name}.${VAULT_SUFFIX}`;
  }

  /** Stores a value as a new version. @returns the version's id */
  setSecret(
    name: string,
    value: string,
    options: { contentType?: string; enabled?: boolean } = {},
  ): Promise<string> {
    return this.#make("secrets", name, { value, ...options });
  }

  createKey(name: string, options: Pick<KeyOptions, "kty" | "size" | "crv">): Promise<string> {
    return this.#make("keys", name, options);
  }

  /** @param options - as in the seed file, docs/emulator.md */
  createCertificate(name: string, options: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return this.#make("certificates", name, options);
  }

  async setEnabled(
    collection: "secrets" | "keys" | "certificates",
    name: string,
    version: string,
    enabled: boolean,
  ): Promise<void> {
    await control("POST", `/vaults/${this.name}/${collection}/${name}/${version}`, { enabled });
  }

  async delete(collection: "secrets" | "keys" | "certificates", name: string): Promise<void> {
    await control("DELETE", `/vaults/${this.name}/${collection}/${name}`);
  }

  /** Lets an application do that, and nothing it could do before. */
  async grant(clientId: string, granted: Granted): Promise<void> {
    await control("POST", `/vaults/${this.name}/grants/${clientId}`, granted);
  }

  async revoke(clientId: string): Promise<void> {
    await control("DELETE", `/vaults/${this.name}/grants/${clientId}`);
  }

  /** How many requests there were to this vault since the last reset of all. */
  counts(filter: Readonly<Record<string, string>> = {}): Promise<RequestCounts> {
    return countRequests({ ...filter, host: this.host });
  }

  async close(): Promise<void> {
    await control("DELETE", `/vaults/${this.name}`);
    await api.delete(`/api/v1/namespaces/${VAULT_NAMESPACE}/services/${this.name}`);
  }

  async #make(collection: string, name: string, body: unknown): Promise<string> {
    return (await control<{ version: string }>("POST", `/vaults/${this.name}/${collection}/${name}`, body))
      .version;
  }
}
