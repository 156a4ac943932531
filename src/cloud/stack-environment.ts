import type { Cloud } from "../model/cloud.js";

/** The cloud that an environment file describes, or in words what is wrong with it, naming the field. */
export type StackEnvironment =
  { readonly ok: true; readonly cloud: Cloud } | { readonly ok: false; readonly problem: string };

const MAX_ENDPOINT_CHARACTERS = 512;
const MAX_HOST_CHARACTERS = 253;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** What the Azure SDK for Go writes where a cloud lacks a service. */
const NOT_AVAILABLE = "N/A";

/**
 * Reads the JSON of an Azure Stack environment, as the Azure SDK for Go defines it (`azure.Environment`). Of its fields:
 * - `activeDirectoryEndpoint`: the authority, without tenant; `https://…/adfs` for AD FS. Required.
 * - `keyVaultDNSSuffix`: what follows `<vault name>.`, with or without a leading dot, with a port where it is not 443.
 *   Where absent, the host of `keyVaultEndpoint`.
 * - `resourceIdentifiers.keyVault`: what access tokens are for. Where absent, `https://<keyVaultDNSSuffix>` without the
 *   port, as in every other cloud.
 *
 * Keys are found whatever their case, as Go does; other fields are ignored. A problem never quotes the file: JSON.parse
 * does, and the path may lead to any file that this process can read.
 */
export function parseStackEnvironment(json: string): StackEnvironment {
  const root = parseObject(json.replace(/^\uFEFF/, ""));
  if (root === undefined) return { ok: false, problem: "is not a JSON object" };
  try {
    const authorityHost = readAuthority(textField(root, "activeDirectoryEndpoint"));
    const vaultDnsSuffix = readSuffix(root);
    return {
      ok: true,
      cloud: {
        name: "AzureStackCloud",
        authorityHost,
        vaultDnsSuffix,
        vaultScope: `${readResource(root, vaultDnsSuffix)}/.default`,
      },
    };
  } catch (error) {
    if (error instanceof FieldProblem) return { ok: false, problem: error.message };
    throw error;
  }
}

/** What is wrong with one field; its text is our own. */
class FieldProblem extends Error {}

type JsonObject = ReadonlyMap<string, unknown>;

function parseObject(json: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(json));
  } catch {
    return undefined;
  }
}

/** An object's entries under lower-case keys; a Map, so that `__proto__` is a key like any other. */
function asObject(value: unknown): JsonObject | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value).map(([key, entry]) => [key.toLowerCase(), entry]));
}

/** A field's text, trimmed; empty when it is absent or not available in that cloud. */
function textField(object: JsonObject, name: string): string {
  const value = object.get(name.toLowerCase()) ?? "";
  if (typeof value !== "string") throw new FieldProblem(`has a field ${name} that is not text`);
  const text = value.trim();
  if (text.length > MAX_ENDPOINT_CHARACTERS) {
    throw new FieldProblem(`has a field ${name} of more than ${MAX_ENDPOINT_CHARACTERS} characters`);
  }
  return text === NOT_AVAILABLE ? "" : text;
}

function readAuthority(endpoint: string): string {
  const name = "activeDirectoryEndpoint";
  if (endpoint === "") throw new FieldProblem(`has no ${name}`);
  const url = readHttpsUrl(endpoint, name);
  const path = url.pathname.replace(/\/+$/, "").toLowerCase();
  if (path !== "" && path !== "/adfs") {
    throw new FieldProblem(
      `has a field ${name} with a path; write the host alone, or https://<host>/adfs for AD FS`,
    );
  }
  return url.origin + path;
}

function readSuffix(root: JsonObject): string {
  const written = textField(root, "keyVaultDNSSuffix");
  if (written !== "") return readHost(written, "keyVaultDNSSuffix");
  const endpoint = textField(root, "keyVaultEndpoint");
  if (endpoint === "") throw new FieldProblem("has neither keyVaultDNSSuffix nor keyVaultEndpoint");
  return readHost(readHttpsUrl(endpoint, "keyVaultEndpoint").host, "keyVaultEndpoint");
}

function readResource(root: JsonObject, vaultDnsSuffix: string): string {
  const identifiers = root.get("resourceidentifiers") ?? {};
  const object = asObject(identifiers);
  if (object === undefined) throw new FieldProblem("has a field resourceIdentifiers that is not an object");
  const resource = textField(object, "keyVault");
  if (resource === "") return `https://${vaultDnsSuffix.replace(/:\d+$/, "")}`;
  readHttpsUrl(resource, "resourceIdentifiers.keyVault");
  return resource;
}

function readHttpsUrl(text: string, name: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "https:")
    throw new FieldProblem(`has a field ${name} that is not an https:// address`);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new FieldProblem(`has a field ${name} with credentials, a query or a fragment`);
  }
  if (/[\s\p{Cc}]/u.test(text))
    throw new FieldProblem(`has a field ${name} with spaces or control characters`);
  return url;
}

/** `host` or `host:port`, lower case, without the leading dot that some write. */
function readHost(text: string, name: string): string {
  const host = text.toLowerCase().replace(/^\./, "");
  const [, domain = "", port] = /^([^:]*)(?::(\d{1,5}))?$/.exec(host) ?? [];
  const isDomain =
    domain.length <= MAX_HOST_CHARACTERS && domain.split(".").every((label) => LABEL.test(label));
  const isPort = port === undefined || (Number(port) > 0 && Number(port) < 65_536);
  // The URL parser knows what else is no host, for example one that ends like an address: `1.2.3.4`.
  if (!isDomain || !isPort || !URL.canParse(`https://a.${host}`)) {
    throw new FieldProblem(
      `has a field ${name} that is not a DNS name such as vault.local.azurestack.external`,
    );
  }
  return host;
}
