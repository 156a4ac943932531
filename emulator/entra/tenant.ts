import { randomUUID } from "node:crypto";
import { Application } from "./application.js";
import type { ApplicationOptions } from "./application.js";

/** One directory: its applications, by client id. */
export class Tenant {
  readonly id: string;
  /** Clouds whose authority hosts know it, by name; empty means all. */
  readonly clouds: ReadonlySet<string>;
  readonly #applications = new Map<string, Application>();

  constructor(id: string, clouds: readonly string[]) {
    this.id = id;
    this.clouds = new Set(clouds);
  }

  /** Gets or makes an application; secrets and federated credentials are added to those that it has. */
  application(options: ApplicationOptions): Application {
    const key = options.clientId.toLowerCase();
    const application =
      this.#applications.get(key) ??
      new Application({ tenantId: this.id, clientId: key, objectId: options.objectId ?? randomUUID() });
    this.#applications.set(key, application);
    for (const secret of options.secrets ?? []) application.addSecret(secret);
    for (const credential of options.federated ?? []) application.addFederatedCredential(credential);
    return application;
  }

  removeApplication(clientId: string): void {
    this.#applications.delete(clientId.toLowerCase());
  }

  find(clientId: string): Application | undefined {
    return this.#applications.get(clientId.toLowerCase());
  }
}
