import { createHttpHeaders, type HttpClient, type PipelineRequest } from "@azure/core-rest-pipeline";
import { expect } from "chai";
import { ProviderError } from "../../../src/errors/provider-error.js";
import { acquireToken, type EntraIdentity, type Signer } from "../../../src/identity/acquire-token.js";
import { authorityOf } from "../../../src/identity/authority.js";
import type { Cloud } from "../../../src/model/cloud.js";
import { Sensitive } from "../../../src/model/sensitive.js";

const CLOUD: Cloud = {
  name: "AzurePublicCloud",
  authorityHost: "https://login.microsoftonline.com",
  vaultDnsSuffix: "vault.azure.net",
  vaultScope: "https://vault.azure.net/.default",
};

const WORKLOAD: EntraIdentity = {
  mode: "workload-identity",
  clientId: "client-1",
  federatedToken: new Sensitive("head.claims.signature"),
};
const PRINCIPAL: EntraIdentity = {
  mode: "service-principal",
  clientId: "client-1",
  clientSecret: new Sensitive("s€cret &+="),
};

/** Gives a token for everything, and keeps what was sent. */
function granting(body: Record<string, unknown> = {}): { client: HttpClient; sent: PipelineRequest[] } {
  const sent: PipelineRequest[] = [];
  return {
    sent,
    client: {
      sendRequest(request) {
        sent.push(request);
        const bodyAsText = JSON.stringify({
          token_type: "Bearer",
          expires_in: 3_600,
          access_token: "a-token",
          ...body,
        });
        const headers = createHttpHeaders({ "content-type": "application/json" });
        return Promise.resolve({ request, status: 200, headers, bodyAsText });
      },
    },
  };
}

function signer(identity: EntraIdentity, httpClient: HttpClient): Signer {
  return {
    identity,
    authority: authorityOf(CLOUD, "tenant-1"),
    tenantId: "tenant-1",
    cloudName: CLOUD.name,
    httpClient,
    retry: undefined,
    userAgentPrefix: "provider/1.2.3",
  };
}

const formOf = (request: PipelineRequest | undefined): URLSearchParams =>
  new URLSearchParams(typeof request?.body === "string" ? request.body : "");

describe("identity/acquire-token acquireToken, as it is sent", () => {
  for (const name of ["AZURE_REGIONAL_AUTHORITY_NAME", "MSAL_FORCE_REGION"]) {
    for (const identity of [WORKLOAD, PRINCIPAL]) {
      it(`stays at the class's authority whatever ${name} says (${identity.mode})`, async () => {
        const { client, sent } = granting();
        process.env[name] = "westeurope";
        try {
          await acquireToken(
            signer(identity, client),
            { scope: CLOUD.vaultScope },
            new AbortController().signal,
          );
        } finally {
          Reflect.deleteProperty(process.env, name);
        }
        expect(sent.map(({ url }) => new URL(url).host)).to.deep.equal(["login.microsoftonline.com"]);
      });
    }
  }

  it("sends the assertion to the tenant's token endpoint, with nothing before it", async () => {
    const { client, sent } = granting();
    const token = await acquireToken(
      signer(WORKLOAD, client),
      { scope: CLOUD.vaultScope },
      new AbortController().signal,
    );
    expect(token.token).to.equal("a-token");
    expect(sent).to.have.length(1);
    expect(sent[0]?.url).to.match(/^https:\/\/login\.microsoftonline\.com\/tenant-1\/oauth2\/v2\.0\/token\?/);
    expect(sent[0]?.url).to.not.include("signature");
    const form = formOf(sent[0]);
    expect(form.get("client_id")).to.equal("client-1");
    expect(form.get("scope")).to.equal(CLOUD.vaultScope);
    expect(form.get("grant_type")).to.equal("client_credentials");
    expect(form.get("client_assertion")).to.equal("head.claims.signature");
    expect(form.get("client_assertion_type")).to.equal(
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    );
    expect(form.get("client_secret")).to.equal(null);
    expect(sent[0]?.headers.get("user-agent")).to.match(/^provider\/1\.2\.3 /);
  });

  it("sends the secret as it is", async () => {
    const { client, sent } = granting();
    await acquireToken(signer(PRINCIPAL, client), { scope: CLOUD.vaultScope }, new AbortController().signal);
    expect(formOf(sent[0]).get("client_secret")).to.equal("s€cret &+=");
    expect(formOf(sent[0]).get("client_assertion")).to.equal(null);
  });

  it("sends a challenge's claims beside its own capability", async () => {
    const { client, sent } = granting();
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"7"}}}';
    await acquireToken(
      signer(WORKLOAD, client),
      { scope: CLOUD.vaultScope, claims },
      new AbortController().signal,
    );
    expect(JSON.parse(formOf(sent[0]).get("claims") ?? ""))
      .to.have.property("access_token")
      .that.deep.equals({ nbf: { essential: true, value: "7" }, xms_cc: { values: ["cp1"] } });
  });

  for (const claims of ["not JSON", "[]", '{"__proto__":{"a":1}}', "{}", '{"access_token":7}']) {
    it(`lives through the claims ${claims}`, async () => {
      const { client } = granting();
      const outcome: unknown = await acquireToken(
        signer(WORKLOAD, client),
        { scope: CLOUD.vaultScope, claims },
        new AbortController().signal,
      ).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).to.be.instanceOf(ProviderError);
      expect(({} as Record<string, unknown>)["a"]).to.equal(undefined);
    });
  }

  it("asks again each time: nothing is remembered between exchanges", async () => {
    const { client, sent } = granting();
    for (const identity of [WORKLOAD, WORKLOAD, PRINCIPAL]) {
      await acquireToken(signer(identity, client), { scope: CLOUD.vaultScope }, new AbortController().signal);
    }
    expect(sent).to.have.length(3);
  });

  const odd: Record<string, unknown>[] = [
    { expires_in: "3600" },
    { expires_in: -1 },
    { expires_in: 1e308 },
    { expires_in: null },
    { access_token: 7 },
    { access_token: "" },
    { access_token: {} },
    { token_type: "pop" },
    { scope: 7 },
    { id_token: "x.y.z", client_info: "SECRET" },
    { refresh_in: "soon" },
    { error: "invalid_grant", error_description: 7 },
  ];
  for (const body of odd) {
    it(`gives a token or an error of ours for ${JSON.stringify(body)}`, async () => {
      const { client } = granting(body);
      const outcome: unknown = await acquireToken(
        signer(WORKLOAD, client),
        { scope: CLOUD.vaultScope },
        new AbortController().signal,
      ).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        expect(outcome).to.be.instanceOf(ProviderError);
        expect(outcome.message).to.not.include("SECRET");
      } else {
        expect(outcome).to.have.property("token", "a-token");
      }
    });
  }

  it("a proof that cannot be sent is an error of ours, and nothing is sent", async () => {
    const { client, sent } = granting();
    const identity: EntraIdentity = { ...PRINCIPAL, clientSecret: new Sensitive("\ud800") };
    const outcome: unknown = await acquireToken(
      signer(identity, client),
      { scope: CLOUD.vaultScope },
      new AbortController().signal,
    ).catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(ProviderError).and.have.property("code", "INTERNAL");
    expect(sent).to.have.length(0);
  });
});
