import { CertificateClient } from "@azure/keyvault-certificates";
import { ClientAssertionCredential, ClientSecretCredential } from "@azure/identity";
import type { TokenCredential } from "@azure/identity";
import { KeyClient } from "@azure/keyvault-keys";
import { SecretClient } from "@azure/keyvault-secrets";
import type { SecretClientOptions } from "@azure/keyvault-secrets";

/** Who signs in, and where the vault is. */
export interface SdkSetting {
  readonly tenantId: string;
  readonly clientId: string;
  readonly secret?: string;
  readonly assertion?: string;
  readonly vaultUrl: string;
}

/** What the SDK found. */
export interface SdkFindings {
  readonly secret: unknown;
  readonly key: unknown;
  readonly certificate: unknown;
  readonly versions: number;
  readonly notFound: unknown;
  readonly disabled: unknown;
}

/**
 * Reads a vault with the SDK as it comes: a secret, a key, a certificate, a long list of versions, and two errors.
 * @param options - for the clients and the credential alike
 */
export async function readWithSdk(
  setting: SdkSetting,
  options: SecretClientOptions = {},
): Promise<SdkFindings> {
  const { vaultUrl } = setting;
  const credential = credentialOf(setting, options);
  const clientOptions = { ...options, serviceVersion: "7.4" as never };
  const secrets = new SecretClient(vaultUrl, credential, clientOptions);
  const secret = await secrets.getSecret("db");
  const key = await new KeyClient(vaultUrl, credential, clientOptions).getKey("signing");
  const certificate = await new CertificateClient(vaultUrl, credential, clientOptions).getCertificate("web");
  const versions = new Set<string | undefined>();
  for await (const { version } of secrets.listPropertiesOfSecretVersions("db")) versions.add(version);
  return {
    secret: { value: secret.value, version: secret.properties.version, type: secret.properties.contentType },
    key: { type: key.keyType, crv: key.key?.crv },
    certificate: {
      name: certificate.name,
      subject: certificate.policy?.subject,
      size: certificate.cer?.length,
    },
    versions: versions.size,
    notFound: await errorOf(secrets.getSecret("none")),
    disabled: await errorOf(secrets.getSecret("off")),
  };
}

/** The parts of an SDK's error that programs look at. */
export async function errorOf(
  attempt: Promise<unknown>,
): Promise<{ code: unknown; statusCode: unknown; message: string }> {
  try {
    await attempt;
  } catch (error) {
    const { code, statusCode, message } = error as Error & { code?: unknown; statusCode?: unknown };
    return { code, statusCode, message };
  }
  throw new Error("the SDK reported no error");
}

function credentialOf(setting: SdkSetting, options: SecretClientOptions): TokenCredential {
  const { tenantId, clientId, secret, assertion } = setting;
  return secret === undefined
    ? new ClientAssertionCredential(tenantId, clientId, () => Promise.resolve(assertion ?? ""), options)
    : new ClientSecretCredential(tenantId, clientId, secret, options);
}
