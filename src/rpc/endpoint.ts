import type { Endpoint } from "../model/endpoint.js";

/** The endpoint as `--endpoint` writes it. */
export function formatEndpoint(endpoint: Endpoint): string {
  if (endpoint.kind === "unix") return `unix://${endpoint.path}`;
  const { host, port } = endpoint;
  return `tcp://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** How to dial the endpoint from the same machine, as `net.connect` takes it. */
export function dialOptions(
  endpoint: Endpoint,
): { readonly path: string } | { readonly host: string; readonly port: number } {
  if (endpoint.kind === "unix") return { path: endpoint.path };
  const { host, port } = endpoint;
  if (host === "::") return { host: "::1", port };
  return { host: host === "" || host === "0.0.0.0" ? "127.0.0.1" : host, port };
}
