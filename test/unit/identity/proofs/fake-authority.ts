import { createHttpHeaders, type HttpClient, type PipelineResponse } from "@azure/core-rest-pipeline";
import { createSecureContext } from "node:tls";
import { createLocalIdentities } from "../../../../src/identity/local-identities.js";
import {
  ProvenIdentities,
  type ProvenIdentitiesOptions,
  type ProvenIdentity,
} from "../../../../src/identity/proofs/proven-identities.js";
import type { SignInRequest } from "../../../../src/identity/sign-in.js";
import type { Cloud } from "../../../../src/model/cloud.js";
import { Sensitive } from "../../../../src/model/sensitive.js";

export const CLOUD: Cloud = {
  name: "AzurePublicCloud",
  authorityHost: "https://login.microsoftonline.com",
  vaultDnsSuffix: "vault.azure.net",
  vaultScope: "https://vault.azure.net/.default",
};
export const HOUR_S = 3_600;
export const never = new AbortController().signal;

/** Seconds since 1970 at which the test begins: MSAL counts an access token's end from the real time. */
let noonS = Math.floor(Date.now() / 1_000);

/** One token request, which the test answers. */
export interface Exchange {
  readonly clientId: string;
  readonly tenant: string;
  readonly signal: { readonly aborted: boolean } | undefined;
  grant(expiresInS?: number): void;
  refuse(status: number, body?: Record<string, unknown>, headers?: Record<string, string>): void;
}

/** A proof with this end. */
export function serviceAccountToken(name: string, endsInS = HOUR_S): string {
  const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  return [{ alg: "RS256" }, { sub: name, exp: noonS + endsInS }].map(encode).join(".") + ".signature";
}

export function workload(
  changes: {
    readonly token?: string;
    readonly clientId?: string;
    readonly tenantId?: string;
    readonly pod?: string;
  } = {},
): SignInRequest {
  const { token = serviceAccountToken("web"), clientId = "client-1", tenantId = "tenant-1" } = changes;
  return {
    identity: { mode: "workload-identity", clientId, federatedToken: new Sensitive(token) },
    tenantId,
    cloud: CLOUD,
    pod: { name: changes.pod ?? "web-0", namespace: "shop", uid: "u-1", serviceAccountName: "web" },
  };
}

export function principal(secret: string, clientId = "client-1", pod = "web-0"): SignInRequest {
  return {
    ...workload({ pod }),
    identity: { mode: "service-principal", clientId, clientSecret: new Sensitive(secret) },
  };
}

/** Proofs and their authority; time passes when the test says so. */
export function makeProofs(options: Partial<ProvenIdentitiesOptions> = {}) {
  noonS = Math.floor(Date.now() / 1_000);
  let passedMs = 1_000;
  let tokens = 0;
  const exchanges: Exchange[] = [];
  const outcomes: string[] = [];
  const httpClient: HttpClient = {
    sendRequest: (request) =>
      new Promise<PipelineResponse>((resolve, reject) => {
        const form = new URLSearchParams(typeof request.body === "string" ? request.body : "");
        const answer = (status: number, body: object = {}, headers: Record<string, string> = {}): void => {
          resolve({
            request,
            status,
            headers: createHttpHeaders({ "content-type": "application/json", ...headers }),
            bodyAsText: JSON.stringify(body),
          });
        };
        request.abortSignal?.addEventListener("abort", () => {
          reject(new Error("aborted"));
        });
        exchanges.push({
          clientId: form.get("client_id") ?? "",
          tenant: new URL(request.url).pathname.split("/")[1] ?? "",
          signal: request.abortSignal,
          grant: (expiresInS = HOUR_S) => {
            tokens += 1;
            answer(200, {
              token_type: "Bearer",
              expires_in: expiresInS,
              access_token: `access-${tokens}`,
            });
          },
          refuse: answer,
        });
      }),
  };
  const local = createLocalIdentities({
    tokenProxyUrl: "",
    sniName: "",
    apiServerPort: undefined,
    trust: () => Promise.resolve(createSecureContext()),
  });
  // The cluster's token proxy answers as the authority does here.
  local.tokenProxy.open = () => Promise.resolve(httpClient);
  const identities = new ProvenIdentities({
    httpClient,
    local,
    retry: { maxRetries: 0 },
    onSignIn: (_mode, outcome) => outcomes.push(outcome),
    clock: () => passedMs,
    now: () => noonS * 1_000 + passedMs - 1_000,
    ...options,
  });
  const prove = (request: SignInRequest, signal = never, deadlineMs = Infinity): Promise<ProvenIdentity> =>
    identities.prove(request, { signal, deadlineMs });
  /** Waits for the n-th exchange to come, and gives it. */
  const exchange = async (index: number): Promise<Exchange> => {
    for (let i = 0; i < 5_000; i += 1) {
      const found = exchanges[index];
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    throw new Error(`only ${exchanges.length} exchanges`);
  };
  return {
    identities,
    prove,
    exchange,
    exchanges,
    outcomes,
    pass: (seconds: number) => {
      passedMs += seconds * 1_000;
    },
    passedMs: () => passedMs,
    /** Proves with an exchange of its own, which is accepted. */
    accept: async (request: SignInRequest, expiresInS?: number): Promise<ProvenIdentity> => {
      const index = exchanges.length;
      const proving = prove(request);
      (await exchange(index)).grant(expiresInS);
      return await proving;
    },
  };
}

export async function tokenOf({ credential }: ProvenIdentity): Promise<string | undefined> {
  return (await credential.getToken(CLOUD.vaultScope))?.token;
}
