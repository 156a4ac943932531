import { ProviderError } from "../errors/provider-error.js";
import type { MountRequest } from "../model/mount-request.js";
import { Sensitive } from "../model/sensitive.js";
import { DRIVER_ATTRIBUTE, PARAMETER } from "./attributes.js";
import { decodeFlatJson } from "./flat-json.js";

/** The request's JSON, decoded; nothing in it is checked yet but its shape. */
export interface DecodedRequest {
  /** Parameters and the driver's attributes, trimmed, without the service account tokens. */
  readonly attributes: ReadonlyMap<string, string>;
  /** JSON text, audience → token; empty when the driver sent none. */
  readonly serviceAccountTokens: Sensitive<string>;
  /** Data of nodePublishSecretRef, untrimmed, without the service account tokens that Kubernetes 1.35 puts there. */
  readonly secrets: ReadonlyMap<string, Sensitive<string>>;
  /** Mode of files whose object names none, 0 to 0o777. */
  readonly defaultFileMode: number;
  readonly targetPath: string;
}

/** A SecretProviderClass is at most 1.5 MB, and `objects` at most a quarter of one. */
export const ATTRIBUTES_LIMITS = { maxLength: 1024 * 1024, maxKeys: 1024 } as const;
/** A Kubernetes Secret is at most 1 MiB. */
export const SECRETS_LIMITS = { maxLength: 1024 * 1024, maxKeys: 4096 } as const;
/** Longest path that Linux knows. */
export const MAX_TARGET_PATH_LENGTH = 4096;

/**
 * Decodes what the driver sent. Cheap and bounded, whatever the texts hold.
 * @throws {ProviderError} REQUEST_MALFORMED, REQUEST_TOO_LARGE
 */
export function decodeMountRequest(request: MountRequest): DecodedRequest {
  const attributes = decodeFlatJson("attributes", request.attributes, ATTRIBUTES_LIMITS);
  const serviceAccountTokens = new Sensitive(
    attributes.get(DRIVER_ATTRIBUTE.serviceAccountTokens)?.trim() ?? "",
  );
  attributes.delete(DRIVER_ATTRIBUTE.serviceAccountTokens);
  for (const [name, value] of attributes) {
    // Its indentation has a meaning.
    if (name !== PARAMETER.objects) attributes.set(name, value.trim());
  }

  const secrets = new Map<string, Sensitive<string>>();
  const secretsText = request.secrets.trim() === "" ? "null" : request.secrets;
  for (const [name, value] of decodeFlatJson("secrets", secretsText, SECRETS_LIMITS)) {
    if (name !== DRIVER_ATTRIBUTE.serviceAccountTokens) secrets.set(name, new Sensitive(value));
  }

  if (request.targetPath.length > MAX_TARGET_PATH_LENGTH) {
    throw new ProviderError(
      "REQUEST_MALFORMED",
      "the target path of the request is longer than a path can be",
    );
  }
  return {
    attributes,
    serviceAccountTokens,
    secrets,
    defaultFileMode: decodePermission(request.permission),
    targetPath: request.targetPath,
  };
}

/** The `objects` parameter as the class has it; empty when it has none. */
export function objectsText(decoded: DecodedRequest): string {
  return decoded.attributes.get(PARAMETER.objects) ?? "";
}

/** The driver's default mode: a JSON number, in decimal; `null` is 0, as Go reads it. */
function decodePermission(permission: string): number {
  const text = permission.trim();
  if (text === "null") return 0;
  const mode = /^(?:0|[1-9][0-9]{0,9})$/.test(text) ? Number(text) : undefined;
  if (mode === undefined || mode > 0o777) {
    throw new ProviderError(
      "REQUEST_MALFORMED",
      "failed to unmarshal file permission of the request: it must be a decimal number from 0 to 511 (octal 0777)",
    );
  }
  return mode;
}
