import { expect } from "chai";
import type { SecretValue } from "../../../src/model/vault-value.js";
import { openFakeVault, never, refusal, secretAnswer, failureOf, VAULT, VERSION } from "./fake-vault.js";

const base64url = (bytes: number[]): string => Buffer.from(bytes).toString("base64url");

describe("keyvault/open-vault read", () => {
  it("reads a secret's newest version and gives the concrete one", async () => {
    const { vault, requests } = openFakeVault(() => secretAnswer({ contentType: "text/plain" }));
    const value = (await vault.read({ type: "secret", name: "web", version: "" }, never)) as SecretValue;
    expect(value.value.reveal()).to.equal("s3cr3t-value");
    expect({ ...value, value: "" }).to.deep.equal({
      type: "secret",
      version: VERSION,
      value: "",
      contentType: "text/plain",
      backsCertificate: false,
    });
    expect(requests.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
      "GET /secrets/web/?api-version=7.4",
    ]);
  });

  it("asks for the version that is named", async () => {
    const { vault, requests } = openFakeVault(() => secretAnswer());
    await vault.read({ type: "secret", name: "web", version: VERSION }, never);
    expect(requests[0]?.path).to.equal(`/secrets/web/${VERSION}?api-version=7.4`);
  });

  it("knows a secret that backs a certificate by its kid", async () => {
    const { vault } = openFakeVault(() =>
      secretAnswer({
        kid: `${VAULT}/keys/web/${VERSION}`,
        managed: true,
        contentType: "application/x-pkcs12",
      }),
    );
    const value = await vault.read({ type: "secret", name: "web", version: "" }, never);
    expect(value).to.include({ backsCertificate: true, contentType: "application/x-pkcs12" });
  });

  it("takes an empty value and absent fields for what they are", async () => {
    const { vault } = openFakeVault(() =>
      secretAnswer({ value: "", contentType: null, kid: "", attributes: null }),
    );
    const value = (await vault.read({ type: "secret", name: "web", version: "" }, never)) as SecretValue;
    expect(value.value.reveal()).to.equal("");
    expect(value).to.include({ contentType: undefined, backsCertificate: false });
  });

  for (const { kty, crv } of [
    { kty: "EC", crv: "P-256" },
    { kty: "EC-HSM", crv: "P-256K" },
  ]) {
    it(`gives the numbers of an ${kty} key on ${crv} as bytes`, async () => {
      const { vault, requests } = openFakeVault(() => ({
        body: {
          key: {
            kid: `${VAULT}/keys/web/${VERSION}`,
            kty,
            crv,
            key_ops: ["sign"],
            x: base64url([0, 1, 254]),
            y: base64url([255, 2]),
          },
        },
      }));
      const value = await vault.read({ type: "key", name: "web", version: "" }, never);
      expect(value).to.include({ type: "key", version: VERSION, kty, crv, n: undefined, e: undefined });
      expect(value)
        .to.have.property("x")
        .that.deep.equals(Buffer.from([0, 1, 254]));
      expect(value)
        .to.have.property("y")
        .that.deep.equals(Buffer.from([255, 2]));
      expect(requests[0]?.path).to.equal("/keys/web/?api-version=7.4");
    });
  }

  it("gives modulus and exponent of an RSA key as bytes", async () => {
    const { vault } = openFakeVault(() => ({
      body: {
        key: {
          kid: `${VAULT}/keys/web/${VERSION}`,
          kty: "RSA-HSM",
          n: base64url([9, 8, 7]),
          e: base64url([1, 0, 1]),
        },
      },
    }));
    const value = await vault.read({ type: "key", name: "web", version: VERSION }, never);
    expect(value)
      .to.have.property("n")
      .that.deep.equals(Buffer.from([9, 8, 7]));
    expect(value)
      .to.have.property("e")
      .that.deep.equals(Buffer.from([1, 0, 1]));
  });

  for (const version of ["", VERSION]) {
    it(`gives a certificate's DER (version ${version || "newest"})`, async () => {
      const { vault, requests } = openFakeVault(() => ({
        body: {
          id: `${VAULT}/certificates/web/${VERSION}`,
          cer: Buffer.from([0x30, 1, 2]).toString("base64"),
          policy: { id: `${VAULT}/certificates/web/policy`, key_props: { kty: "RSA" } },
        },
      }));
      const value = await vault.read({ type: "cert", name: "web", version }, never);
      expect(value).to.include({ type: "cert", version: VERSION });
      expect(value)
        .to.have.property("der")
        .that.deep.equals(Buffer.from([0x30, 1, 2]));
      expect(requests[0]?.path).to.equal(`/certificates/web/${version}?api-version=7.4`);
    });
  }

  it("sends a name encoded, so that it stays one segment of the path", async () => {
    const { vault, requests } = openFakeVault(() => refusal(400, "BadParameter"));
    await failureOf(vault.read({ type: "secret", name: "a/../b?c#d é", version: "" }, never));
    expect(requests[0]?.path).to.equal("/secrets/a%2F..%2Fb%3Fc%23d%20%C3%A9/?api-version=7.4");
  });

  const unsendable = [
    { name: "", version: "" },
    { name: ".", version: "" },
    { name: "..", version: "" },
    { name: "a".repeat(257), version: "" },
    { name: "\ud800", version: "" },
    { name: "web", version: ".." },
    { name: "web", version: "\udfff" },
  ];
  for (const [index, { name, version }] of unsendable.entries()) {
    it(`sends nothing for a name or version that is no path segment (${index + 1})`, async () => {
      const { vault, requests, observations } = openFakeVault(() => secretAnswer());
      const error = await failureOf(vault.read({ type: "secret", name, version }, never));
      expect(error.code).to.equal("VAULT_REQUEST_REJECTED");
      expect(requests).to.deep.equal([]);
      expect(observations).to.deep.equal([]);
    });
  }

  it("sends a name of 256 characters", async () => {
    const { vault, requests } = openFakeVault(() => refusal(400, "BadParameter"));
    await failureOf(vault.read({ type: "secret", name: "a".repeat(256), version: "" }, never));
    expect(requests).to.have.length(1);
  });

  for (const type of ["secret", "key", "cert"] as const) {
    it(`names this provider in the user agent of ${type} requests`, async () => {
      const named = openFakeVault(() => ({ status: 500 }), { userAgentPrefix: "provider/1.2.3" });
      const unnamed = openFakeVault(() => ({ status: 500 }));
      for (const { vault } of [named, unnamed])
        await failureOf(vault.read({ type, name: "a", version: "" }, never));
      expect(named.requests[0]?.userAgent).to.match(/^provider\/1\.2\.3 /);
      expect(unnamed.requests[0]?.userAgent)
        .to.match(/^secrets-store-csi-provider-azure /)
        .and.not.include("undefined");
    });
  }

  it("retries by the network's policy and not by the SDK's", async () => {
    const delays: number[] = [];
    const { vault, requests, observations } = openFakeVault(
      (_, index) => (index < 2 ? { status: 503 } : secretAnswer()),
      {
        retry: {
          sleep: () => Promise.resolve(),
          random: () => 0,
          onRetry: ({ delayMs }) => delays.push(delayMs),
        },
      },
    );
    await vault.read({ type: "secret", name: "web", version: "" }, never);
    expect(requests).to.have.length(3);
    expect(delays).to.deep.equal([250, 500]);
    expect(observations).to.have.length(1);
  });
});

describe("keyvault/open-vault onRequest", () => {
  const clock = (): (() => number) => {
    let ms = 1_000;
    return () => (ms += 7);
  };

  it("tells of a success", async () => {
    const { vault, observations } = openFakeVault(() => secretAnswer(), { now: clock() });
    await vault.read({ type: "secret", name: "web", version: "" }, never);
    expect(observations).to.deep.equal([
      {
        objectType: "secret",
        objectName: "web",
        operation: "get",
        errorCode: undefined,
        durationMs: 7,
        requestId: "request-1",
      },
    ]);
  });

  it("tells of a refusal, with the service's innermost code", async () => {
    const { vault, observations } = openFakeVault(() => refusal(403, "Forbidden", "", "ForbiddenByRbac"), {
      now: clock(),
    });
    await failureOf(vault.read({ type: "key", name: "web", version: "" }, never));
    expect(observations).to.deep.equal([
      {
        objectType: "key",
        objectName: "web",
        operation: "get",
        errorCode: "VAULT_FORBIDDEN",
        serviceCode: "ForbiddenByRbac",
        durationMs: 7,
        requestId: "request-1",
      },
    ]);
  });

  it("tells of a list once, however many pages it has", async () => {
    const { vault, observations } = openFakeVault((_, index) => ({
      body: { value: [], nextLink: index < 2 ? `${VAULT}/secrets/web/versions?$skiptoken=${index}` : null },
    }));
    await vault.listVersions({ type: "secret", name: "web" }, never);
    expect(observations).to.have.length(1);
    expect(observations[0]).to.include({ operation: "list", errorCode: undefined, requestId: "request-1" });
  });

  it("leaves out a request id that is none", async () => {
    const { vault, observations } = openFakeVault(() => ({
      ...secretAnswer(),
      headers: { "x-ms-request-id": "a b\tc" },
    }));
    await vault.read({ type: "secret", name: "web", version: "" }, never);
    expect(observations[0]).to.not.have.property("requestId");
  });
});
