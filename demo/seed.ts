import type { Emulator, OidcIssuer, VaultDouble } from "../emulator/emulator.js";
import type { SecretProviderClass } from "../driver/secret-provider-class.js";

/** The cluster's service-account issuer, as AKS names it. */
const ISSUER = "https://westeurope.oic.prod-aks.azure.com/demo/";
/** The version that the example class pins. */
const PINNED_VERSION = "0f3f0b1c6a2e4d58b7c9e1a2d3f4b5c6";

/**
 * Fills the embedded vault with what the example class asks for, and lets the pod's service account sign in as the
 * class's client ID.
 */
export function seedVault(
  emulator: Emulator,
  { parameters }: SecretProviderClass,
): { vault: VaultDouble; issuer: OidcIssuer } {
  const { keyvaultName = "", tenantID = "", clientID = "" } = parameters;
  const issuer = emulator.entra.issuer(ISSUER);
  emulator.entra.tenant(tenantID).application({
    clientId: clientID,
    federated: [
      {
        issuer: ISSUER,
        subject: "system:serviceaccount:default:shop",
        audience: "api://AzureADTokenExchange",
      },
    ],
  });

  const vault = emulator.vault(keyvaultName, { tenantId: tenantID });
  vault.grant({ clientId: clientID }, { secrets: ["get"], keys: ["get"], certificates: ["get"] });
  vault.setSecret("database-password", "correct-horse-battery-staple");
  vault.setSecret("api-token", "the-token-that-the-class-pins", { version: PINNED_VERSION });
  vault.setSecret("api-token", "a-newer-token");
  vault.createKey("receipt-signing", { kty: "EC", crv: "P-256" });
  vault.createCertificate("shop-tls", {
    keyType: "RSA",
    contentType: "application/x-pkcs12",
    subject: "CN=shop.contoso.example",
    chain: true,
  });
  return { vault, issuer };
}
