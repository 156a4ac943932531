import type { TokenCredential } from "@azure/core-auth";
import type { HttpClient, PipelinePolicy, PipelineResponse } from "@azure/core-rest-pipeline";
import type { CertificateClientOptions } from "@azure/keyvault-certificates";
import type { KeyClientOptions } from "@azure/keyvault-keys";
import type { SecretClientOptions } from "@azure/keyvault-secrets";
import type { ObjectType } from "../model/key-vault-object.js";
import type { VaultValue } from "../model/vault-value.js";
import { toCertificateValue, toKeyValue, toSecretValue, type VersionAnswer } from "./answers.js";
import type { ObjectReference } from "./vault-reader.js";

/** Known to every Key Vault there is, Azure Stack Hub's included; the SDK's own choice is newer. */
const API_VERSION = "7.4";

/** How the SDK's clients reach the vault. */
export interface ClientSettings {
  readonly vaultUrl: string;
  readonly credential: TokenCredential;
  readonly httpClient: HttpClient;
  readonly userAgentPrefix: string;
  /** Outside the SDK's authentication. */
  readonly outerPolicy: PipelinePolicy;
  /** Inside the SDK's authentication and its (switched off) retries. */
  readonly innerPolicy: PipelinePolicy;
}

/** What one call hands to the SDK. */
export interface CallOptions {
  readonly abortSignal: AbortSignal;
  /** Sees each answer that the SDK could read. */
  readonly onResponse: (response: Pick<PipelineResponse, "headers">) => void;
}

/** One of the SDK's three clients, which differ in names only. Its errors are what the SDK and the policies throw. */
export interface ObjectClient {
  get(reference: ObjectReference, options: CallOptions): Promise<VaultValue>;
  /** Page by page, as the service cuts them. */
  listVersions(name: string, options: CallOptions): AsyncIterable<readonly VersionAnswer[]>;
}

/**
 * Makes the SDK's client for one type of object. The only place that knows the Key Vault SDKs; each is loaded when the
 * first object of its type is read.
 */
export async function createObjectClient(type: ObjectType, settings: ClientSettings): Promise<ObjectClient> {
  const { vaultUrl, credential } = settings;
  switch (type) {
    case "secret": {
      const { SecretClient } = await import("@azure/keyvault-secrets");
      const client = new SecretClient(vaultUrl, credential, clientOptions(settings));
      return {
        get: async (asked, options) =>
          toSecretValue(await client.getSecret(asked.name, { ...options, version: asked.version }), asked),
        listVersions: (name, options) => client.listPropertiesOfSecretVersions(name, options).byPage(),
      };
    }
    case "key": {
      const { KeyClient } = await import("@azure/keyvault-keys");
      const client = new KeyClient(vaultUrl, credential, clientOptions(settings));
      return {
        get: async (asked, options) =>
          toKeyValue(await client.getKey(asked.name, { ...options, version: asked.version }), asked),
        listVersions: (name, options) => client.listPropertiesOfKeyVersions(name, options).byPage(),
      };
    }
    case "cert": {
      const { CertificateClient } = await import("@azure/keyvault-certificates");
      const client = new CertificateClient(vaultUrl, credential, clientOptions(settings));
      return {
        get: async (asked, options) =>
          toCertificateValue(
            asked.version === ""
              ? await client.getCertificate(asked.name, options)
              : await client.getCertificateVersion(asked.name, asked.version, options),
            asked,
          ),
        listVersions: (name, options) => client.listPropertiesOfCertificateVersions(name, options).byPage(),
      };
    }
  }
}

type ClientOptions = SecretClientOptions & KeyClientOptions & CertificateClientOptions;

/** A new object each time: one of the clients writes into it. */
function clientOptions(settings: ClientSettings): ClientOptions {
  return {
    serviceVersion: API_VERSION,
    httpClient: settings.httpClient,
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: settings.userAgentPrefix },
    additionalPolicies: [
      { policy: settings.outerPolicy, position: "perCall" },
      { policy: settings.innerPolicy, position: "perRetry" },
    ],
  };
}
