import type { VaultDouble } from "../vault/vault-double.js";
import type { CertificateOptions } from "../vault/make-certificate.js";
import { CURVES, RSA_SIZES } from "../vault/make-key.js";
import type { Curve, KeyOptions } from "../vault/make-key.js";
import type { Grant, Grantee, Operation } from "../vault/permissions.js";
import { newestVersion } from "../vault/stored-object.js";
import { SeedError } from "./shape.js";
import type { Fields } from "./shape.js";
import type { Sow } from "./sow.js";

type SowVault = (vault: VaultDouble) => void;

const CURVE_NAMES = Object.keys(CURVES) as Curve[];

/** One vault with its objects and grants. */
export function readVault(fields: Fields): Sow {
  const name = fields.text("name");
  const suffix = fields.optionalText("suffix");
  const tenantId = fields.optionalText("tenantId");
  const authorization = fields.optionalChoice("authorization", ["rbac", "accessPolicy"]);
  const sows = [
    ...fields.each("secrets", readSecret),
    ...fields.each("keys", readKey),
    ...fields.each("certificates", readCertificate),
  ];
  const grants = fields.each("grants", readGrant);
  return (emulator) => {
    const vault = emulator.vault(name, {
      ...(suffix === undefined ? {} : { suffix }),
      ...(tenantId === undefined ? {} : { tenantId }),
    });
    vault.authorization = authorization ?? vault.authorization;
    for (const sow of sows) sow(vault);
    for (const { grantee } of grants) vault.revoke(grantee);
    for (const { grantee, grant } of grants) vault.grant(grantee, grant);
  };
}

/** A secret; sown again with another value it gets another version. */
function readSecret(fields: Fields): SowVault {
  const name = fields.text("name");
  const value = fields.text("value");
  const contentType = fields.optionalText("contentType");
  const enabled = fields.optionalBoolean("enabled");
  const version = fields.optionalText("version");
  return (vault) => {
    const known = vault.secrets.find(name);
    const newest = known && newestVersion(known);
    if (newest?.content.value === value) {
      vault.setEnabled("secret", name, newest.id, enabled ?? true);
      return;
    }
    vault.setSecret(name, value, {
      ...(contentType === undefined ? {} : { contentType }),
      ...(enabled === undefined ? {} : { enabled }),
      ...(version === undefined ? {} : { version }),
    });
  };
}

function readKey(fields: Fields): SowVault {
  const name = fields.text("name");
  const options = readKeyOptions(fields);
  return (vault) => {
    if (vault.keys.find(name) === undefined) vault.createKey(name, options);
  };
}

/** `kty`, `size` and `crv`: what kind of key. */
export function readKeyOptions(fields: Fields): KeyOptions {
  return {
    kty: fields.optionalChoice("kty", ["RSA", "RSA-HSM", "EC", "EC-HSM", "oct-HSM"]) ?? "RSA",
    ...withKeySize(fields, "size"),
    ...withCurve(fields, "crv"),
  };
}

function readCertificate(fields: Fields): SowVault {
  const name = fields.text("name");
  const options = readCertificateOptions(fields);
  return (vault) => {
    if (vault.certificates.find(name) === undefined) vault.createCertificate(name, options);
  };
}

/** What a certificate's fields say, but for its name. */
export function readCertificateOptions(fields: Fields): CertificateOptions {
  return {
    keyType: fields.optionalChoice("keyType", ["RSA", "EC"]) ?? "RSA",
    contentType:
      fields.optionalChoice("contentType", ["application/x-pkcs12", "application/x-pem-file"]) ??
      "application/x-pkcs12",
    chain: fields.optionalBoolean("chain") ?? false,
    subject: fields.optionalText("subject") ?? "CN=default",
    dnsNames: fields.texts("dnsNames"),
    exportable: fields.optionalBoolean("exportable") ?? true,
    ...withKeySize(fields, "keySize"),
    ...withCurve(fields, "curve"),
  };
}

function readGrant(fields: Fields): { grantee: Grantee; grant: Grant } {
  const clientId = fields.optionalText("clientId");
  const objectId = fields.optionalText("objectId");
  const grant = readOperationsGranted(fields);
  if (clientId !== undefined) return { grantee: { clientId }, grant };
  if (objectId !== undefined) return { grantee: { objectId }, grant };
  throw new SeedError(`${fields.place} needs clientId or objectId`);
}

/** What a grant allows, whoever it is for. */
export function readOperationsGranted(fields: Fields): Grant {
  const names = fields.texts("names");
  return {
    secrets: readOperations(fields, "secrets"),
    keys: readOperations(fields, "keys"),
    certificates: readOperations(fields, "certificates"),
    ...(names.length === 0 ? {} : { names }),
  };
}

function withKeySize<Name extends "size" | "keySize">(
  fields: Fields,
  name: Name,
): Partial<Record<Name, (typeof RSA_SIZES)[number]>> {
  const asked = fields.optionalNumber(name);
  if (asked === undefined) return {};
  const size = RSA_SIZES.find((candidate) => candidate === asked);
  if (size === undefined)
    throw new SeedError(`${fields.place}.${name} must be one of ${RSA_SIZES.join(", ")}`);
  return { [name]: size } as Partial<Record<Name, (typeof RSA_SIZES)[number]>>;
}

function withCurve<Name extends "crv" | "curve">(fields: Fields, name: Name): Partial<Record<Name, Curve>> {
  const curve = fields.optionalChoice(name, CURVE_NAMES);
  return curve === undefined ? {} : ({ [name]: curve } as Partial<Record<Name, Curve>>);
}

function readOperations(fields: Fields, name: string): Operation[] {
  return fields.texts(name).map((operation) => {
    if (operation !== "get" && operation !== "list") {
      throw new SeedError(`${fields.place}.${name} may have get and list`);
    }
    return operation;
  });
}
