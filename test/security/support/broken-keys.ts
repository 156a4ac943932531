import type { Break } from "./broken-provider.js";

const PROOF_KEY = "src/identity/proofs/proof-key.ts";
const SHARED_VAULTS = "src/keyvault/shared-vaults.ts";

const WITHOUT_TOKEN: readonly Break[] = [
  {
    file: PROOF_KEY,
    from: "[identity.clientId, identity.federatedToken.reveal()]",
    to: "[identity.clientId]",
  },
  {
    file: PROOF_KEY,
    from: "[identity.clientId, identity.clientSecret.reveal()]",
    to: "[identity.clientId]",
  },
];

const principal = (parts: string): Break => ({
  file: "src/identity/principal.ts",
  from: "[mode, authority.url.toLowerCase(), tenantId.toLowerCase(), clientId.toLowerCase()]",
  to: `[${parts}]`,
});

const WITHOUT_ANSWER: Break = {
  file: "src/identity/sign-in.ts",
  from: "clientId: JSON.stringify([clientId, answered])",
  to: "clientId",
};

const read = (parts: string): Break => ({
  file: SHARED_VAULTS,
  from: "[origin, call.principal, ...subject]",
  to: `[${parts}, ...subject]`,
});

/** Keys that lack a part, by the columns of the table in docs/security.md. */
export const BROKEN_KEYS: Readonly<Record<string, readonly Break[]>> = {
  "proof: client only": WITHOUT_TOKEN,
  "proof: client only, no mode": [
    ...WITHOUT_TOKEN,
    {
      file: PROOF_KEY,
      from: "[identity.mode, url, tenantId, cloud, presented(identity, pod)]",
      to: "[url, tenantId, cloud, presented(identity, pod)]",
    },
  ],
  "proof: no pod": [{ file: PROOF_KEY, from: "[pod.namespace, pod.name, pod.uid]", to: "[]" }],
  "principal: no mode": [
    principal("authority.url.toLowerCase(), tenantId.toLowerCase(), clientId.toLowerCase()"),
    WITHOUT_ANSWER,
  ],
  "principal: no authority": [principal("mode, tenantId.toLowerCase(), clientId.toLowerCase()")],
  "principal: no tenant": [principal("mode, authority.host, clientId.toLowerCase()")],
  "principal: no client": [principal("mode, authority.url.toLowerCase(), tenantId.toLowerCase()")],
  "principal: client as asked for": [WITHOUT_ANSWER],
  "read: no principal": [read("origin")],
  "read: no vault URL": [read('host.split(".")[0], call.principal')],
};
