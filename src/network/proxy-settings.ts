import { BlockList, isIP } from "node:net";
import type { Environment } from "./environment.js";

/** Where requests go: straight on (undefined), through a proxy, or nowhere because the setting cannot be used. */
export type ProxyChoice = URL | { readonly unusable: string } | undefined;

export interface ProxySettings {
  /** @param target - an https URL */
  proxyFor(target: URL): ProxyChoice;
}

/** Settings that send everything straight on. */
export const NO_PROXY_SETTINGS: ProxySettings = { proxyFor: () => undefined };

/** Longest NO_PROXY read, in characters; the rest is dropped. */
const MAX_NO_PROXY_CHARACTERS = 65_536;

/**
 * Reads HTTPS_PROXY and NO_PROXY (or their lower-case spellings; the upper-case one wins) as Go's
 * `golang.org/x/net/http/httpproxy` does, so that an installation's settings keep their meaning: `example.com` in
 * NO_PROXY also covers its sub-domains, addresses may be CIDR ranges, entries may name a port, localhost and loopback
 * addresses never go through the proxy, and a proxy without a scheme is an http one. ALL_PROXY is not read, as in Go.
 *
 * A proxy setting that cannot be used (not an address, socks5) is reported for each request that needs it, not at start:
 * NO_PROXY may cover every request that matters. The text never quotes the setting: it may hold a password.
 */
export function readProxySettings(env: Environment): ProxySettings {
  const setting = firstSet(env, ["HTTPS_PROXY", "https_proxy"]);
  if (setting === "") return NO_PROXY_SETTINGS;
  const proxy = parseProxy(setting);
  const isExempt = parseNoProxy(firstSet(env, ["NO_PROXY", "no_proxy"]).slice(0, MAX_NO_PROXY_CHARACTERS));
  return { proxyFor: (target) => (isExempt(target) ? undefined : proxy) };
}

/**
 * Reads the settings, then takes them out of the environment. The Azure SDK reads these variables too, for agents that
 * this process never uses: it throws at what Go takes (a proxy without a scheme), and it takes HTTP_PROXY and ALL_PROXY.
 * @param env - the process's own
 */
export function takeProxySettings(env: NodeJS.ProcessEnv): ProxySettings {
  const settings = readProxySettings(env);
  for (const name of ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"]) {
    Reflect.deleteProperty(env, name);
    Reflect.deleteProperty(env, name.toLowerCase());
  }
  return settings;
}

/** The first variable that is not empty. */
function firstSet(env: Environment, names: readonly string[]): string {
  return names.map((name) => env[name] ?? "").find((value) => value !== "") ?? "";
}

function parseProxy(setting: string): ProxyChoice {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(setting) ? setting : `http://${setting}`;
  if (!URL.canParse(withScheme)) {
    return { unusable: "HTTPS_PROXY is not a proxy's address; write http://host:port or https://host:port" };
  }
  const proxy = new URL(withScheme);
  if (proxy.protocol === "http:" || proxy.protocol === "https:") return proxy;
  return { unusable: "HTTPS_PROXY names a kind of proxy that is not supported; use http:// or https://" };
}

type Exemption = (host: string, port: string) => boolean;

function parseNoProxy(list: string): (target: URL) => boolean {
  const entries = list
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "");
  const exemptions = entries.map(parseExemption);
  return (target) => {
    const host = target.hostname.replace(/^\[|\]$/g, "").toLowerCase();
    if (host === "localhost" || isLoopback(host)) return true;
    const port = target.port === "" ? "443" : target.port;
    return exemptions.some((isExempt) => isExempt(host, port));
  };
}

function parseExemption(entry: string): Exemption {
  if (entry === "*") return () => true;
  const range = parseRange(entry);
  if (range !== undefined) {
    return (host) => isIP(host) !== 0 && range.check(host, isIP(host) === 6 ? "ipv6" : "ipv4");
  }
  const { name, port } = splitPort(entry);
  const isPort: (actual: string) => boolean = (actual) => port === "" || actual === port;
  if (name === "") return () => false;
  if (isIP(name) !== 0) {
    const address = new BlockList();
    address.addAddress(name, isIP(name) === 6 ? "ipv6" : "ipv4");
    return (host, actual) =>
      isIP(host) !== 0 && address.check(host, isIP(host) === 6 ? "ipv6" : "ipv4") && isPort(actual);
  }
  const domain = name.startsWith("*.") ? name.slice(1) : name;
  const suffix = domain.startsWith(".") ? domain : `.${domain}`;
  return (host, actual) =>
    (host.endsWith(suffix) || (!domain.startsWith(".") && host === domain)) && isPort(actual);
}

/** `host:port`, `[v6]:port`, `[v6]` or just a host. */
function splitPort(entry: string): { name: string; port: string } {
  const parts = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(entry);
  if (parts === null) return { name: entry.replace(/^\[|\]$/g, ""), port: "" };
  return { name: parts[1] ?? parts[2] ?? "", port: parts[3] ?? "" };
}

function parseRange(entry: string): BlockList | undefined {
  const [address = "", bits = "", ...rest] = entry.split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(bits)) return undefined;
  const prefix = Number(bits);
  if (prefix > (family === 6 ? 128 : 32)) return undefined;
  const range = new BlockList();
  range.addSubnet(address, prefix, family === 6 ? "ipv6" : "ipv4");
  return range;
}

function isLoopback(host: string): boolean {
  return (isIP(host) === 4 && host.startsWith("127.")) || host === "::1";
}
