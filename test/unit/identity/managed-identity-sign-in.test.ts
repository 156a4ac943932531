import { expect } from "chai";
import tls from "node:tls";
import { startEmulator, type Emulator } from "../../../emulator/emulator.js";
import { startImds, type ImdsDouble } from "../../../emulator/imds/imds-double.js";
import { startNmi, type NmiDouble } from "../../../emulator/nmi/nmi-double.js";
import { resolveCloud } from "../../../src/cloud/resolve-cloud.js";
import { ProviderError } from "../../../src/errors/provider-error.js";
import { createLocalIdentities, type LocalIdentities } from "../../../src/identity/local-identities.js";
import { signIn, type SignedIn } from "../../../src/identity/sign-in.js";
import type { IdentityChoice } from "../../../src/model/identity-choice.js";
import { DEFAULT_TOKEN_PROXY_URL } from "../../../src/identity/credentials/token-proxy.js";
import { failureOf, NO_WAY_OUT } from "./support.js";

const TENANT = "6f1b4f0a-0000-4000-8000-000000000041";
const SYSTEM = "11111111-0000-4000-8000-000000000041";
const USER = "22222222-0000-4000-8000-000000000041";
const SCOPE = "https://vault.azure.net/.default";
const POD = { name: "web-0", namespace: "shop", uid: "u-1", serviceAccountName: "web" };
const AUTHORITY = `https://login.microsoftonline.com/${TENANT}`;

/** Both modes in which the node, not a proof of the pod, decides. */
describe("identity/sign-in signIn by managed identity and pod identity", () => {
  let emulator: Emulator;
  let imds: ImdsDouble;
  let nmi: NmiDouble;
  let local: LocalIdentities;
  let nowMs = 0;

  before(async () => {
    emulator = await startEmulator({ now: () => nowMs });
  });
  after(() => emulator.close());
  beforeEach(async () => {
    nowMs = Date.now();
    const directory = emulator.entra;
    const tenant = directory.tenant(TENANT);
    imds = await startImds({ directory, now: () => nowMs });
    imds.identities.assignSystem(tenant.application({ clientId: SYSTEM }).principal);
    imds.identities.assignUser(tenant.application({ clientId: USER }).principal);
    nmi = await startNmi({ directory, now: () => nowMs });
    nmi.assign(POD, tenant.application({ clientId: USER }).principal);
    local = createLocalIdentities({
      tokenProxyUrl: DEFAULT_TOKEN_PROXY_URL,
      sniName: "",
      apiServerPort: undefined,
      trust: () => Promise.resolve(tls.createSecureContext()),
      addresses: { imdsOrigin: imds.origin, nmiOrigin: nmi.origin },
    });
  });
  afterEach(async () => {
    local.close();
    await imds.close();
    await nmi.close();
  });

  const enter = async (
    identity: IdentityChoice,
    { pod = POD, signal = new AbortController().signal, laterLimitMs = 5_000 } = {},
  ): Promise<SignedIn> =>
    signIn(
      {
        identity,
        tenantId: TENANT,
        pod,
        cloud: await resolveCloud({ name: "AzurePublicCloud", environmentFile: "" }, undefined),
      },
      { httpClient: NO_WAY_OUT, local, now: () => nowMs, laterLimitMs },
      signal,
    );
  const system: IdentityChoice = { mode: "managed-identity", userAssignedIdentityId: "" };
  const user: IdentityChoice = { mode: "managed-identity", userAssignedIdentityId: USER };

  it("signs in as the node, and keeps system- and user-assigned identity apart", async () => {
    const [a, b] = await Promise.all([enter(system), enter(user)]);
    expect([a.mode, a.principal]).to.deep.equal([
      "managed-identity",
      JSON.stringify(["managed-identity", AUTHORITY, TENANT, JSON.stringify(["", SYSTEM])]),
    ]);
    expect(b.principal).to.equal(
      JSON.stringify(["managed-identity", AUTHORITY, TENANT, JSON.stringify([USER, USER])]),
    );
    const [first, second] = await Promise.all([a.credential.getToken(SCOPE), b.credential.getToken(SCOPE)]);
    expect(first?.token).to.not.equal(second?.token);
    expect(a.expiresAtMs).to.equal(first?.expiresOnTimestamp);
    expect(imds.requests).to.have.length(2);
  });

  it("signs in as the pod's identity, a principal of this pod alone", async () => {
    const { mode, principal, credential } = await enter({ mode: "pod-identity" });
    expect([mode, principal]).to.deep.equal([
      "pod-identity",
      JSON.stringify(["pod-identity", AUTHORITY, TENANT, JSON.stringify(["shop/web-0/u-1", USER])]),
    ]);
    expect((await credential.getToken(SCOPE))?.expiresOnTimestamp).to.be.above(nowMs);
    const again = await enter({ mode: "pod-identity" }, { pod: { ...POD, uid: "u-2" } });
    expect(again.principal).to.not.equal(principal);
  });

  for (const identity of [system, { mode: "pod-identity" } as const]) {
    describe(`the credential of ${identity.mode}`, () => {
      const requests = (): number => imds.requests.length + nmi.requests.length;

      it("answers from memory until a minute before the end, then asks once for all", async () => {
        const { credential } = await enter(identity);
        const first = await credential.getToken(SCOPE);
        nowMs = (first?.expiresOnTimestamp ?? 0) - 60_001;
        expect((await credential.getToken(SCOPE))?.token).to.equal(first?.token);
        expect(requests()).to.equal(1);
        nowMs += 1;
        const renewed = await Promise.all(Array.from({ length: 20 }, () => credential.getToken(SCOPE)));
        expect(new Set(renewed.map((token) => token?.token))).to.have.property("size", 1);
        expect(renewed[0]?.token).to.not.equal(first?.token);
        expect(requests()).to.equal(2);
      });

      it("asks anew when the vault wants other claims", async () => {
        const { credential } = await enter(identity);
        await credential.getToken(SCOPE, { claims: '{"access_token":{}}' });
        expect(requests()).to.equal(2);
      });

      it("asks for no other resource than this cloud's vaults", async () => {
        const { credential } = await enter(identity);
        const error = await failureOf(
          credential.getToken("https://management.azure.com/.default") as Promise<unknown>,
          ProviderError,
        );
        expect(error.code).to.equal("SIGN_IN_REJECTED");
        expect(requests()).to.equal(1);
      });
    });
  }

  it("is another principal once the service answers with another identity, and no token of that is given out", async () => {
    const before = await enter({ mode: "pod-identity" });
    nmi.assign(POD, emulator.entra.tenant(TENANT).application({ clientId: SYSTEM }).principal);
    const later = before.credential.getToken(SCOPE, { claims: '{"access_token":{}}' });
    const error = await failureOf(later as Promise<unknown>, ProviderError);
    expect(error.code).to.equal("SIGN_IN_REJECTED");
    expect((await enter({ mode: "pod-identity" })).principal).to.not.equal(before.principal);
  });

  it("passes a refusal on", async () => {
    imds.identities.removeUser(USER);
    expect((await failureOf(enter(user), ProviderError)).message).to.contain("Identity not found");
    nmi.unassign(POD);
    expect((await failureOf(enter({ mode: "pod-identity" }), ProviderError)).message).to.contain("403");
  });

  it("ends with its caller", async () => {
    imds.faults.add({ kind: "hang" });
    nmi.faults.add({ kind: "hang" });
    for (const identity of [system, { mode: "pod-identity" } as const]) {
      const error = await failureOf(enter(identity, { signal: AbortSignal.timeout(50) }), ProviderError);
      expect(error.code).to.equal("CALL_DEADLINE_EXCEEDED");
    }
  });

  it("ends a later exchange by a limit of its own, which is no call's deadline", async () => {
    for (const [identity, service] of [
      [system, imds],
      [{ mode: "pod-identity" }, nmi],
    ] as const) {
      const { credential } = await enter(identity, { laterLimitMs: 50 });
      service.faults.add({ kind: "hang" });
      const later = credential.getToken(SCOPE, { claims: '{"access_token":{}}' });
      const error = await failureOf(later as Promise<unknown>, ProviderError);
      expect(error.code).to.equal("SIGN_IN_UNREACHABLE");
      expect(error.message).to.equal(
        "the node's token service gave no further token within 0.05 s; check that it can be reached from this node",
      );
    }
  });
});
