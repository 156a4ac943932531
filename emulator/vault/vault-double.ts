import type { PlayedCloud } from "../clouds.js";
import { Collection } from "./collection.js";
import type { ObjectType } from "./object-type.js";
import { Permissions } from "./permissions.js";
import type { Grant, Grantee } from "./permissions.js";
import type { SecretContent } from "./secrets.js";
import { makeVersion } from "./stored-object.js";
import type { AttributeOptions, StoredVersion } from "./stored-object.js";
import type { Recovery } from "./wire.js";

/** Longest value that the service stores, in characters. */
export const MAX_SECRET_CHARS = 25 * 1024;

/** A secret's value comes with what its owner says about it. */
export interface SecretOptions extends AttributeOptions {
  readonly contentType?: string;
}

/** Where a vault stands. */
export interface VaultSetting {
  readonly name: string;
  readonly cloud: PlayedCloud;
  readonly suffix: string;
  /** Asked for at each request: the default tenant may be made after the vault. */
  readonly tenantId: () => string;
  readonly now: () => number;
}

/** One vault: its objects, and who may read them. */
export class VaultDouble {
  readonly name: string;
  readonly cloud: PlayedCloud;
  /** Host name, without a port. */
  readonly host: string;
  /** What the 403s look like: Azure role assignments, or the older access policies. */
  authorization: "rbac" | "accessPolicy" = "rbac";
  /** Part of every `attributes`, and of the answer's `x-ms-keyvault-region`. */
  recovery: Recovery = { level: "CustomizedRecoverable+Purgeable", days: 7 };
  region = "westeurope";
  readonly permissions = new Permissions();
  readonly secrets = new Collection<SecretContent>();
  readonly #setting: VaultSetting;

  constructor(setting: VaultSetting) {
    this.#setting = setting;
    this.name = setting.name;
    this.cloud = setting.cloud;
    this.host = `${setting.name.toLowerCase()}.${setting.suffix}`;
  }

  /** The tenant whose tokens it accepts. */
  get tenantId(): string {
    return this.#setting.tenantId();
  }

  /** `https://<host>`, as ids begin when the client names no port. */
  get url(): string {
    return `https://${this.host}`;
  }

  /** Stores a value as a new version. @returns the version's id */
  setSecret(name: string, value: string, options: SecretOptions = {}): string {
    if (value.length > MAX_SECRET_CHARS) {
      throw new RangeError(`a secret holds at most ${MAX_SECRET_CHARS} characters`);
    }
    const content = { value, contentType: options.contentType };
    return this.secrets.add(name, makeVersion(content, options, this.#setting.now())).id;
  }

  /** Switches one version on or off. @throws {RangeError} when there is no such version */
  setEnabled(type: ObjectType, name: string, version: string, enabled: boolean): void {
    const stored = this.#collection(type).findVersion(name, version);
    if (stored === undefined) throw new RangeError(`vault ${this.name} has no ${type} ${name}/${version}`);
    stored.enabled = enabled;
    stored.updated = Math.floor(this.#setting.now() / 1000);
  }

  /** Deletes an object with all its versions. @throws {RangeError} when there is no such object */
  deleteObject(type: ObjectType, name: string): void {
    if (!this.#collection(type).delete(name))
      throw new RangeError(`vault ${this.name} has no ${type} ${name}`);
  }

  /** Lets a principal do what the grant says; nobody may do anything until then. */
  grant(grantee: Grantee, grant: Grant): this {
    this.permissions.grant(grantee, grant);
    return this;
  }

  /** Lets an application get and list everything. */
  grantAll(clientId: string): this {
    this.permissions.grant({ clientId });
    return this;
  }

  /** Takes back everything that was granted to it under this id. */
  revoke(grantee: Grantee): this {
    this.permissions.revoke(grantee);
    return this;
  }

  #collection(type: ObjectType): {
    findVersion(name: string, version: string): StoredVersion<unknown> | undefined;
    delete(name: string): boolean;
  } {
    if (type === "secret") return this.secrets;
    throw new RangeError(`objects of type ${type} are not kept yet`);
  }
}
