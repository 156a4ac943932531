import { randomUUID } from "node:crypto";
import type { Emulator } from "../../emulator/emulator.js";
import type { SeededPod, VaultBehaviour, World, WorldSpec } from "./protocol.js";

/** One name for all worlds: its certificate is made once, before anything is measured. */
export const VAULT_NAME = "bench-vault";
const TENANT_ID = "5f0d8e0e-9f3c-4a39-9a53-1d8f0f3c7b11";
const ISSUER = "https://westeurope.oic.prod-aks.azure.com/bench/";
const AUDIENCE = "api://AzureADTokenExchange";
const NAMESPACE = "bench";
const TOKEN_LIFETIME_SECONDS = 3600;

/** Makes a vault with its readers and their pods, in the place of the one before. */
export function seedWorld(emulator: Emulator, spec: WorldSpec): World {
  emulator.removeVault(VAULT_NAME);
  emulator.entra.removeTenant(TENANT_ID);
  emulator.requests.reset();
  const tenant = emulator.entra.tenant(TENANT_ID);
  const issuer = emulator.entra.issuer(ISSUER);
  const vault = emulator.vault(VAULT_NAME, { tenantId: TENANT_ID });
  const objectNames = Array.from({ length: spec.objects }, (_, index) => `object-${index}`);
  for (const name of objectNames) vault.setSecret(name, "v".repeat(spec.objectBytes));

  const pods: SeededPod[] = [];
  for (let principal = 0; principal < spec.principals; principal += 1) {
    const serviceAccount = `app-${principal}`;
    const clientId = randomUUID();
    tenant.application({
      clientId,
      federated: [
        {
          issuer: ISSUER,
          subject: `system:serviceaccount:${NAMESPACE}:${serviceAccount}`,
          audience: AUDIENCE,
        },
      ],
    });
    vault.grantAll(clientId);
    for (let pod = 0; pod < spec.podsPerPrincipal; pod += 1) {
      const [name, uid] = [`${serviceAccount}-${pod}`, randomUUID()];
      const token = issuer.serviceAccountToken({
        namespace: NAMESPACE,
        serviceAccount,
        audience: AUDIENCE,
        expiresInSeconds: TOKEN_LIFETIME_SECONDS,
        podName: name,
        podUid: uid,
      });
      const tokenExpiry = new Date(Date.now() + TOKEN_LIFETIME_SECONDS * 1000).toISOString();
      pods.push({ name, namespace: NAMESPACE, uid, serviceAccount, clientId, token, tokenExpiry });
    }
  }
  return { vaultName: VAULT_NAME, tenantId: TENANT_ID, objectNames, objectBytes: spec.objectBytes, pods };
}

/** Sets how the vault answers from now on. */
export function behave(emulator: Emulator, { delayMs, throttle }: VaultBehaviour): void {
  emulator.faults.clear();
  if (delayMs > 0) emulator.faults.add({ kind: "delay", delayMs });
  if (throttle !== undefined) {
    emulator.faults.add({ kind: "throttle", ...throttle }, { host: "*.vault.azure.net" });
  }
}
