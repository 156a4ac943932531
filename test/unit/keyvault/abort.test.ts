import { expect } from "chai";
import { getEventListeners } from "node:events";
import { ProviderError } from "../../../src/errors/provider-error.js";
import { NetworkError } from "../../../src/network/network-error.js";
import {
  failureOf,
  fakeCredential,
  openFakeVault,
  VAULT,
  type Answer,
  type SeenRequest,
} from "./fake-vault.js";

/** Ends as the real client does: with a NetworkError, once the request's own signal aborts. */
function hang({ signal }: SeenRequest): Promise<Answer> {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => {
      reject(new NetworkError("aborted", "given up", { host: "demo.vault.azure.net" }));
    });
  });
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

describe("keyvault/open-vault abort", () => {
  it("ends a read with the caller's own reason", async () => {
    const { vault, requests, observations } = openFakeVault(hang);
    const caller = new AbortController();
    const reading = vault.read({ type: "secret", name: "web", version: "" }, caller.signal);
    await until(() => requests.length === 1);
    const reason = new ProviderError("CALL_DEADLINE_EXCEEDED", "too late");
    caller.abort(reason);
    expect(await failureOf(reading)).to.equal(reason);
    expect(observations[0]?.errorCode).to.equal("CALL_DEADLINE_EXCEEDED");
  });

  it("reaches the second page of a list, which the SDK asks for without a signal", async () => {
    const { vault, requests } = openFakeVault((request, index) =>
      index === 0
        ? { body: { value: [], nextLink: `${VAULT}/secrets/web/versions?$skiptoken=1` } }
        : hang(request),
    );
    const caller = new AbortController();
    const listing = vault.listVersions({ type: "secret", name: "web" }, caller.signal);
    await until(() => requests.length === 2);
    caller.abort();
    expect((await failureOf(listing)).code).to.equal("CALL_CANCELLED");
    expect(requests[1]?.signal?.aborted).to.equal(true);
  });

  it("sends nothing once aborted", async () => {
    const { vault, requests, credential } = openFakeVault(hang);
    const error = await failureOf(
      vault.read({ type: "secret", name: "web", version: "" }, AbortSignal.abort()),
    );
    expect(error.code).to.equal("CALL_CANCELLED");
    expect(requests).to.deep.equal([]);
    expect(credential.calls).to.deep.equal([]);
  });

  it("does not wait for a credential that hangs", async () => {
    const credential = fakeCredential();
    let asked = false;
    const { vault } = openFakeVault(hang, {
      credential: {
        ...credential,
        getToken: () => {
          asked = true;
          return new Promise<never>(() => undefined);
        },
      },
    });
    const caller = new AbortController();
    const reading = vault.read({ type: "secret", name: "web", version: "" }, caller.signal);
    await until(() => asked);
    caller.abort(new DOMException("late", "TimeoutError"));
    const error = await failureOf(reading);
    expect(error.code).to.equal("CALL_DEADLINE_EXCEEDED");
    expect(error.message).to.equal("the call's deadline has passed");
  });

  it("ends one caller's read and not another's", async () => {
    let release: (answer: Answer) => void = () => undefined;
    const { vault, requests } = openFakeVault((request, index) =>
      index === 0 ? hang(request) : new Promise<Answer>((resolve) => (release = resolve)),
    );
    const caller = new AbortController();
    const first = vault.read({ type: "secret", name: "web", version: "" }, caller.signal);
    await until(() => requests.length === 1);
    const second = vault.read({ type: "secret", name: "web", version: "" }, new AbortController().signal);
    await until(() => requests.length === 2);
    caller.abort();
    expect((await failureOf(first)).code).to.equal("CALL_CANCELLED");
    release({ body: { value: "x", id: `${VAULT}/secrets/web/v1` } });
    expect((await second).version).to.equal("v1");
  });

  it("puts no listener on the caller's signal, which many reads of a mount share", async () => {
    const { vault, requests } = openFakeVault(hang);
    const caller = new AbortController();
    const readings = Array.from({ length: 20 }, () =>
      failureOf(vault.read({ type: "secret", name: "web", version: "" }, caller.signal)),
    );
    await until(() => requests.length === 20);
    expect(getEventListeners(caller.signal, "abort")).to.deep.equal([]);
    caller.abort();
    expect((await Promise.all(readings)).map(({ code }) => code)).to.deep.equal(
      Array.from({ length: 20 }, () => "CALL_CANCELLED"),
    );
  });
});
