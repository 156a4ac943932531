import { randomBytes, randomUUID } from "node:crypto";
import { api, pathOf } from "./api.js";
import { apply } from "./cluster.js";
import { ClusterVault, seedApplication, TENANT } from "./embedded-vault.js";
import type { Granted } from "./embedded-vault.js";
import { kubectl } from "./kubectl.js";
import { secretProviderClass } from "./objects.js";
import type { ClassOptions } from "./objects.js";

/** Every right that the provider uses. */
const EVERYTHING: Granted = {
  secrets: ["get", "list"],
  keys: ["get", "list"],
  certificates: ["get", "list"],
};

/** Scenes that are open, so that a run that fails half-way leaves nothing. */
const openScenes = new Set<Scene>();

/**
 * What one test file works in: a namespace with a service account `app`, a vault that is only its own, and an identity
 * that this account signs in as and that may read everything in that vault.
 */
export class Scene {
  readonly namespace: string;
  readonly vault: ClusterVault;
  readonly clientId: string;
  readonly tenantId = TENANT;
  readonly serviceAccount = "app";
  readonly #namespaces: string[];

  private constructor(namespace: string, vault: ClusterVault, clientId: string) {
    this.namespace = namespace;
    this.vault = vault;
    this.clientId = clientId;
    this.#namespaces = [namespace];
  }

  /** @param label - short and lower case: it is in the namespace's name */
  static async open(label: string): Promise<Scene> {
    const suffix = randomBytes(3).toString("hex");
    const vault = await ClusterVault.open(`v-${suffix}`);
    const scene = new Scene(`conformance-${label}-${suffix}`, vault, randomUUID());
    openScenes.add(scene);
    await scene.#makeNamespace(scene.namespace);
    await scene.trust(scene.namespace);
    await vault.grant(scene.clientId, EVERYTHING);
    return scene;
  }

  /** Another namespace with the service account, whose account may sign in as well. */
  async addNamespace(label: string): Promise<string> {
    const namespace = `${this.namespace}-${label}`;
    await this.#makeNamespace(namespace);
    this.#namespaces.push(namespace);
    await this.trust(...this.#namespaces);
    return namespace;
  }

  /** Lets the service account `app` of these namespaces, and of no other, sign in as the scene's identity. */
  async trust(...namespaces: readonly string[]): Promise<void> {
    const federated = namespaces.map((namespace) => ({
      subject: `system:serviceaccount:${namespace}:${this.serviceAccount}`,
    }));
    await seedApplication({ clientId: this.clientId, federated });
  }

  /** Parameters of a class that reads the scene's vault as its identity. */
  get parameters(): Record<string, string> {
    return { keyvaultName: this.vault.name, clientID: this.clientId, tenantID: this.tenantId };
  }

  /** Applies a class with these parameters, and those given. */
  async applyClass(
    options: Omit<ClassOptions, "parameters"> & { readonly parameters?: Readonly<Record<string, string>> },
  ): Promise<void> {
    const parameters = { ...this.parameters, ...options.parameters };
    await apply(options.namespace ?? this.namespace, secretProviderClass({ ...options, parameters }));
  }

  async close(): Promise<void> {
    openScenes.delete(this);
    await kubectl(["delete", "namespace", "--ignore-not-found", "--wait=true", ...this.#namespaces], {
      limitMs: 180_000,
    });
    await this.vault.close();
  }

  async #makeNamespace(name: string): Promise<void> {
    await api.request("POST", pathOf("v1", "namespaces"), {
      metadata: { name, labels: { "azure-provider-conformance": "true" } },
    });
    await apply(name, { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: this.serviceAccount } });
  }
}

/** Closes what tests have left open. */
export async function closeScenes(): Promise<void> {
  for (const scene of [...openScenes]) await scene.close();
}
