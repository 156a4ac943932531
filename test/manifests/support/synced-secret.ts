import { createPrivateKey } from "node:crypto";
import { expect } from "chai";
import { readPem } from "../../support/pem.js";
import { mapsAt, textAt, type Yaml } from "./manifest.js";

/** A Kubernetes Secret that driver or sync controller would make. */
export interface SyncedSecret {
  readonly name: string;
  readonly type: string;
  readonly data: ReadonlyMap<string, Buffer>;
}

/** Where a key of a Secret comes from. */
export interface SyncedKey {
  readonly file: string;
  readonly key: string;
}

type Files = ReadonlyMap<string, { readonly bytes: Buffer }>;

/** The Secrets that a class asks the driver for. @throws AssertionError where driver or API server would refuse one */
export function secretsOfClass(secretProviderClass: Yaml, files: Files): SyncedSecret[] {
  return mapsAt(secretProviderClass, "spec", "secretObjects").map((secretObject) =>
    makeSecret(
      textAt(secretObject, "secretName"),
      textAt(secretObject, "type"),
      mapsAt(secretObject, "data").map((item) => ({
        file: textAt(item, "objectName"),
        key: textAt(item, "key"),
      })),
      files,
    ),
  );
}

/** The Secret that a SecretSync asks the sync controller for. @throws AssertionError as {@link secretsOfClass} */
export function secretOfSync(secretSync: Yaml, files: Files): SyncedSecret {
  const keys = mapsAt(secretSync, "spec", "secretObject", "data").map((item) => ({
    file: textAt(item, "sourcePath"),
    key: textAt(item, "targetKey"),
  }));
  for (const { file, key } of keys) {
    expect(file, "sourcePath").to.match(SYNC_PATH);
    expect(key, "targetKey").to.match(SYNC_PATH);
  }
  const name = textAt(secretSync, "metadata", "name");
  return makeSecret(name, textAt(secretSync, "spec", "secretObject", "type"), keys, files);
}

/** What the custom resource takes: no folders, but a history's numbers. @see secretsyncs.secret-sync.x-k8s.io */
export const SYNC_PATH = /^[A-Za-z0-9.]([-A-Za-z0-9]+([-._a-zA-Z0-9]?[A-Za-z0-9])*)?(\/([0-9]+))*$/;

function makeSecret(name: string, type: string, keys: readonly SyncedKey[], files: Files): SyncedSecret {
  expect(name, "secretName").to.match(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);
  expect(type, `type of the Secret ${name}`).not.to.equal("");
  expect(keys, `data of the Secret ${name}`).not.to.have.length(0);
  const data = new Map<string, Buffer>();
  for (const { file, key } of keys) {
    expect(key, `a key of the Secret ${name}`).to.match(/^[-._a-zA-Z0-9]+$/);
    const bytes = files.get(file)?.bytes;
    if (bytes === undefined) {
      expect.fail(`Secret ${name}: no file ${file}; there are ${[...files.keys()].join(", ")}`);
    }
    data.set(key, type === "kubernetes.io/tls" ? tlsPart(bytes, key) : bytes);
  }
  checkKeys(name, type, data);
  return { name, type, data };
}

/**
 * The part of a bundle that the driver puts under a key of a TLS Secret.
 * @see pkg/util/secretutil/secret.go of the driver
 */
function tlsPart(bundle: Buffer, key: string): Buffer {
  const { certificates, privateKeys } = readPem(bundle.toString());
  if (key === "tls.crt") {
    expect(certificates, "certificates of the bundle").not.to.have.length(0);
    return Buffer.from(certificates.map((certificate) => certificate.toString()).join(""));
  }
  expect(key, "the driver takes tls.crt and tls.key only").to.equal("tls.key");
  expect(privateKeys, "private keys of the bundle").to.have.length(1);
  return Buffer.from(privateKeys[0]?.export({ type: "pkcs8", format: "pem" }) ?? "");
}

/** What the API server holds the built-in types to. @see https://kubernetes.io/docs/concepts/configuration/secret/ */
function checkKeys(name: string, type: string, data: ReadonlyMap<string, Buffer>): void {
  const needed: Record<string, readonly string[]> = {
    Opaque: [],
    "kubernetes.io/tls": ["tls.crt", "tls.key"],
    "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
    "kubernetes.io/basic-auth": ["username", "password"],
    "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  };
  expect(needed, `type of the Secret ${name}`).to.have.property(type);
  expect([...data.keys()], `keys of the Secret ${name}`).to.include.members([...(needed[type] ?? [])]);
  const [certificate, key, docker] = ["tls.crt", "tls.key", ".dockerconfigjson"].map((each) =>
    data.get(each),
  );
  if (type === "kubernetes.io/dockerconfigjson") {
    expect(JSON.parse(docker?.toString() ?? ""), `Secret ${name}`).to.have.property("auths");
  }
  if (type === "kubernetes.io/tls") {
    const [leaf] = readPem(certificate?.toString() ?? "").certificates;
    expect(leaf?.checkPrivateKey(createPrivateKey(key ?? "")), `key and certificate of ${name} fit`).to.equal(
      true,
    );
  }
}
