import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { expect } from "chai";
import { NetworkError, type NetworkErrorKind } from "../../../src/network/network-error.js";
import { withRetries, type Retry, type RetryOptions } from "../../../src/network/retry.js";

type Answer = { status: number; headers?: Record<string, string> } | Error;

/** Gives the answers one after another, the last one for ever. */
class ScriptedClient implements HttpClient {
  tries = 0;
  readonly #answers: readonly Answer[];

  constructor(answers: readonly Answer[]) {
    this.#answers = answers;
  }

  sendRequest(request: Parameters<HttpClient["sendRequest"]>[0]): Promise<PipelineResponse> {
    const answer = this.#answers[Math.min(this.tries, this.#answers.length - 1)];
    this.tries += 1;
    if (answer === undefined || answer instanceof Error)
      return Promise.reject(answer ?? new Error("no answer"));
    return Promise.resolve({ request, status: answer.status, headers: createHttpHeaders(answer.headers) });
  }
}

interface Run {
  readonly tries: number;
  readonly delaysMs: readonly number[];
  readonly outcome: number | NetworkErrorKind | "other error";
}

async function run(answers: readonly Answer[], options: RetryOptions = {}): Promise<Run> {
  const inner = new ScriptedClient(answers);
  const delaysMs: number[] = [];
  const client = withRetries(inner, {
    random: () => 1,
    now: () => Date.parse("2026-11-24T08:00:00Z"),
    sleep: (delayMs) => {
      delaysMs.push(delayMs);
      return Promise.resolve();
    },
    ...options,
  });
  const outcome = await client
    .sendRequest(createPipelineRequest({ url: "https://name.vault.azure.net/" }))
    .then(({ status }) => status)
    .catch((error: unknown) => (error instanceof NetworkError ? error.kind : "other error"));
  return { tries: inner.tries, delaysMs, outcome };
}

const failed = (kind: NetworkErrorKind, systemCode?: string, status?: number): NetworkError =>
  new NetworkError(kind, kind, {
    host: "h",
    ...(systemCode === undefined ? {} : { systemCode }),
    ...(status === undefined ? {} : { status }),
  });

describe("network/retry withRetries", () => {
  describe("what is tried again", () => {
    const cases: { name: string; answer: Answer; isRetried: boolean }[] = [
      ...[408, 500, 502, 503, 504].map((status) => ({
        name: `HTTP ${String(status)}`,
        answer: { status },
        isRetried: true,
      })),
      ...[200, 204, 304, 400, 401, 403, 404, 409, 501, 505].map((status) => ({
        name: `HTTP ${String(status)}`,
        answer: { status },
        isRetried: false,
      })),
      { name: "timeout", answer: failed("timeout"), isRetried: true },
      { name: "connect", answer: failed("connect", "ECONNREFUSED"), isRetried: true },
      { name: "reset", answer: failed("reset", "ECONNRESET"), isRetried: true },
      { name: "dns not ready", answer: failed("dns", "EAI_AGAIN"), isRetried: true },
      { name: "dns, no such name", answer: failed("dns", "ENOTFOUND"), isRetried: false },
      { name: "proxy unreachable", answer: failed("proxy", "ECONNREFUSED"), isRetried: true },
      { name: "proxy cannot reach", answer: failed("proxy", undefined, 502), isRetried: true },
      { name: "proxy refuses", answer: failed("proxy", undefined, 407), isRetried: false },
      { name: "proxy setting unusable", answer: failed("proxy"), isRetried: false },
      { name: "tls", answer: failed("tls", "CERT_HAS_EXPIRED"), isRetried: false },
      { name: "too large", answer: failed("too-large"), isRetried: false },
      { name: "off origin", answer: failed("off-origin"), isRetried: false },
      { name: "redirect", answer: failed("redirect", undefined, 307), isRetried: false },
      { name: "invalid answer", answer: failed("invalid-answer"), isRetried: false },
      { name: "invalid request", answer: failed("invalid-request"), isRetried: false },
      { name: "aborted", answer: failed("aborted"), isRetried: false },
      { name: "an error that is not of the network", answer: new TypeError("bug"), isRetried: false },
    ];
    for (const { name, answer, isRetried } of cases) {
      it(`${name}: ${isRetried ? "yes" : "no"}`, async () => {
        const { tries } = await run([answer, { status: 200 }]);
        expect(tries).to.equal(isRetried ? 2 : 1);
      });
    }
  });

  describe("how often", () => {
    for (const { maxRetries, failures, tries, outcome } of [
      { maxRetries: 2, failures: 1, tries: 2, outcome: 200 },
      { maxRetries: 2, failures: 2, tries: 3, outcome: 200 },
      { maxRetries: 2, failures: 3, tries: 3, outcome: 503 },
      { maxRetries: 0, failures: 1, tries: 1, outcome: 503 },
    ]) {
      it(`${String(failures)} failures with at most ${String(maxRetries)} retries: ${String(outcome)}`, async () => {
        const answers: Answer[] = Array.from({ length: failures }, () => ({ status: 503 }));
        const result = await run([...answers, { status: 200 }], { maxRetries });
        expect(result).to.include({ tries, outcome });
      });
    }

    it("throws the last error as it came", async () => {
      expect(
        await run([failed("timeout"), failed("timeout"), failed("timeout"), failed("reset")]),
      ).to.include({
        tries: 4,
        outcome: "reset",
      });
    });
  });

  describe("how long it waits", () => {
    const throttled = (headers: Record<string, string> = {}): Answer => ({ status: 503, headers });
    const cases: { name: string; answer: Answer; options?: RetryOptions; delaysMs: number[] }[] = [
      { name: "longest series", answer: throttled(), delaysMs: [500, 1_000, 2_000] },
      {
        name: "shortest series",
        answer: throttled(),
        options: { random: () => 0 },
        delaysMs: [250, 500, 1_000],
      },
      {
        name: "no longer than maxDelayMs",
        answer: failed("reset"),
        options: { maxRetries: 6, maxDelayMs: 3_000 },
        delaysMs: [500, 1_000, 2_000, 3_000, 3_000, 3_000],
      },
      { name: "Retry-After in seconds", answer: throttled({ "Retry-After": "7" }), delaysMs: [7_500] },
      {
        name: "Retry-After 0",
        answer: throttled({ "Retry-After": "0" }),
        options: { random: () => 0 },
        delaysMs: [0],
      },
      {
        name: "Retry-After as a date",
        answer: throttled({ "Retry-After": "Tue, 24 Nov 2026 08:00:09 GMT" }),
        delaysMs: [9_500],
      },
      {
        name: "a date that has passed",
        answer: throttled({ "Retry-After": "Tue, 24 Nov 2026 07:00:00 GMT" }),
        delaysMs: [500],
      },
      { name: "retry-after-ms", answer: throttled({ "retry-after-ms": "1200" }), delaysMs: [1_700] },
      {
        name: "x-ms-retry-after-ms",
        answer: throttled({ "x-ms-retry-after-ms": "1200" }),
        delaysMs: [1_700],
      },
      { name: "29 s", answer: throttled({ "Retry-After": "29" }), delaysMs: [29_500] },
      { name: "30 s", answer: throttled({ "Retry-After": "30" }), delaysMs: [30_000] },
      { name: "31 s", answer: throttled({ "Retry-After": "31" }), delaysMs: [30_000] },
      { name: "a year", answer: throttled({ "Retry-After": "31536000" }), delaysMs: [30_000] },
      {
        name: "503 with Retry-After",
        answer: { status: 503, headers: { "Retry-After": "2" } },
        delaysMs: [2_500],
      },
      { name: "nonsense", answer: throttled({ "Retry-After": "soon" }), delaysMs: [500] },
      { name: "a negative number", answer: throttled({ "Retry-After": "-5" }), delaysMs: [500] },
      { name: "1e9", answer: throttled({ "retry-after-ms": "1e9" }), delaysMs: [500] },
    ];
    for (const { name, answer, options, delaysMs } of cases) {
      it(name, async () => {
        const result = await run([answer], { maxRetries: delaysMs.length, ...options });
        expect(result.delaysMs).to.deep.equal(delaysMs);
      });
    }
  });

  it("tells what it is about to do", async () => {
    const retries: Retry[] = [];
    await run([{ status: 503, headers: { "Retry-After": "1" } }, failed("timeout"), { status: 200 }], {
      onRetry: (retry) => retries.push(retry),
    });
    expect(retries).to.deep.equal([
      { retry: 1, delayMs: 1_500, cause: 503, host: "name.vault.azure.net" },
      { retry: 2, delayMs: 1_000, cause: "timeout", host: "name.vault.azure.net" },
    ]);
  });

  it("ends the wait, and the series, when the caller gives up", async () => {
    const inner = new ScriptedClient([{ status: 503, headers: { "Retry-After": "3600" } }]);
    const controller = new AbortController();
    const client = withRetries(inner, {
      onRetry: () => {
        setImmediate(() => {
          controller.abort();
        });
      },
    });
    const url = "https://name.vault.azure.net/";
    const failure: unknown = await client
      .sendRequest(createPipelineRequest({ url, abortSignal: controller.signal }))
      .catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(NetworkError).and.include({ kind: "aborted" });
    expect(inner.tries).to.equal(1);
  });
});
