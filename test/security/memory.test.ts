import { createHttpHeaders, createPipelineRequest, type HttpClient } from "@azure/core-rest-pipeline";
import { expect } from "chai";
import { ProviderError } from "../../src/errors/provider-error.js";
import { rememberDiscovery } from "../../src/identity/discovery-memory.js";
import { RefusedProofs } from "../../src/identity/proofs/refused-proofs.js";

describe("what stays in memory", () => {
  it("of a refused sign-in is its code and words, and nothing that it was thrown through", () => {
    const refused = new RefusedProofs(() => 1_000);
    const proof = { clientSecret: "hush" };
    refused.add("pod", new ProviderError("SIGN_IN_REJECTED", "AADSTS7000215", { cause: proof }));
    let thrown: unknown;
    try {
      refused.check("pod");
    } catch (error) {
      thrown = error;
    }
    expect(thrown).to.be.instanceOf(ProviderError);
    expect(thrown).to.have.property("message").that.contains("AADSTS7000215");
    expect(thrown).not.to.have.property("cause");
  });

  it("of a vault's answer is nothing under a document's name, nor is one request's answer another's", async () => {
    // objectName ".well-known", objectVersion "openid-configuration"
    const url = "https://kv.vault.azure.net/secrets/.well-known/openid-configuration";
    const seen: string[] = [];
    const vault: HttpClient = {
      sendRequest: async (request) => {
        await Promise.resolve();
        const as = request.headers.get("authorization") ?? "";
        seen.push(as);
        return { request, status: 200, headers: createHttpHeaders(), bodyAsText: `for ${as}` };
      },
    };
    const client = rememberDiscovery(vault);
    const ask = async (as: string): Promise<unknown> => {
      const headers = createHttpHeaders({ authorization: as });
      return (await client.sendRequest(createPipelineRequest({ url, headers }))).bodyAsText;
    };
    expect(await Promise.all([ask("victim"), ask("thief")])).to.deep.equal(["for victim", "for thief"]);
    expect(await ask("thief")).to.equal("for thief");
    expect(seen).to.deep.equal(["victim", "thief", "thief"]);
  });
});
