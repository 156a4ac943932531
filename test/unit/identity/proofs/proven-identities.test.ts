import { expect } from "chai";
import { ProviderError } from "../../../../src/errors/provider-error.js";
import type { SignInRequest } from "../../../../src/identity/sign-in.js";
import { Sensitive } from "../../../../src/model/sensitive.js";
import { failureOf } from "../support.js";
import {
  CLOUD,
  makeProofs,
  never,
  principal,
  serviceAccountToken,
  tokenOf,
  workload,
} from "./fake-authority.js";

const REFUSAL = { error: "invalid_client", error_description: "AADSTS700016: not found." };

describe("identity/proofs/proven-identities ProvenIdentities", () => {
  it("remembers an accepted proof: the second mount asks nobody", async () => {
    const { prove, accept, exchanges, outcomes } = makeProofs();
    const first = await accept(workload());
    const second = await prove(workload());
    expect(second.principal).to.equal(first.principal);
    expect(await tokenOf(second)).to.equal("access-1");
    expect(exchanges).to.have.length(1);
    expect(outcomes).to.deep.equal(["accepted", "remembered"]);
  });

  const OTHERS: readonly { what: string; first: SignInRequest; second: SignInRequest; isSame: boolean }[] = [
    {
      what: "another token of the same service account",
      first: workload(),
      second: workload({ token: serviceAccountToken("web", 7_200) }),
      isSame: true,
    },
    {
      what: "another signature",
      first: workload(),
      second: workload({ token: `${serviceAccountToken("web")}x` }),
      isSame: true,
    },
    { what: "another client", first: workload(), second: workload({ clientId: "client-2" }), isSame: false },
    { what: "another tenant", first: workload(), second: workload({ tenantId: "tenant-2" }), isSame: false },
    { what: "another secret", first: principal("right"), second: principal("wrong"), isSame: true },
    {
      what: "another mode with the same text",
      first: workload({ token: "a" }),
      second: principal("a"),
      isSame: false,
    },
    {
      what: "another cloud's vaults",
      first: workload(),
      second: { ...workload(), cloud: { ...CLOUD, vaultDnsSuffix: "vault.other.example" } },
      isSame: true,
    },
  ];
  for (const { what, first, second, isSame } of OTHERS) {
    it(`lets ${what} prove itself, with an access token of its own`, async () => {
      const { accept, exchanges } = makeProofs();
      const one = await accept(first);
      const two = await accept(second);
      expect(exchanges).to.have.length(2);
      expect([await tokenOf(one), await tokenOf(two)]).to.deep.equal(["access-1", "access-2"]);
      expect(one.principal === two.principal, "the same principal").to.equal(isSame);
    });
  }

  it("shares one exchange between calls with one proof, and no other", async () => {
    const { prove, exchange, exchanges, outcomes } = makeProofs();
    const same = [prove(workload()), prove(workload()), prove(workload({ pod: "web-1" }))];
    const other = prove(workload({ token: serviceAccountToken("other") }));
    (await exchange(0)).grant();
    (await exchange(1)).grant();
    const tokens = await Promise.all((await Promise.all(same)).map(tokenOf));
    expect(new Set(tokens).size).to.equal(1);
    expect(tokens).not.to.include(await tokenOf(await other));
    expect(exchanges).to.have.length(2);
    expect(outcomes.sort()).to.deep.equal(["accepted", "accepted", "joined", "joined"]);
  });

  it("goes on for the others when the call that began gives up, and stops when all have", async () => {
    const { prove, exchange } = makeProofs();
    const leader = new AbortController();
    const led = failureOf(prove(workload(), leader.signal), ProviderError);
    const joined = prove(workload());
    const running = await exchange(0);
    leader.abort(new ProviderError("CALL_CANCELLED", "gone"));
    expect((await led).code).to.equal("CALL_CANCELLED");
    expect(running.signal?.aborted).to.equal(false);
    running.grant();
    expect(await tokenOf(await joined)).to.equal("access-1");

    const last = new AbortController();
    const alone = failureOf(prove(workload({ clientId: "client-2" }), last.signal), ProviderError);
    const left = await exchange(1);
    last.abort(new ProviderError("CALL_CANCELLED", "gone"));
    await alone;
    expect(left.signal?.aborted).to.equal(true);
  });

  describe("remembers until the earliest of", () => {
    const ENDS: readonly { what: string; tokenEndsS: number; accessEndsS: number; keptS: number }[] = [
      { what: "one hour", tokenEndsS: 86_400, accessEndsS: 86_400, keptS: 3_600 },
      { what: "the service-account token's end", tokenEndsS: 600, accessEndsS: 86_400, keptS: 600 },
      { what: "the access token's end, less a minute", tokenEndsS: 86_400, accessEndsS: 1_000, keptS: 940 },
    ];
    for (const { what, tokenEndsS, accessEndsS, keptS } of ENDS) {
      it(what, async () => {
        const { prove, accept, pass, exchanges, exchange } = makeProofs();
        const request = workload({ token: serviceAccountToken("web", tokenEndsS) });
        await accept(request, accessEndsS);
        pass(keptS - 2); // the SDK counts the access token from the whole second
        await prove(request);
        expect(exchanges).to.have.length(1);
        pass(4);
        const again = prove(request);
        (await exchange(1)).grant();
        await again;
      });
    }

    it("nothing at all for a token without an end, or an access token that is about to end", async () => {
      const { accept, identities } = makeProofs();
      await accept(workload({ token: "no.claims.here" }));
      await accept(workload({ clientId: "client-2" }), 50);
      expect(identities.size).to.equal(0);
    });

    it("one hour, for a secret", async () => {
      const { accept, prove, pass, exchange } = makeProofs();
      await accept(principal("right"), 86_400);
      pass(3_601);
      const again = prove(principal("right"));
      (await exchange(1)).grant();
      await again;
    });
  });

  it("remembers no more proofs than it has room for; the one used longest ago makes room", async () => {
    const { accept, prove, identities, exchange } = makeProofs({ maxProofs: 2 });
    for (const client of ["a", "b"]) await accept(workload({ clientId: client }));
    await prove(workload({ clientId: "a" }));
    await accept(workload({ clientId: "c" }));
    expect(identities.size).to.equal(2);
    await prove(workload({ clientId: "a" }));
    const again = prove(workload({ clientId: "b" }));
    (await exchange(3)).grant();
    await again;
  });

  it("forgets a proof whose token a vault does not take any more, but not a newer one of it", async () => {
    const { accept, identities } = makeProofs();
    const first = await accept(workload());
    first.forget();
    expect(identities.size).to.equal(0);
    await accept(workload());
    first.forget();
    expect(identities.size).to.equal(1);
  });

  it("forgets a proof at once when a vault challenges its token", async () => {
    const { accept, identities, exchange } = makeProofs();
    const { credential } = await accept(workload());
    const renewed = credential.getToken(CLOUD.vaultScope, { claims: '{"access_token":{}}' });
    expect(identities.size).to.equal(0);
    (await exchange(1)).grant();
    await renewed;
    expect(identities.size, "the renewal is no sign-in").to.equal(0);
  });

  it("does not remember a refusal as a proof, and pauses for this pod and this proof only", async () => {
    const { prove, accept, exchange, exchanges, outcomes, pass } = makeProofs();
    const refused = failureOf(prove(workload()), ProviderError);
    (await exchange(0)).refuse(401, REFUSAL);
    expect((await refused).code).to.equal("SIGN_IN_REJECTED");
    const paused = await failureOf(prove(workload()), ProviderError);
    expect(paused.code).to.equal("SIGN_IN_REJECTED");
    expect(paused.message).to.match(/AADSTS700016.*tried again in 1\.0 s at the earliest/);
    expect(exchanges).to.have.length(1);
    expect(outcomes).to.deep.equal(["failed", "paused"]);
    await accept(workload({ pod: "web-1" }));
    await accept(workload({ token: serviceAccountToken("web", 7_200) }));
    pass(1);
    await prove(workload()); // pod web-1 has proven it since
  });

  it("ends the pause with the first success", async () => {
    const { prove, accept, exchange, pass } = makeProofs();
    for (const index of [0, 1]) {
      const refused = failureOf(prove(workload()), ProviderError);
      (await exchange(index)).refuse(401, REFUSAL);
      await refused;
      pass(2);
    }
    (await accept(workload())).forget();
    const refused = failureOf(prove(workload()), ProviderError);
    (await exchange(3)).refuse(401, REFUSAL);
    await refused;
    const paused = await failureOf(prove(workload()), ProviderError);
    expect(paused.message).to.contain("tried again in 1.0 s");
  });

  it("does not pause after a call that was given up", async () => {
    const { prove, accept, exchange } = makeProofs();
    const caller = new AbortController();
    const failed = failureOf(prove(workload(), caller.signal), ProviderError);
    await exchange(0);
    caller.abort(new ProviderError("CALL_CANCELLED", "gone"));
    await failed;
    await accept(workload());
  });

  describe("when an authority is asked too much", () => {
    const throttled = async (proofs: ReturnType<typeof makeProofs>): Promise<ProviderError> => {
      const failed = failureOf(proofs.prove(workload(), never, proofs.passedMs() + 10_000), ProviderError);
      (await proofs.exchange(0)).refuse(429, {}, { "retry-after": "30" });
      return await failed;
    };

    it("tells those whose deadline would pass at once, with the time, and asks no more", async () => {
      const proofs = makeProofs();
      const first = await throttled(proofs);
      expect(first.code).to.equal("SIGN_IN_THROTTLED");
      expect(first.message).to.match(/login\.microsoftonline\.com answered HTTP 429.* for another 30 s/);
      const second = failureOf(
        proofs.prove(workload({ pod: "web-1", token: serviceAccountToken("b") }), never, 11_000),
        ProviderError,
      );
      expect((await second).message).to.contain("for another 30 s");
      expect(proofs.exchanges).to.have.length(1);
    });

    it("keeps no pause of its own beside the gate's", async () => {
      const proofs = makeProofs();
      await throttled(proofs);
      const again = await failureOf(proofs.prove(workload(), never, 11_000), ProviderError);
      expect(again.message).not.to.contain("at the earliest");
    });

    it("stops this client of this tenant at this authority only", async () => {
      const proofs = makeProofs();
      await throttled(proofs);
      const elsewhere = { ...CLOUD, authorityHost: "https://login.microsoftonline.us" };
      for (const request of [
        workload({ clientId: "client-2" }),
        workload({ tenantId: "tenant-2" }),
        { ...workload(), cloud: elsewhere },
      ]) {
        await proofs.accept(request);
      }
    });

    it("holds for the cluster's token proxy alike, apart from the authority itself", async () => {
      const proofs = makeProofs();
      const { tenantId, cloud, pod } = workload();
      const federatedToken = new Sensitive(serviceAccountToken("web"));
      const binding: SignInRequest = {
        identity: { mode: "identity-binding", clientId: "client-1", federatedToken },
        tenantId,
        cloud,
        pod,
      };
      const fail = () => failureOf(proofs.prove(binding, never, 11_000), ProviderError);
      const first = fail();
      (await proofs.exchange(0)).refuse(429, {}, { "retry-after": "30" });
      for (const { message } of [await first, await fail()]) expect(message).to.contain("for another 30 s");
      expect(proofs.exchanges).to.have.length(1);
      await proofs.accept(workload());
    });

    it("lets those wait who have the time, and then asks by one", async () => {
      const proofs = makeProofs({ throttle: { baseDelayMs: 10 }, clock: () => performance.now() });
      const waiting = ["a", "b", "c"].map((name) =>
        proofs.prove(workload({ token: serviceAccountToken(name), pod: name })),
      );
      for (const index of [0, 1, 2]) (await proofs.exchange(index)).refuse(429);
      const probe = await proofs.exchange(3);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(proofs.exchanges, "a single probe").to.have.length(4);
      probe.grant();
      (await proofs.exchange(4)).grant();
      (await proofs.exchange(5)).grant();
      const tokens = await Promise.all((await Promise.all(waiting)).map(tokenOf));
      expect(new Set(tokens).size).to.equal(3);
    });
  });
});
