import { randomBytes } from "node:crypto";
import type { VaultDouble } from "../../../emulator/emulator.js";
import { newestVersion } from "../../../emulator/vault/stored-object.js";
import type { KeyVaultObject } from "../../../src/model/key-vault-object.js";
import { plant } from "../../support/secrecy.js";
import { declaredFiles } from "./files-table.js";
import type { ExampleMount } from "./example-mounts.js";
import { mapsAt, textAt } from "./manifest.js";
import { originOf } from "./plan-class.js";

/** Versions beyond what any history of an example asks for. */
const MORE_VERSIONS = 4;

/** Puts into a vault what a mount asks for, and grants just what it needs. Objects that are there already stay. */
export function seedMount(mount: ExampleMount, vault: VaultDouble, clientId: string): void {
  const { plan, secretProviderClass } = mount;
  for (const [path, { content }] of declaredFiles(secretProviderClass.text)) {
    const object = originOf(path, plan)?.object;
    if (object === undefined) throw new Error(`${secretProviderClass.place}: no object makes ${path}`);
    if (object.type === "cert" || content.includes("PRIVATE KEY") || content.startsWith("PFX")) {
      if (vault.certificates.find(object.name) === undefined) {
        vault.createCertificate(object.name, { chain: true, dnsNames: ["shop.contoso.example"] });
      }
    }
  }
  for (const object of plan.objects) {
    if (object.type === "key") seedKey(vault, object);
    if (object.type === "secret") seedSecret(vault, object, isRegistry(mount, object));
  }
  const types = new Set(plan.objects.map(({ type }) => type));
  const listed = plan.objects.some(({ historyCount }) => historyCount > 0);
  vault.revoke({ clientId });
  vault.grant(
    { clientId },
    {
      ...(types.has("secret") ? { secrets: listed ? ["get", "list"] : ["get"] } : {}),
      ...(types.has("key") ? { keys: ["get"] } : {}),
      ...(types.has("cert") ? { certificates: ["get"] } : {}),
    },
  );
}

/** The value in the vault that a file of a plain secret comes from. */
export function storedValue(vault: VaultDouble, object: KeyVaultObject, index: number | undefined): string {
  const stored = vault.secrets.find(object.name);
  if (stored === undefined) throw new Error(`vault ${vault.name} has no secret ${object.name}`);
  const newestFirst = stored.versions.toSorted((a, b) => b.created - a.created);
  const version =
    index !== undefined
      ? newestFirst[index]
      : object.version === ""
        ? newestVersion(stored)
        : stored.versions.find(({ id }) => id === object.version);
  if (version === undefined) throw new Error(`secret ${object.name} has no such version`);
  return version.content.value;
}

/** The bytes that the text in the vault stands for. */
export function decodedValue(text: string, { encoding }: KeyVaultObject): Buffer {
  return encoding === "utf-8" ? Buffer.from(text) : Buffer.from(text, encoding);
}

function seedKey(vault: VaultDouble, { name, version }: KeyVaultObject): void {
  if (vault.keys.find(name) === undefined) vault.createKey(name, { kty: "EC", crv: "P-256" });
  if (version !== "" && vault.keys.findVersion(name, version) === undefined) {
    vault.createKey(name, { kty: "RSA", version, created: yearsAgo(1) });
  }
}

function seedSecret(vault: VaultDouble, object: KeyVaultObject, isOfRegistry: boolean): void {
  const { name, version, historyCount, encoding } = object;
  const make = (): string => {
    if (isOfRegistry) return JSON.stringify({ auths: { "registry.contoso.example": { auth: plant(name) } } });
    return encoding === "utf-8"
      ? plant(name)
      : Buffer.concat([Buffer.from(plant(name)), randomBytes(16)]).toString(encoding);
  };
  if (vault.secrets.find(name) === undefined) {
    const count = historyCount === 0 ? 1 : historyCount + MORE_VERSIONS;
    for (let age = count - 1; age >= 0; age -= 1)
      vault.setSecret(name, make(), { created: yearsAgo(age / 10) });
  }
  if (version !== "" && vault.secrets.findVersion(name, version) === undefined) {
    vault.setSecret(name, make(), { version, created: yearsAgo(2) });
  }
}

/** Whether the secret becomes the configuration of an image registry. */
function isRegistry({ secretProviderClass }: ExampleMount, { fileName }: KeyVaultObject): boolean {
  return mapsAt(secretProviderClass.value, "spec", "secretObjects")
    .filter((secretObject) => textAt(secretObject, "type") === "kubernetes.io/dockerconfigjson")
    .flatMap((secretObject) => mapsAt(secretObject, "data"))
    .some((item) => textAt(item, "objectName") === fileName);
}

function yearsAgo(years: number): Date {
  return new Date(Date.now() - years * 365 * 86_400_000 - 1_000);
}
