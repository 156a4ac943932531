import { createHttpHeaders, createPipelineRequest, type HttpClient } from "@azure/core-rest-pipeline";
import { expect } from "chai";
import { requireJsonAnswers } from "../../../src/network/json-answers.js";
import { NetworkError } from "../../../src/network/network-error.js";

const URL_ASKED = "https://name.vault.azure.net/secrets/a";

function answering(status: number, contentType: string | undefined, bodyAsText: string | null): HttpClient {
  const headers = createHttpHeaders(contentType === undefined ? {} : { "Content-Type": contentType });
  return { sendRequest: (request) => Promise.resolve({ request, status, headers, bodyAsText }) };
}

interface Case {
  readonly name: string;
  readonly type: string | undefined;
  readonly body: string | null;
  readonly passes: boolean;
  /** What happens when every body must be JSON; the same as `passes` where absent. */
  readonly passesWithEveryBody?: boolean;
}

const CASES: readonly Case[] = [
  { name: "JSON", type: "application/json; charset=utf-8", body: '{"value":"SECRET"}', passes: true },
  { name: "a JSON number", type: "application/json", body: "1", passes: true },
  { name: "JSON with __proto__", type: "application/json", body: '{"__proto__":{"a":1}}', passes: true },
  { name: "an empty body", type: "application/json", body: "", passes: true },
  { name: "no body", type: "application/json", body: null, passes: true },
  { name: "truncated JSON", type: "application/json", body: '{"value":"SECRET', passes: false },
  { name: "HTML that claims to be JSON", type: "application/json", body: "<html>SECRET", passes: false },
  { name: "upper case type", type: "Application/JSON", body: "SECRET", passes: false },
  { name: "text/json", type: "text/json", body: "SECRET", passes: false },
  { name: "problem+json", type: "application/problem+json", body: "SECRET", passes: false },
  { name: "no type", type: undefined, body: "SECRET", passes: false },
  { name: "JSON with a BOM", type: "application/json", body: "\uFEFF{}", passes: false },
  { name: "HTML", type: "text/html", body: "<html>", passes: true, passesWithEveryBody: false },
  { name: "plain text", type: "text/plain", body: "nope", passes: true, passesWithEveryBody: false },
];

describe("network/json-answers requireJsonAnswers", () => {
  for (const everyBody of [false, true]) {
    describe(`everyBody ${String(everyBody)}`, () => {
      for (const { name, type, body, passes, passesWithEveryBody } of CASES) {
        const expected = everyBody ? (passesWithEveryBody ?? passes) : passes;
        it(`${expected ? "passes" : "refuses"} ${name}`, async () => {
          const client = requireJsonAnswers(answering(403, type, body), { everyBody });
          const sent = client.sendRequest(createPipelineRequest({ url: URL_ASKED }));
          if (expected) {
            expect((await sent).bodyAsText).to.equal(body);
            return;
          }
          const failure: unknown = await sent.catch((error: unknown) => error);
          expect(failure).to.be.instanceOf(NetworkError);
          expect(failure).to.include({ kind: "invalid-answer", status: 403, host: "name.vault.azure.net" });
          expect((failure as Error).message).to.equal(
            "name.vault.azure.net answered HTTP 403 with a body that is not JSON",
          );
          expect((failure as Error).cause).to.equal(undefined);
        });
      }
    });
  }

  it("ends fast, and lives, with a million brackets", async () => {
    const client = requireJsonAnswers(answering(200, "application/json", "[".repeat(1_000_000)));
    const failure: unknown = await client
      .sendRequest(createPipelineRequest({ url: URL_ASKED }))
      .catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(NetworkError);
  });
});
