import { expect } from "chai";
import type { ObjectType } from "../../../src/model/key-vault-object.js";
import { failureOf, never, openFakeVault, secretAnswer, VAULT, VERSION, type Answer } from "./fake-vault.js";

const SECRET_ID = `${VAULT}/secrets/web/${VERSION}`;
const KEY_ID = `${VAULT}/keys/web/${VERSION}`;
const CERT_ID = `${VAULT}/certificates/web/${VERSION}`;
const secret = (fields: object): object => ({ value: "v4lue", id: SECRET_ID, ...fields });
const key = (fields: object): object => ({
  key: { kid: KEY_ID, kty: "EC", crv: "P-256", x: "AQ", y: "AQ", ...fields },
});
const cert = (fields: object): object => ({ id: CERT_ID, cer: "MAAA", ...fields });

/** Bodies of an HTTP 200 that Key Vault would not send; `detail` is what the message must name. */
const CASES: { name: string; type: ObjectType; body: unknown; detail: string }[] = [
  { name: "no body", type: "secret", body: "", detail: "is no JSON object" },
  { name: "null", type: "secret", body: "null", detail: "is no JSON object" },
  { name: "an array", type: "secret", body: [secret({})], detail: "is no JSON object" },
  { name: "a string", type: "key", body: '"text"', detail: "is no JSON object" },
  { name: "a number", type: "cert", body: "7", detail: "is no JSON object" },
  { name: "an empty object", type: "secret", body: {}, detail: "has fields of unknown shape" },
  { name: "an empty object", type: "key", body: {}, detail: "has fields of unknown shape" },
  { name: "an empty object", type: "cert", body: {}, detail: "has fields of unknown shape" },
  { name: "no id", type: "secret", body: secret({ id: undefined }), detail: "has fields of unknown shape" },
  { name: "id null", type: "secret", body: secret({ id: null }), detail: "has fields of unknown shape" },
  {
    name: "an id that is a number",
    type: "secret",
    body: secret({ id: 5 }),
    detail: "has fields of unknown shape",
  },
  {
    name: "an id that is no URL",
    type: "secret",
    body: secret({ id: "a/b/c/secrets/e" }),
    detail: "has fields of unknown shape",
  },
  {
    name: "an id without version",
    type: "secret",
    body: secret({ id: `${VAULT}/secrets/web` }),
    detail: "has an id without a version",
  },
  {
    name: "an id with an empty version",
    type: "secret",
    body: secret({ id: `${VAULT}/secrets/web/` }),
    detail: "has an id without a version",
  },
  {
    name: "an id of too many parts",
    type: "secret",
    body: secret({ id: `${SECRET_ID}/x/y` }),
    detail: "has fields of unknown shape",
  },
  {
    name: "an odd version",
    type: "secret",
    body: secret({ id: `${VAULT}/secrets/web/a%0Ab` }),
    detail: "has an id without a version",
  },
  {
    name: "an over-long version",
    type: "secret",
    body: secret({ id: `${VAULT}/secrets/web/${"a".repeat(129)}` }),
    detail: "has an id without a version",
  },
  {
    name: "another name",
    type: "secret",
    body: secret({ id: `${VAULT}/secrets/other/${VERSION}` }),
    detail: "is of another object than was asked for",
  },
  { name: "no value", type: "secret", body: secret({ value: undefined }), detail: "has no value" },
  { name: "value null", type: "secret", body: secret({ value: null }), detail: "has no value" },
  { name: "a value that is a number", type: "secret", body: secret({ value: 5 }), detail: "has no value" },
  {
    name: "a value that is an object",
    type: "secret",
    body: secret({ value: { v: 1 } }),
    detail: "has no value",
  },
  {
    name: "a contentType that is a list",
    type: "secret",
    body: secret({ contentType: [] }),
    detail: "has a contentType that is no text",
  },
  {
    name: "a kid that is true",
    type: "secret",
    body: secret({ kid: true }),
    detail: "has a kid that is no text",
  },
  { name: "key null", type: "key", body: { key: null }, detail: "has fields of unknown shape" },
  { name: "a key that is a string", type: "key", body: { key: "k" }, detail: "has fields of unknown shape" },
  { name: "no kid", type: "key", body: key({ kid: undefined }), detail: "has fields of unknown shape" },
  { name: "no kty", type: "key", body: key({ kty: undefined }), detail: "has no kty" },
  { name: "an empty kty", type: "key", body: key({ kty: "" }), detail: "has no kty" },
  { name: "a kty that is a number", type: "key", body: key({ kty: 5 }), detail: "has a kty that is no text" },
  {
    name: "key_ops that is no list",
    type: "key",
    body: key({ key_ops: 5 }),
    detail: "has fields of unknown shape",
  },
  { name: "no x", type: "key", body: key({ x: undefined }), detail: "has no x" },
  { name: "a y without bytes", type: "key", body: key({ y: "!!!" }), detail: "has no y" },
  { name: "an x that is a number", type: "key", body: key({ x: 12 }), detail: "has a x that is no base64" },
  { name: "no crv", type: "key", body: key({ crv: undefined }), detail: "has no crv" },
  { name: "RSA without n", type: "key", body: key({ kty: "RSA", e: "AQAB" }), detail: "has no n" },
  { name: "RSA without e", type: "key", body: key({ kty: "RSA", n: "AQAB" }), detail: "has no e" },
  { name: "no cer", type: "cert", body: cert({ cer: undefined }), detail: "has no cer" },
  { name: "an empty cer", type: "cert", body: cert({ cer: "" }), detail: "has a cer that is no base64" },
  {
    name: "a cer that is a list",
    type: "cert",
    body: cert({ cer: [1, 2] }),
    detail: "has a cer that is no base64",
  },
  {
    name: "an odd policy",
    type: "cert",
    body: cert({ policy: { lifetime_actions: 7 } }),
    detail: "has fields of unknown shape",
  },
];

describe("keyvault/open-vault malformed answers", () => {
  for (const { name, type, body, detail } of CASES) {
    it(`${type}: ${name}`, async () => {
      const { vault, observations } = openFakeVault(() => ({ body }));
      const error = await failureOf(vault.read({ type, name: "web", version: "" }, never));
      expect(error.code).to.equal("VAULT_ANSWER_INVALID");
      expect(error.message).to.include(`demo.vault.azure.net answered HTTP 200, but the answer ${detail}:`);
      expect(error.message).to.not.include("v4lue");
      expect(observations[0]?.errorCode).to.equal("VAULT_ANSWER_INVALID");
    });
  }

  it("says all of it", async () => {
    const { vault } = openFakeVault(() => ({ body: secret({ value: null }) }));
    const error = await failureOf(vault.read({ type: "secret", name: "web", version: "" }, never));
    expect(error.message).to.equal(
      "demo.vault.azure.net answered HTTP 200, but the answer has no value: not what Key Vault sends for a secret; " +
        "check what stands between this node and the vault (proxy, private endpoint), and keyvaultName",
    );
  });

  const otherAnswers: { name: string; answer: Answer }[] = [
    { name: "text", answer: { body: "v4lue", headers: { "content-type": "text/plain" } } },
    { name: "a page", answer: { body: "<html>v4lue</html>", headers: { "content-type": "text/html" } } },
    {
      name: "JSON that is called text",
      answer: { ...secretAnswer(), headers: { "content-type": "text/plain" } },
    },
    { name: "broken JSON", answer: { body: '{"value":"v4lue", oops' } },
    { name: "broken JSON without a type", answer: { body: "{v4lue", headers: { "content-type": "" } } },
    { name: "HTTP 200 cut short", answer: { body: '{"value":"v4lu' } },
  ];
  for (const { name, answer } of otherAnswers) {
    it(`quotes nothing of ${name}`, async () => {
      const { vault } = openFakeVault(() => answer);
      const error = await failureOf(vault.read({ type: "secret", name: "web", version: "" }, never));
      expect(error.code).to.equal("VAULT_ANSWER_INVALID");
      expect(error.message).to.not.include("v4lu");
    });
  }

  it("refuses another version than was asked for", async () => {
    const { vault } = openFakeVault(() => secretAnswer());
    const error = await failureOf(
      vault.read({ type: "secret", name: "web", version: "f".repeat(32) }, never),
    );
    expect(error.code).to.equal("VAULT_ANSWER_INVALID");
    expect(error.message).to.include("is of another version than was asked for");
  });

  it("compares names and versions without case, as the service does", async () => {
    const { vault } = openFakeVault(() => secretAnswer());
    const value = await vault.read({ type: "secret", name: "WEB", version: VERSION.toUpperCase() }, never);
    expect(value.version).to.equal(VERSION);
  });

  it("takes keys such as __proto__ for data", async () => {
    const { vault } = openFakeVault(() => ({
      body: `{"__proto__":{"value":"polluted"},"constructor":1,"id":"${SECRET_ID}","value":"ok"}`,
    }));
    await vault.read({ type: "secret", name: "web", version: "" }, never);
    expect(({} as { value?: unknown }).value).to.equal(undefined);
  });
});
