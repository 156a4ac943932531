import { readCertificateOptions, readKeyOptions, readOperationsGranted } from "../seed/seed-vault.js";
import type { ObjectType } from "../vault/object-type.js";
import type { VaultDouble } from "../vault/vault-double.js";
import { NotThere } from "./control-routes.js";
import type { ControlCall, ControlState } from "./control-routes.js";

const TYPES: Readonly<Record<string, ObjectType>> = { secrets: "secret", keys: "key", certificates: "cert" };

/** Stores a value as a new version. */
export function setSecret(state: ControlState, { at, query, fields }: ControlCall): unknown {
  const value = fields.text("value");
  const contentType = fields.optionalText("contentType");
  const enabled = fields.optionalBoolean("enabled");
  fields.finish();
  const version = vaultOf(state, at, query).setSecret(nameOf(at), value, {
    ...(contentType === undefined ? {} : { contentType }),
    ...(enabled === undefined ? {} : { enabled }),
  });
  return { version };
}

/** Makes a key as a new version. */
export function createKey(state: ControlState, { at, query, fields }: ControlCall): unknown {
  const options = readKeyOptions(fields);
  fields.finish();
  return { version: vaultOf(state, at, query).createKey(nameOf(at), options) };
}

/** Makes a certificate as a new version. */
export function createCertificate(state: ControlState, { at, query, fields }: ControlCall): unknown {
  const options = readCertificateOptions(fields);
  fields.finish();
  return { version: vaultOf(state, at, query).createCertificate(nameOf(at), options) };
}

/** The versions of an object, in the order in which they were stored; no values. */
export function listVersions(state: ControlState, { at, query }: ControlCall): unknown {
  const vault = vaultOf(state, at, query);
  const collection = { secret: vault.secrets, key: vault.keys, cert: vault.certificates }[typeOf(at)];
  const object = collection.find(nameOf(at));
  if (object === undefined) throw new NotThere(`vault ${vault.name} has no such object`);
  return { versions: object.versions.map(({ id, enabled, created }) => ({ id, enabled, created })) };
}

/** Switches one version on or off. */
export function setEnabled(state: ControlState, { at, query, fields }: ControlCall): unknown {
  const enabled = fields.optionalBoolean("enabled") ?? true;
  fields.finish();
  vaultOf(state, at, query).setEnabled(typeOf(at), nameOf(at), at["version"] ?? "", enabled);
  return {};
}

/** Deletes an object with all its versions. */
export function deleteObject(state: ControlState, { at, query }: ControlCall): unknown {
  vaultOf(state, at, query).deleteObject(typeOf(at), nameOf(at));
  return {};
}

/** Deletes a vault: its name no longer resolves. */
export function deleteVault(state: ControlState, { at, query }: ControlCall): unknown {
  const { name } = vaultOf(state, at, query);
  state.emulator.removeVault(name, suffixOf(state, query));
  return {};
}

/** Lets an application do what the body says, and nothing that it was granted before. */
export function grant(state: ControlState, { at, query, fields }: ControlCall): unknown {
  const granted = readOperationsGranted(fields);
  fields.finish();
  const grantee = { clientId: at["clientId"] ?? "" };
  vaultOf(state, at, query).revoke(grantee).grant(grantee, granted);
  return {};
}

/** Takes back everything that was granted to an application. */
export function revoke(state: ControlState, { at, query }: ControlCall): unknown {
  vaultOf(state, at, query).revoke({ clientId: at["clientId"] ?? "" });
  return {};
}

function vaultOf(state: ControlState, at: ControlCall["at"], query: URLSearchParams): VaultDouble {
  const name = at["vault"] ?? "";
  const vault = state.emulator.findVault(name, suffixOf(state, query));
  if (vault === undefined) throw new NotThere(`no vault ${JSON.stringify(name)}: POST /seed makes one`);
  return vault;
}

function suffixOf(state: ControlState, query: URLSearchParams): { suffix?: string } {
  const suffix = query.get("suffix") ?? state.suffix;
  return suffix === undefined ? {} : { suffix };
}

function nameOf(at: ControlCall["at"]): string {
  return at["name"] ?? "";
}

function typeOf(at: ControlCall["at"]): ObjectType {
  const type = TYPES[at["collection"] ?? ""];
  if (type === undefined) throw new NotThere(`a vault has ${Object.keys(TYPES).join(", ")}`);
  return type;
}
