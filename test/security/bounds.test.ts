import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { resolveCloud } from "../../src/cloud/resolve-cloud.js";
import type { LocalIdentities } from "../../src/identity/local-identities.js";
import {
  ProvenIdentities,
  type ProvenIdentitiesOptions,
} from "../../src/identity/proofs/proven-identities.js";
import { ServedPaths } from "../../src/mount/served-paths.js";

const MAX_PROOFS = 10;
const HOUR_MS = 3_600_000;
/** The tables look at their clock once a millisecond. */
const TABLES_LOOK_AGAIN_MS = 5;

/** A node whose metadata service takes every identity for its own. */
function make(options: Partial<ProvenIdentitiesOptions> = {}) {
  const asked: string[] = [];
  const clock = { steadyMs: 1_000, wallMs: 1_700_000_000_000 };
  const managedIdentity = {
    requestToken: (id: string) => {
      asked.push(id);
      const token = { token: `token-${asked.length}`, expiresOnTimestamp: clock.wallMs + 24 * HOUR_MS };
      return Promise.resolve({ token, clientId: id });
    },
  };
  const identities = new ProvenIdentities({
    httpClient: { sendRequest: () => Promise.reject(new Error("nobody is to be asked")) },
    local: { managedIdentity } as unknown as LocalIdentities,
    maxProofs: MAX_PROOFS,
    clock: () => clock.steadyMs,
    now: () => clock.wallMs,
    ...options,
  });
  const prove = async (userAssignedIdentityId: string): Promise<string> => {
    const { principal } = await identities.prove(
      {
        identity: { mode: "managed-identity", userAssignedIdentityId },
        tenantId: "contoso.example",
        pod: { name: "shop", namespace: "team", uid: "1", serviceAccountName: "shop" },
        cloud: await resolveCloud({ name: "AzurePublicCloud", environmentFile: "" }, undefined),
      },
      { signal: new AbortController().signal, deadlineMs: Infinity },
    );
    return principal;
  };
  return { identities, prove, asked, clock };
}

describe("what is remembered is bounded", () => {
  it("proofs by number: the one used longest ago makes room, and signs in anew", async () => {
    const { identities, prove, asked } = make();
    for (let i = 0; i < 5 * MAX_PROOFS; i += 1) {
      await prove(`id-${i}`);
      await prove("in-use");
      expect(identities.size).to.be.at.most(MAX_PROOFS);
    }
    expect(asked.filter((id) => id === "in-use")).to.have.length(1);
    await prove("id-0");
    expect(asked.filter((id) => id === "id-0")).to.have.length(2);
  });

  it("proofs by age: one hour, though the token lives for a day", async () => {
    const { prove, asked, clock } = make();
    await prove("one");
    clock.steadyMs += HOUR_MS - 1;
    clock.wallMs += HOUR_MS - 1;
    await prove("one");
    expect(asked).to.have.length(1);
    clock.steadyMs += 2;
    clock.wallMs += 2;
    await prove("one");
    expect(asked).to.have.length(2);
  });

  it("proofs by age on either clock: the steady one stands still while a machine sleeps", async () => {
    const { prove, asked, clock } = make();
    await prove("one");
    clock.wallMs += HOUR_MS;
    await prove("one");
    expect(asked).to.have.length(2);
    clock.wallMs -= 10 * HOUR_MS;
    clock.steadyMs += HOUR_MS + 1;
    await sleep(TABLES_LOOK_AGAIN_MS);
    await prove("one");
    expect(asked).to.have.length(3);
  });

  it("a proof that was dropped is not the one that came after it", async () => {
    const { identities, asked } = make();
    const request = {
      identity: { mode: "managed-identity", userAssignedIdentityId: "one" },
      tenantId: "contoso.example",
      pod: { name: "shop", namespace: "team", uid: "1", serviceAccountName: "shop" },
      cloud: await resolveCloud({ name: "AzurePublicCloud", environmentFile: "" }, undefined),
    } as const;
    const call = { signal: new AbortController().signal, deadlineMs: Infinity };
    const first = await identities.prove(request, call);
    first.forget();
    await identities.prove(request, call);
    first.forget(); // a late 401 of the old token
    await identities.prove(request, call);
    expect(asked).to.have.length(2);
  });

  it("paths by number, length and age", async () => {
    let nowMs = 1_000;
    const paths = new ServedPaths({ maxPaths: 3, now: () => nowMs });
    const long = `/${"x".repeat(4_096)}`;
    for (const path of ["/1", "/2", "/3", "/4", long, ""]) paths.add(path);
    expect(["/1", "/2", "/3", "/4", long, ""].filter((path) => paths.has(path))).to.deep.equal([
      "/2",
      "/3",
      "/4",
    ]);
    nowMs += 6 * HOUR_MS + 1;
    await sleep(TABLES_LOOK_AGAIN_MS);
    expect(paths.has("/4")).to.equal(false);
  });
});
