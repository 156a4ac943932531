import type { CertificateValue, KeyValue, SecretValue } from "../model/vault-value.js";
import { Sensitive } from "../model/sensitive.js";
import { MalformedAnswer } from "./failures.js";
import type { ObjectReference, VersionInfo } from "./vault-reader.js";

/*
 * The SDK's models, with no belief in their types: it copies fields of the answer unseen. Its parser has made name and
 * version out of the answer's id.
 */
interface IdentifiedAnswer {
  readonly name?: unknown;
  readonly properties: { readonly version?: unknown };
}

export interface SecretAnswer extends IdentifiedAnswer {
  readonly value?: unknown;
  readonly properties: {
    readonly version?: unknown;
    readonly contentType?: unknown;
    readonly certificateKeyId?: unknown;
  };
}

export interface KeyAnswer extends IdentifiedAnswer {
  readonly key?: Readonly<Partial<Record<"kty" | "crv" | "n" | "e" | "x" | "y", unknown>>>;
}

export interface CertificateAnswer extends IdentifiedAnswer {
  readonly cer?: unknown;
}

export interface VersionAnswer {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly createdOn?: unknown;
  readonly enabled?: unknown;
}

/** @throws {MalformedAnswer} */
export function toSecretValue(answer: SecretAnswer, asked: ObjectReference): SecretValue {
  const { value } = answer;
  if (typeof value !== "string") throw new MalformedAnswer("has no value");
  const { contentType, certificateKeyId } = answer.properties;
  return {
    type: "secret",
    version: answeredVersion(answer, asked),
    value: new Sensitive(value),
    contentType: optionalText(contentType, "contentType"),
    backsCertificate: (optionalText(certificateKeyId, "kid") ?? "") !== "",
  };
}

/** @throws {MalformedAnswer} also when a number of an RSA or EC key is missing or empty */
export function toKeyValue(answer: KeyAnswer, asked: ObjectReference): KeyValue {
  const key = answer.key ?? {};
  const kty = optionalText(key.kty, "kty");
  if (kty === undefined || kty === "") throw new MalformedAnswer("has no kty");
  const value: KeyValue = {
    type: "key",
    version: answeredVersion(answer, asked),
    kty,
    crv: optionalText(key.crv, "crv"),
    n: optionalBytes(key.n, "n"),
    e: optionalBytes(key.e, "e"),
    x: optionalBytes(key.x, "x"),
    y: optionalBytes(key.y, "y"),
  };
  const needed = kty.startsWith("RSA")
    ? (["n", "e"] as const)
    : kty.startsWith("EC")
      ? (["crv", "x", "y"] as const)
      : [];
  for (const field of needed) {
    if (value[field] === undefined) throw new MalformedAnswer(`has no ${field}`);
  }
  return value;
}

/** @throws {MalformedAnswer} */
export function toCertificateValue(answer: CertificateAnswer, asked: ObjectReference): CertificateValue {
  const der = optionalBytes(answer.cer, "cer");
  if (der === undefined) throw new MalformedAnswer("has no cer");
  return { type: "cert", version: answeredVersion(answer, asked), der };
}

/**
 * One item of a version list. Without `enabled` a version counts as enabled, as the service's own default is.
 * @throws {MalformedAnswer}
 */
export function toVersionInfo(item: VersionAnswer, askedName: string): VersionInfo {
  const version = checkedVersion(item.name, item.version, askedName);
  const createdOnMs = item.createdOn instanceof Date ? item.createdOn.getTime() : Number.NaN;
  if (Number.isNaN(createdOnMs)) throw new MalformedAnswer("has no time of creation");
  const enabled = item.enabled ?? true;
  if (typeof enabled !== "boolean") throw new MalformedAnswer("has an enabled that is not true or false");
  return { version, createdOnMs, isEnabled: enabled };
}

function answeredVersion(answer: IdentifiedAnswer, asked: ObjectReference): string {
  const version = checkedVersion(answer.name, answer.properties.version, asked.name);
  if (asked.version !== "" && version.toLowerCase() !== asked.version.toLowerCase()) {
    throw new MalformedAnswer("is of another version than was asked for");
  }
  return version;
}

/** Names are compared as the service does, without case. */
function checkedVersion(name: unknown, version: unknown, askedName: string): string {
  if (typeof name !== "string" || name.toLowerCase() !== askedName.toLowerCase()) {
    throw new MalformedAnswer("is of another object than was asked for");
  }
  if (typeof version !== "string" || !/^[\w.-]{1,128}$/.test(version)) {
    throw new MalformedAnswer("has an id without a version");
  }
  return version;
}

function optionalText(value: unknown, field: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw new MalformedAnswer(`has a ${field} that is no text`);
  return value;
}

function optionalBytes(value: unknown, field: string): Uint8Array | undefined {
  if (value === undefined || value === null) return undefined;
  if (!(value instanceof Uint8Array)) throw new MalformedAnswer(`has a ${field} that is no base64`);
  return value.byteLength === 0 ? undefined : value;
}
