import {
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
} from "@azure/core-rest-pipeline";
import { expect } from "chai";
import { guardHttpClient } from "../../../src/network/guarded-client.js";
import { NetworkError } from "../../../src/network/network-error.js";

const VAULT = "https://name.vault.azure.net";

/** Answers from the list, one after another; throws what is an error. */
function scripted(answers: ({ status: number; body?: string; location?: string } | Error)[]): {
  client: HttpClient;
  sent: string[];
} {
  const sent: string[] = [];
  const client: HttpClient = {
    sendRequest(request) {
      sent.push(request.url);
      const answer = answers[sent.length - 1];
      if (answer === undefined || answer instanceof Error)
        return Promise.reject(answer ?? new Error("too many"));
      const headers = createHttpHeaders({
        "content-type": "application/json",
        ...(answer.location === undefined ? {} : { location: answer.location }),
      });
      return Promise.resolve({ request, status: answer.status, headers, bodyAsText: answer.body ?? "{}" });
    },
  };
  return { client, sent };
}

/** What comes out at the far end of the SDK's own pipeline, its retries left as they are by default. */
async function throughSdk(client: HttpClient): Promise<number | NetworkError> {
  const guarded = guardHttpClient(client, {
    allowedOrigins: [VAULT],
    retry: { sleep: () => Promise.resolve() },
  });
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
  try {
    return (await pipeline.sendRequest(guarded, createPipelineRequest({ url: `${VAULT}/secrets/a` }))).status;
  } catch (error) {
    expect(error).to.be.instanceOf(NetworkError);
    return error as NetworkError;
  }
}

describe("network/guarded-client guardHttpClient, under the SDK's pipeline", () => {
  it("retries a gateway's page before it looks at its body", async () => {
    const { client, sent } = scripted([
      { status: 503, body: "<html>" },
      { status: 200, body: '{"value":1}' },
    ]);
    expect(await throughSdk(client)).to.equal(200);
    expect(sent).to.have.length(2);
  });

  it("reports that page when it stays", async () => {
    const page = { status: 503, body: "<html>SECRET" };
    const { client, sent } = scripted([page, page, page, page]);
    const failure = await throughSdk(client);
    expect(failure).to.include({ kind: "invalid-answer", status: 503 });
    expect(String(failure)).to.not.include("SECRET");
    expect(sent).to.have.length(4);
  });

  it("hands a network error on as it is, after its own retries only", async () => {
    const reset = new NetworkError("reset", "broken", {
      host: "name.vault.azure.net",
      systemCode: "ECONNRESET",
    });
    const { client, sent } = scripted([reset, reset, reset, reset]);
    expect(await throughSdk(client)).to.equal(reset);
    expect(sent).to.have.length(4);
  });

  it("keeps the SDK from following a redirect", async () => {
    const { client, sent } = scripted([{ status: 307, location: "https://evil.example/" }, { status: 200 }]);
    expect(await throughSdk(client)).to.include({ kind: "redirect", status: 307 });
    expect(sent).to.deep.equal([`${VAULT}/secrets/a`]);
  });
});
