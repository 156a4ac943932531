import { createHttpHeaders, createPipelineRequest, type HttpClient } from "@azure/core-rest-pipeline";
import { expect } from "chai";
import { NetworkError } from "../../../src/network/network-error.js";
import { stayOnOrigin } from "../../../src/network/stay-on-origin.js";

const VAULT = "https://name.vault.azure.net";

/** A client that answers every request alike and counts them. */
function answering(status: number, headers: Record<string, string> = {}): HttpClient & { sent: string[] } {
  const sent: string[] = [];
  return {
    sent,
    sendRequest(request) {
      sent.push(request.url);
      return Promise.resolve({ request, status, headers: createHttpHeaders(headers), bodyAsText: "" });
    },
  };
}

async function failureOf(client: HttpClient, url: string): Promise<NetworkError> {
  const outcome: unknown = await client
    .sendRequest(createPipelineRequest({ url }))
    .catch((error: unknown) => error);
  expect(outcome).to.be.instanceOf(NetworkError);
  return outcome as NetworkError;
}

describe("network/stay-on-origin stayOnOrigin", () => {
  for (const url of [`${VAULT}/secrets/a`, `${VAULT}:443/secrets/a?x=1`, "HTTPS://NAME.vault.azure.NET/"]) {
    it(`lets ${url} through`, async () => {
      const inner = answering(200);
      const response = await stayOnOrigin(inner, [VAULT]).sendRequest(createPipelineRequest({ url }));
      expect(response.status).to.equal(200);
      expect(inner.sent).to.deep.equal([url]);
    });
  }

  const elsewhere = [
    "http://name.vault.azure.net/",
    "https://name.vault.azure.net:8443/",
    "https://other.vault.azure.net/",
    "https://name.vault.azure.net.evil.example/",
    "https://name.vault.azure.net@evil.example/",
    "https://evil.example/?https://name.vault.azure.net/",
    "https:evil.example",
    "//evil.example/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "",
  ];
  for (const url of elsewhere) {
    it(`sends nothing to "${url}"`, async () => {
      const inner = answering(200);
      expect((await failureOf(stayOnOrigin(inner, [VAULT]), url)).kind).to.equal("off-origin");
      expect(inner.sent).to.deep.equal([]);
    });
  }

  it("says where it may go, and cuts a host of any length", async () => {
    const client = stayOnOrigin(answering(200), [VAULT]);
    const failure = await failureOf(client, "https://evil.example/secret?token=x");
    expect(failure.message).to.equal(`a request to evil.example was refused: only ${VAULT} may be asked`);
    const long = await failureOf(client, `https://${"a.".repeat(50_000)}example/`);
    expect(long.message.length).to.be.lessThan(400);
  });

  for (const status of [301, 302, 303, 307, 308]) {
    it(`makes HTTP ${String(status)} an error, also on the same host`, async () => {
      const client = stayOnOrigin(answering(status, { location: "/elsewhere" }), [VAULT]);
      const failure = await failureOf(client, `${VAULT}/secrets/a`);
      expect(failure.kind).to.equal("redirect");
      expect(failure.status).to.equal(status);
    });
  }

  const locations = [
    { location: "https://evil.example/?code=SECRET", words: ", a redirect to evil.example; " },
    { location: "http://name.vault.azure.net/", words: ", a redirect to name.vault.azure.net; " },
    { location: "https://[", words: ", a redirect; " },
    { location: "", words: ", a redirect to name.vault.azure.net; " },
  ];
  for (const { location, words } of locations) {
    it(`names no more than the host of "${location}"`, async () => {
      const client = stayOnOrigin(answering(307, location === "" ? {} : { location }), [VAULT]);
      const failure = await failureOf(client, `${VAULT}/secrets/a`);
      expect(failure.message).to.equal(
        `name.vault.azure.net answered HTTP 307${words}redirects are not followed`,
      );
    });
  }

  for (const status of [200, 300, 304, 401, 404, 429, 500]) {
    it(`passes HTTP ${String(status)} on`, async () => {
      const client = stayOnOrigin(answering(status), [VAULT]);
      expect((await client.sendRequest(createPipelineRequest({ url: VAULT }))).status).to.equal(status);
    });
  }
});
