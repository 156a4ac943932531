import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from "@azure/core-rest-pipeline";
import { expect } from "chai";
import { ProviderError } from "../../../src/errors/provider-error.js";
import { gatedClient } from "../../../src/network/gated-client.js";
import { NetworkError } from "../../../src/network/network-error.js";
import { ThrottleGate, type ThrottleGateOptions } from "../../../src/network/throttle-gate.js";

type Answer = { status: number; retryAfter?: string } | Error;

function make(answers: Answer[], options: ThrottleGateOptions = {}) {
  const gate = new ThrottleGate({ baseDelayMs: 5, ...options });
  const seen = { sent: 0, waits: [] as number[], throttled: [] as number[] };
  const client = gatedClient(
    {
      sendRequest: (request): Promise<PipelineResponse> => {
        seen.sent += 1;
        const answer = answers.shift();
        if (answer === undefined) throw new Error("asked once more");
        if (answer instanceof Error) return Promise.reject(answer);
        const headers = createHttpHeaders(
          answer.retryAfter === undefined ? {} : { "retry-after": answer.retryAfter },
        );
        return Promise.resolve({ request, status: answer.status, headers });
      },
    },
    {
      gateOf: () => gate,
      place: { principal: "p", urgency: { isUrgent: false } },
      lineFull: () => new ProviderError("VAULT_THROTTLED", "full"),
      onWaited: (ms) => seen.waits.push(ms),
      onThrottled: (ms) => seen.throttled.push(ms),
      now: () => 0,
    },
  );
  return { gate, client, seen };
}

function request(abortSignal?: AbortSignal) {
  return createPipelineRequest({
    url: "https://a.vault.azure.net/secrets/x",
    ...(abortSignal === undefined ? {} : { abortSignal }),
  });
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("network/gated-client gatedClient", () => {
  for (const status of [200, 401, 403, 404, 500, 502, 503]) {
    it(`passes HTTP ${status} on at once`, async () => {
      const { client, gate, seen } = make([{ status }]);
      expect((await client.sendRequest(request())).status).to.equal(status);
      expect(gate.isIdle).to.equal(true);
      expect(seen).to.deep.equal({ sent: 1, waits: [], throttled: [] });
    });
  }

  for (const refusal of [
    { status: 429 },
    { status: 429, retryAfter: "0" },
    { status: 503, retryAfter: "0" },
  ]) {
    it(`sends the request again after ${JSON.stringify(refusal)}`, async () => {
      const { client, seen } = make([refusal, refusal, { status: 200 }]);
      expect((await client.sendRequest(request())).status).to.equal(200);
      expect(seen.sent).to.equal(3);
      expect(seen.throttled).to.have.length(2);
    });
  }

  it("waits for as long as Retry-After says, and tells how long", async () => {
    const { client, seen } = make([{ status: 429, retryAfter: "1" }, { status: 200 }]);
    await client.sendRequest(request());
    expect(seen.throttled[0]).to.be.within(900, 1_000);
    expect(seen.waits).to.have.length(1);
    expect(seen.waits[0]).to.be.at.least(900);
  });

  it("gives its pass back when a request fails", async () => {
    const { client, gate } = make([new Error("broken")]);
    expect(await failureOf(client.sendRequest(request()))).to.have.property("message", "broken");
    expect(gate.isIdle).to.equal(true);
  });

  it("ends when its caller gives up while it waits, without asking again", async () => {
    const { client, seen, gate } = make([{ status: 429, retryAfter: "60" }]);
    const caller = new AbortController();
    const failure = failureOf(client.sendRequest(request(caller.signal)));
    setTimeout(() => {
      caller.abort();
    }, 10);
    expect(await failure)
      .to.be.instanceOf(NetworkError)
      .with.property("kind", "aborted");
    expect(seen.sent).to.equal(1);
    expect(gate.waiting).to.equal(0);
  });

  it("says when the line is full", async () => {
    const { client } = make([{ status: 429, retryAfter: "60" }], { maxWaiting: 0 });
    expect(await failureOf(client.sendRequest(request()))).to.have.property("code", "VAULT_THROTTLED");
  });
});
