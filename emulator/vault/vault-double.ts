import type { PlayedCloud } from "../clouds.js";
import type { RsaKeys } from "../rsa-keys.js";
import { LATEST_API_VERSION } from "./api-version.js";
import type { ApiVersion } from "./api-version.js";
import type { CertificateContent } from "./certificates.js";
import type { ChainAuthority } from "./chain-authority.js";
import { Collection } from "./collection.js";
import { importCertificate } from "./import-certificate.js";
import type { ImportOptions } from "./import-certificate.js";
import type { KeyContent } from "./keys.js";
import { makeCertificate } from "./make-certificate.js";
import type { CertificateOptions, CertificateParts } from "./make-certificate.js";
import { makeKey } from "./make-key.js";
import type { KeyOptions } from "./make-key.js";
import type { ObjectType } from "./object-type.js";
import { Permissions } from "./permissions.js";
import type { Grant, Grantee } from "./permissions.js";
import type { SecretContent } from "./secrets.js";
import { makeVersion } from "./stored-object.js";
import type { AttributeOptions } from "./stored-object.js";
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
  /** Asked for at each request: the default tenant may be made after the vault. */
  readonly tenantId: () => string;
  readonly now: () => number;
  readonly rsaKeys: RsaKeys;
  /** Issues certificates with a chain. */
  readonly authority: () => ChainAuthority;
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
  /** The newest api-version that it knows; an Azure Stack Hub stops at "7.1" or so. */
  latestApiVersion: ApiVersion = LATEST_API_VERSION;
  /** Whether lists have empty pages in between, which the service gives where deleted objects were. */
  isPagingSparse = false;
  readonly permissions = new Permissions();
  readonly secrets = new Collection<SecretContent>();
  readonly keys = new Collection<KeyContent>();
  readonly certificates = new Collection<CertificateContent>();
  readonly #setting: VaultSetting;

  constructor(setting: VaultSetting) {
    this.#setting = setting;
    this.name = setting.name;
    this.cloud = setting.cloud;
    this.host = `${setting.name.toLowerCase()}.${setting.cloud.vaultSuffix}`;
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
    const content = { value, contentType: options.contentType, isManaged: false };
    return this.secrets.add(name, makeVersion(content, options, this.#setting.now())).id;
  }

  /** Makes a key as a new version. @returns the version's id */
  createKey(name: string, options: KeyOptions): string {
    const content = makeKey(options, this.#setting.rsaKeys);
    return this.keys.add(name, makeVersion(content, options, this.#setting.now())).id;
  }

  /** Makes a certificate with its key and its secret, all of one name and version. @returns the version's id */
  createCertificate(name: string, options: CertificateOptions = {}): string {
    const { rsaKeys, authority, now } = this.#setting;
    return this.#addCertificate(
      name,
      makeCertificate(options, { rsaKeys, authority, nowMs: now() }),
      options,
    );
  }

  /** Takes in a certificate as its owner made it. @returns the version's id */
  importCertificate(name: string, options: ImportOptions): string {
    return this.#addCertificate(name, importCertificate(options), options);
  }

  /** Switches one version on or off; of a certificate, key and secret too. @throws {RangeError} when there is none */
  setEnabled(type: ObjectType, name: string, version: string, enabled: boolean): void {
    const collections =
      type === "cert" ? [this.certificates, this.keys, this.secrets] : [this.#collection(type)];
    for (const collection of collections) {
      const stored = collection.findVersion(name, version);
      if (stored === undefined) throw new RangeError(`vault ${this.name} has no ${type} ${name}/${version}`);
      stored.enabled = enabled;
      stored.updated = Math.floor(this.#setting.now() / 1000);
    }
  }

  /** Deletes an object with all its versions; of a certificate, key and secret too. @throws {RangeError} */
  deleteObject(type: ObjectType, name: string): void {
    const collections =
      type === "cert" ? [this.certificates, this.keys, this.secrets] : [this.#collection(type)];
    for (const collection of collections) {
      if (!collection.delete(name)) throw new RangeError(`vault ${this.name} has no ${type} ${name}`);
    }
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

  #addCertificate(name: string, parts: CertificateParts, options: AttributeOptions): string {
    const { notBefore, expires, certificate, key, secret } = parts;
    const nowMs = this.#setting.now();
    const version = makeVersion(certificate, { ...options, notBefore, expires }, nowMs);
    const shared = { ...options, notBefore, expires, version: version.id };
    this.certificates.add(name, version);
    this.keys.add(name, makeVersion(key, shared, nowMs));
    this.secrets.add(name, makeVersion(secret, shared, nowMs));
    return version.id;
  }

  #collection(type: ObjectType): Collection<unknown> {
    switch (type) {
      case "secret":
        return this.secrets;
      case "key":
        return this.keys;
      case "cert":
        return this.certificates;
    }
  }
}
