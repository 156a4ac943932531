import type { PlayedCloud } from "../clouds.js";
import { jsonAnswer } from "../http/answer.js";
import type { Answer } from "../http/answer.js";
import type { Call } from "../http/call.js";
import type { RequestKind } from "../request-log.js";
import type { EntraDirectory } from "./directory.js";
import { answerInstanceDiscovery, answerKeys, answerOpenIdConfiguration } from "./discovery.js";
import { answerTokenRequest } from "./token-endpoint.js";

/** What a request to an authority host asks for. */
export interface EntraRoute {
  readonly role: "entra";
  readonly kind: RequestKind;
  readonly cloud: PlayedCloud;
  readonly tenantId: string;
  readonly version: 1 | 2;
}

/** Reads a path of an authority host; one that is not played is of kind "unknown". */
export function routeEntra(cloud: PlayedCloud, path: string): EntraRoute {
  const [tenantId = "", ...rest] = path.split("/").filter((segment) => segment !== "");
  const tail = rest.join("/").toLowerCase();
  const of = (kind: RequestKind, version: 1 | 2): EntraRoute => ({
    role: "entra",
    kind,
    cloud,
    tenantId: tenantId.toLowerCase(),
    version,
  });
  switch (tail) {
    case "discovery/instance":
      return of("discovery", 1);
    case ".well-known/openid-configuration":
      return of("discovery", 1);
    case "v2.0/.well-known/openid-configuration":
      return of("discovery", 2);
    case "discovery/keys":
      return of("keys", 1);
    case "discovery/v2.0/keys":
      return of("keys", 2);
    case "oauth2/token":
      // AD FS has one endpoint for both ways of naming the resource.
      return of("token", 1);
    case "oauth2/v2.0/token":
      return of("token", 2);
    default:
      return of("unknown", 1);
  }
}

/** Answers a request to an authority host. */
export async function answerEntra(
  route: EntraRoute,
  call: Call,
  directory: EntraDirectory,
  clouds: readonly PlayedCloud[],
): Promise<Answer> {
  const answer = await dispatch(route, call, directory, clouds);
  const correlation = call.headers["client-request-id"];
  return {
    ...answer,
    headers: {
      "Cache-Control": "no-store, no-cache",
      Pragma: "no-cache",
      Expires: "-1",
      "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
      "X-Content-Type-Options": "nosniff",
      P3P: 'CP="DSP CUR OTPi IND OTRi ONL FIN"',
      "x-ms-ests-server": "2.1.20465.4 - EMULATOR",
      "x-ms-request-id": crypto.randomUUID(),
      ...(typeof correlation === "string" ? { "client-request-id": correlation } : {}),
      ...answer.headers,
    },
  };
}

function dispatch(
  route: EntraRoute,
  call: Call,
  directory: EntraDirectory,
  clouds: readonly PlayedCloud[],
): Answer | Promise<Answer> {
  if (route.kind === "token") {
    if (call.method !== "POST") return methodNotAllowed("POST");
    return answerTokenRequest(route, call, directory);
  }
  if (route.kind === "unknown") return jsonAnswer(404, { error: "not_found" });
  if (call.method !== "GET") return methodNotAllowed("GET");
  if (route.kind === "keys") return answerKeys(directory);
  return call.path.toLowerCase().endsWith("/discovery/instance")
    ? answerInstanceDiscovery(call, clouds)
    : answerOpenIdConfiguration(route.cloud, route.tenantId, route.version, call, directory);
}

function methodNotAllowed(allowed: string): Answer {
  return jsonAnswer(405, { error: "invalid_request" }, { Allow: allowed });
}
