import { isIP } from "node:net";
import { type CloudName, CLOUD_NAME_SPELLINGS, parseCloudName } from "../model/cloud.js";
import { isIdentifier, isTenant } from "../model/entra-names.js";
import type { Endpoint } from "../model/endpoint.js";
import { GO_BOOLEAN_SPELLINGS, parseGoBoolean, parseGoInteger } from "../model/go-scalars.js";

/** What a flag takes: how to read it, and the words for a value that is wrong. */
export interface FlagType<Value> {
  /** Undefined when the text is none of this type. */
  readonly parse: (text: string) => Value | undefined;
  /** Completes "must be …". */
  readonly expected: string;
  /** A flag without a value is `true`, and never takes the next argument. */
  readonly isBoolean?: true;
}

export const BOOLEAN: FlagType<boolean> = {
  parse: parseGoBoolean,
  expected: GO_BOOLEAN_SPELLINGS,
  isBoolean: true,
};

export const TEXT: FlagType<string> = { parse: (text) => text, expected: "a text" };

export const INTEGER: FlagType<number> = { parse: parseGoInteger, expected: "a whole number" };

export const COUNT: FlagType<number> = {
  parse: (text) => within(parseGoInteger(text), 0, 1_000_000),
  expected: "a whole number from 0 to 1000000",
};

export const PORT: FlagType<number> = {
  parse: (text) => within(parseGoInteger(text), 0, 65_535),
  expected: "a port from 0 to 65535",
};

/** Empty: all addresses of the machine. */
export const ADDRESS: FlagType<string> = {
  parse: (text) => (text === "" || isIP(text) !== 0 ? text : undefined),
  expected: "an IP address, or empty for all",
};

/** Milliseconds. @see https://pkg.go.dev/time#ParseDuration */
export const DURATION: FlagType<number> = {
  parse: (text) => within(parseGoDuration(text), 0, MAX_DURATION_MS),
  expected: "a duration such as 5s, 1m30s or 500ms, and at most 24h",
};

export const CLOUD: FlagType<CloudName> = { parse: parseCloudName, expected: CLOUD_NAME_SPELLINGS };

/** Empty: none. */
export const TENANT: FlagType<string> = {
  parse: (text) => (text === "" || isTenant(text) ? text : undefined),
  expected: "a tenant's ID or one of its domain names, or empty for none",
};

/** Empty: none. */
export const CLIENT: FlagType<string> = {
  parse: (text) => (text === "" || isIdentifier(text) ? text : undefined),
  expected: "the ID of an application or managed identity, or empty for none",
};

/** What classes say as `provider`. @see https://github.com/kubernetes-sigs/secrets-store-csi-driver PluginNameRe */
export const PROVIDER: FlagType<string> = {
  parse: (text) => (/^[\w-]{1,30}$/.test(text) ? text : undefined),
  expected: "the name of the provider's socket without .sock: at most 30 letters, digits, - and _",
};

/** The kernel's limit of a socket's path, without its closing zero byte. @see unix(7) */
const MAX_SOCKET_PATH_BYTES = 107;

export const ENDPOINT: FlagType<Endpoint> = {
  parse: parseEndpoint,
  expected: `unix://<path of at most ${MAX_SOCKET_PATH_BYTES} bytes> or tcp://<address>:<port>`,
};

/** A path on an HTTP server. */
export const HTTP_PATH: FlagType<string> = {
  parse: (text) => (/^\/[\w./~-]{0,200}$/.test(text) ? text : undefined),
  expected: "a path that begins with a slash, for example /healthz",
};

export const PROMETHEUS: FlagType<"prometheus"> = {
  parse: (text) => (text.toLowerCase() === "prometheus" ? "prometheus" : undefined),
  expected: "Prometheus, the only backend there is",
};

/** An https:// address of a host, perhaps with a path; empty means the default. */
export const HTTPS_URL: FlagType<string> = {
  parse: (text) => (text === "" || isPlainHttps(text) ? text : undefined),
  expected: "an https:// URL without user, query and fragment",
};

function isPlainHttps(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return protocol === "https:" && [username, password, search, hash].every((part) => part === "");
}

/** A DNS name; empty means that it is found otherwise. */
export const SERVER_NAME: FlagType<string> = {
  parse: (text) => (text === "" || DNS_NAME.test(text) ? text : undefined),
  expected: "a DNS name, as in a0123456789.ests.aks",
};

const DNS_NAME =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;

const MAX_DURATION_MS = 24 * 60 * 60 * 1000;
const UNITS_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};

function parseGoDuration(text: string): number | undefined {
  if (text === "0") return 0;
  const parts = text.length <= 64 ? text.match(/\d+(?:\.\d*)?(?:ns|us|µs|ms|h|m|s)/g) : null;
  if (parts?.join("") !== text) return undefined;
  const totalMs = parts.reduce((sum, part) => {
    const unit = part.replace(/^[\d.]+/, "");
    return sum + Number.parseFloat(part) * (UNITS_MS[unit] ?? Number.NaN);
  }, 0);
  return Math.round(totalMs);
}

function parseEndpoint(text: string): Endpoint | undefined {
  const [, scheme, rest = ""] = /^(unix|tcp):\/\/(.+)$/i.exec(text) ?? [];
  if (scheme?.toLowerCase() === "unix") {
    return Buffer.byteLength(rest) <= MAX_SOCKET_PATH_BYTES && !rest.includes("\0")
      ? { kind: "unix", path: rest }
      : undefined;
  }
  const address = /^(?:\[([0-9a-fA-F:.%]+)\]|([\w.-]*)):(\d{1,5})$/.exec(rest);
  const port = within(Number(address?.[3] ?? Number.NaN), 0, 65_535);
  if (scheme === undefined || address === null || port === undefined) return undefined;
  return { kind: "tcp", host: address[1] ?? address[2] ?? "", port };
}

function within(value: number | undefined, least: number, most: number): number | undefined {
  return value !== undefined && value >= least && value <= most ? value : undefined;
}
