import type { Endpoint } from "../model/endpoint.js";

export type { Endpoint };

/** The endpoint as `--endpoint` writes it. */
export function formatEndpoint(endpoint: Endpoint): string {
  return endpoint.kind === "unix"
    ? `unix://${endpoint.path}`
    : `tcp://${bracket(endpoint.host)}:${endpoint.port}`;
}

/** The endpoint as the gRPC library dials it from the same machine. */
export function dialTarget(endpoint: Endpoint): string {
  if (endpoint.kind === "unix") return `unix:${endpoint.path}`;
  const everywhere = new Map([
    ["", "127.0.0.1"],
    ["0.0.0.0", "127.0.0.1"],
    ["::", "::1"],
  ]);
  return `${bracket(everywhere.get(endpoint.host) ?? endpoint.host)}:${endpoint.port}`;
}

function bracket(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
