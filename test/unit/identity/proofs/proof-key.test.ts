import { expect } from "chai";
import { ProofKeys } from "../../../../src/identity/proofs/proof-key.js";
import type { SignInRequest } from "../../../../src/identity/sign-in.js";
import type { IdentityChoice } from "../../../../src/model/identity-choice.js";
import { Sensitive } from "../../../../src/model/sensitive.js";
import { CLOUD, principal, serviceAccountToken, workload } from "./fake-authority.js";

const as = (identity: IdentityChoice, changes: Partial<SignInRequest> = {}): SignInRequest => ({
  ...workload(),
  identity,
  ...changes,
});
const pod = (changes: Partial<SignInRequest["pod"]>): Partial<SignInRequest> => ({
  pod: { ...workload().pod, ...changes },
});
const token = new Sensitive(serviceAccountToken("web"));
const node: IdentityChoice = { mode: "managed-identity", userAssignedIdentityId: "client-1" };
const nmi: IdentityChoice = { mode: "pod-identity" };

/** All different. */
const REQUESTS: readonly SignInRequest[] = [
  workload(),
  workload({ token: serviceAccountToken("other") }),
  workload({ clientId: "client-2" }),
  workload({ tenantId: "tenant-2" }),
  as({ mode: "identity-binding", clientId: "client-1", federatedToken: token }),
  principal(token.reveal()),
  principal("secret"),
  principal("", "client-1secret"),
  principal("1secret", "client-"),
  { ...workload(), cloud: { ...CLOUD, authorityHost: "https://login.microsoftonline.us" } },
  { ...workload(), cloud: { ...CLOUD, vaultScope: "https://vault.other.example/.default" } },
  { ...workload(), cloud: { ...CLOUD, vaultDnsSuffix: "vault.other.example" } },
  { ...workload(), cloud: { ...CLOUD, authorityAliases: ["https://login.other.example"] } },
  as(node),
  as({ ...node, userAssignedIdentityId: "" }),
  as(nmi),
  as(nmi, pod({ name: "web-1" })),
  as(nmi, pod({ namespace: "other" })),
  as(nmi, pod({ uid: "u-2" })),
];

describe("identity/proofs/proof-key ProofKeys", () => {
  it("has another key for whatever could be decided otherwise", () => {
    const keys = new ProofKeys();
    expect(new Set(REQUESTS.map((request) => keys.of(request))).size).to.equal(REQUESTS.length);
  });

  it("has one key for one proof, whichever pod presents it", () => {
    const keys = new ProofKeys();
    for (const identity of [workload().identity, principal("secret").identity, node]) {
      const key = keys.of(as(identity));
      expect(keys.of(as(identity, pod({ name: "web-1", uid: "u-2" })))).to.equal(key);
    }
  });

  it("shows nothing of the proof, and another process's keys are others", () => {
    const request = principal("a-client-secret");
    const key = new ProofKeys().of(request);
    expect(key).to.match(/^[\w-]{43}$/);
    expect(new ProofKeys().of(request)).not.to.equal(key);
  });
});
