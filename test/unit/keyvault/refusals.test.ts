import { expect } from "chai";
import { explainFailure } from "../../../src/keyvault/explain.js";
import { MalformedAnswer } from "../../../src/keyvault/failures.js";
import { VaultError } from "../../../src/keyvault/vault-error.js";
import { NetworkError, type NetworkErrorKind } from "../../../src/network/network-error.js";
import { ProviderError } from "../../../src/errors/provider-error.js";
import type { ErrorCode } from "../../../src/errors/codes.js";
import type { ObjectType } from "../../../src/model/key-vault-object.js";
import { failureOf, never, openFakeVault, refusal, VERSION, type Answer } from "./fake-vault.js";

interface RefusalCase {
  readonly answer: Answer;
  readonly type?: ObjectType;
  readonly version?: string;
  readonly list?: true;
  readonly code: ErrorCode;
  readonly message: string;
}

const HOST = "demo.vault.azure.net answered HTTP";
const NOT_FOUND_TEXT =
  "A secret with (name/id) web was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command.";

const CASES: RefusalCase[] = [
  {
    answer: refusal(404, "SecretNotFound", NOT_FOUND_TEXT),
    code: "VAULT_OBJECT_NOT_FOUND",
    message: `${HOST} 404 SecretNotFound: this vault has no such secret; check objectName, objectType (it is looked for under secrets) and keyvaultName, or recover it in the vault if it was deleted; the vault says: ${NOT_FOUND_TEXT}`,
  },
  {
    answer: refusal(404, "KeyNotFound"),
    type: "key",
    code: "VAULT_OBJECT_NOT_FOUND",
    message: `${HOST} 404 KeyNotFound: this vault has no such key; check objectName, objectType (it is looked for under keys) and keyvaultName, or recover it in the vault if it was deleted`,
  },
  {
    answer: refusal(404, "CertificateNotFound"),
    type: "cert",
    version: VERSION,
    code: "VAULT_VERSION_NOT_FOUND",
    message: `${HOST} 404 CertificateNotFound: this vault has no such version of the certificate, or no such certificate; check objectVersion, objectName and keyvaultName, or recover it in the vault if it was deleted`,
  },
  {
    answer: refusal(403, "Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled"),
    code: "VAULT_FORBIDDEN",
    message: `${HOST} 403 Forbidden (SecretDisabled): this version of the secret is disabled; enable it in the vault, or name another objectVersion; the vault says: Operation get is not allowed on a disabled secret.`,
  },
  {
    answer: refusal(403, "Forbidden", "", "KeyDisabled"),
    type: "key",
    code: "VAULT_FORBIDDEN",
    message: `${HOST} 403 Forbidden (KeyDisabled): this version of the key is disabled; enable it in the vault, or name another objectVersion`,
  },
  {
    answer: refusal(
      403,
      "Forbidden",
      "Caller is not authorized to perform action on resource.\r\nIf role assignments changed recently, please observe propagation time.\r\nCaller: appid=1;oid=2\r\nAction: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'",
      "ForbiddenByRbac",
    ),
    code: "VAULT_FORBIDDEN",
    message: `${HOST} 403 Forbidden (ForbiddenByRbac): the identity may not get secrets; give it the role "Key Vault Secrets User" on the vault, and allow some minutes for it to take effect; the vault says: Caller is not authorized to perform action on resource. If role assignments changed recently, please observe propagation time. Caller: appid=1;oid=2 Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'`,
  },
  {
    answer: refusal(403, "Forbidden", "", "ForbiddenByRbac"),
    type: "key",
    list: true,
    code: "VAULT_FORBIDDEN",
    message: `${HOST} 403 Forbidden (ForbiddenByRbac): the identity may not list keys (objectVersionHistory lists versions); give it the role "Key Vault Reader" on the vault, and allow some minutes for it to take effect`,
  },
  {
    answer: refusal(403, "Forbidden", "", "ForbiddenByPolicy"),
    type: "cert",
    code: "VAULT_FORBIDDEN",
    message: `${HOST} 403 Forbidden (ForbiddenByPolicy): the identity may not get certificates; give it the get permission for certificates in the vault's access policies`,
  },
  {
    answer: refusal(403, "Forbidden", "", "AccessDenied"),
    list: true,
    code: "VAULT_FORBIDDEN",
    message: `${HOST} 403 Forbidden (AccessDenied): the identity may not list secrets (objectVersionHistory lists versions); give it the get and list permission for secrets in the vault's access policies`,
  },
  {
    answer: refusal(
      403,
      "Forbidden",
      "Client address is not authorized and caller is not a trusted service.",
      "ForbiddenByFirewall",
    ),
    code: "VAULT_FORBIDDEN",
    message: `${HOST} 403 Forbidden (ForbiddenByFirewall): the vault's firewall does not let this node in; add the node's outbound address or its subnet to the vault's networking rules, or use a private endpoint; the vault says: Client address is not authorized and caller is not a trusted service.`,
  },
  {
    answer: refusal(403, "Forbidden", "", "ForbiddenByConnection"),
    code: "VAULT_FORBIDDEN",
    message: `${HOST} 403 Forbidden (ForbiddenByConnection): the vault takes no connections from public networks; reach it by a private endpoint, and check that its name resolves to the private address on this node`,
  },
  {
    answer: refusal(403, "Forbidden"),
    type: "cert",
    code: "VAULT_FORBIDDEN",
    message: `${HOST} 403 Forbidden: the identity may not get certificates; give it the role "Key Vault Reader" (vaults with Azure RBAC) or the get permission for certificates in the vault's access policies, and check the vault's firewall`,
  },
  {
    answer: { status: 403, body: "<html>secret page</html>", headers: { "content-type": "text/html" } },
    code: "VAULT_FORBIDDEN",
    message: `${HOST} 403 (not Key Vault's own words: perhaps a proxy or gateway answered for it): the identity may not get secrets; give it the role "Key Vault Secrets User" (vaults with Azure RBAC) or the get permission for secrets in the vault's access policies, and check the vault's firewall`,
  },
  {
    answer: refusal(400, "BadParameter", "The request URI contains an invalid name: a_b"),
    code: "VAULT_REQUEST_REJECTED",
    message: `${HOST} 400 BadParameter: the vault does not take this request; check objectName (letters, digits and hyphens, at most 127) and objectVersion (32 hexadecimal digits, or empty for the newest); the vault says: The request URI contains an invalid name: a_b`,
  },
  {
    answer: refusal(429, "Throttled", "Request was not processed because too many requests were received."),
    code: "VAULT_THROTTLED",
    message: `${HOST} 429 Throttled: the vault is asked too often (its limit counts every caller in the vault and subscription); spread pods over more vaults, or rotate less often; the vault says: Request was not processed because too many requests were received.`,
  },
  {
    answer: refusal(409, "Conflict", "Secret web is currently being deleted.", "ObjectIsBeingDeleted"),
    code: "VAULT_OBJECT_NOT_FOUND",
    message: `${HOST} 409 Conflict (ObjectIsBeingDeleted): the secret is being deleted, recovered or changed; wait until that has ended, or recover it in the vault; the vault says: Secret web is currently being deleted.`,
  },
  {
    answer: refusal(500, "InternalServerError"),
    code: "VAULT_FAILED",
    message: `${HOST} 500 InternalServerError: the vault could not answer; it is asked again at the next mount`,
  },
  {
    answer: { status: 502 },
    code: "VAULT_FAILED",
    message: `${HOST} 502 (not Key Vault's own words: perhaps a proxy or gateway answered for it): the vault could not answer; it is asked again at the next mount`,
  },
  {
    answer: refusal(405, "MethodNotAllowed"),
    code: "VAULT_REQUEST_REJECTED",
    message: `${HOST} 405 MethodNotAllowed: the vault does not take this request`,
  },
  {
    answer: { status: 204 },
    code: "VAULT_FAILED",
    message: `${HOST} 204 (not Key Vault's own words: perhaps a proxy or gateway answered for it): the vault could not answer; it is asked again at the next mount`,
  },
];

describe("keyvault/explain refusals", () => {
  for (const { answer, type = "secret", version = "", list, code, message } of CASES) {
    const asked = `${list === true ? "list" : "get"} ${type}${version === "" ? "" : " of a version"}`;
    it(`${asked}: ${message.slice(HOST.length + 1, 70)}… is ${code}`, async () => {
      const { vault } = openFakeVault(() => answer);
      const error = await failureOf(
        list === true
          ? vault.listVersions({ type, name: "web" }, never)
          : vault.read({ type, name: "web", version }, never),
      );
      expect(error.code).to.equal(code);
      expect(error.message).to.equal(message);
      expect(error.message).to.not.match(/[\r\n]/);
    });
  }

  it("keeps the status, the service's code and the request id beside the message", async () => {
    const { vault } = openFakeVault(() => refusal(429, "Throttled"));
    const error = await failureOf(vault.read({ type: "secret", name: "web", version: "" }, never));
    expect(error).to.be.instanceOf(VaultError);
    expect(error).to.include({
      httpStatus: 429,
      serviceCode: "Throttled",
      serviceId: "request-1",
    });
    expect(error.message).to.not.include("request-1");
  });

  const oddBodies: { name: string; body: unknown }[] = [
    { name: "null", body: "null" },
    { name: "a list", body: [1] },
    { name: "error is text", body: { error: "boom" } },
    { name: "error is null", body: { error: null } },
    { name: "code is a number", body: { error: { code: 5, message: 6 } } },
    { name: "code is a sentence", body: { error: { code: "a b\nc" } } },
    { name: "code is long", body: { error: { code: "a".repeat(65) } } },
    { name: "inner error is a list", body: { error: { innererror: [] } } },
    { name: "inherited names", body: '{"error":{"__proto__":{"code":"X"}}}' },
  ];
  for (const { name, body } of oddBodies) {
    it(`reads nothing out of an odd error body: ${name}`, async () => {
      const { vault } = openFakeVault(() => ({ status: 500, body }));
      const error = await failureOf(vault.read({ type: "secret", name: "web", version: "" }, never));
      expect(error.message).to.equal(
        `${HOST} 500 (not Key Vault's own words: perhaps a proxy or gateway answered for it): the vault could not answer; it is asked again at the next mount`,
      );
    });
  }

  it("is not slowed by an error message of a megabyte", async () => {
    const { vault } = openFakeVault(() => refusal(403, "Forbidden", "eyJ.".repeat(250_000)));
    const startMs = performance.now();
    const error = await failureOf(vault.read({ type: "secret", name: "web", version: "" }, never));
    expect(performance.now() - startMs, "a pattern that tries everything would take minutes").to.be.lessThan(
      15_000,
    );
    expect(error.message.length).to.be.lessThan(800);
  });
});

describe("keyvault/explain what is broken on this side", () => {
  it("does not blame the vault for a client that throws what it should not", async () => {
    const { vault, observations } = openFakeVault(() => {
      throw new TypeError("bug near v4lue");
    });
    const error = await failureOf(vault.read({ type: "secret", name: "web", version: "" }, never));
    expect(error.code).to.equal("INTERNAL");
    expect(error.message).to.equal("the request to demo.vault.azure.net failed inside this provider");
    expect(observations[0]?.errorCode).to.equal("INTERNAL");
  });

  it("passes on an error of the provider that the client throws", async () => {
    const full = new ProviderError("WORKER_OVERLOADED", "too many wait");
    const { vault } = openFakeVault(() => {
      throw full;
    });
    expect(await failureOf(vault.read({ type: "secret", name: "web", version: "" }, never))).to.equal(full);
  });

  it("tells a mistake before the answer from one over the answer", () => {
    const question = { host: "h", type: "key", operation: "get", hasVersion: false } as const;
    expect(explainFailure(new TypeError("bug"), question, false).code).to.equal("INTERNAL");
    expect(explainFailure(new TypeError("shape"), question, true).code).to.equal("VAULT_ANSWER_INVALID");
    expect(explainFailure(new MalformedAnswer("has no id"), question, false).code).to.equal(
      "VAULT_ANSWER_INVALID",
    );
  });
});

describe("keyvault/explain network errors", () => {
  const kinds: { kind: NetworkErrorKind; code: ErrorCode; message: string }[] = [
    { kind: "timeout", code: "VAULT_UNREACHABLE", message: "demo.vault.azure.net seen" },
    { kind: "connect", code: "VAULT_UNREACHABLE", message: "demo.vault.azure.net seen" },
    { kind: "tls", code: "VAULT_UNREACHABLE", message: "demo.vault.azure.net seen" },
    { kind: "proxy", code: "VAULT_UNREACHABLE", message: "demo.vault.azure.net seen" },
    { kind: "reset", code: "VAULT_UNREACHABLE", message: "demo.vault.azure.net seen" },
    { kind: "aborted", code: "VAULT_UNREACHABLE", message: "demo.vault.azure.net seen" },
    {
      kind: "dns",
      code: "VAULT_UNREACHABLE",
      message:
        "demo.vault.azure.net seen; check keyvaultName and cloudName, and with a private endpoint the private DNS zone",
    },
    { kind: "too-large", code: "VAULT_ANSWER_TOO_LARGE", message: "demo.vault.azure.net seen" },
    {
      kind: "off-origin",
      code: "VAULT_REDIRECTED",
      message:
        "the vault's answer leads elsewhere: demo.vault.azure.net seen; check what stands between this node and the vault",
    },
    {
      kind: "redirect",
      code: "VAULT_REDIRECTED",
      message: "demo.vault.azure.net seen; check what stands between this node and the vault",
    },
    { kind: "invalid-request", code: "VAULT_REQUEST_REJECTED", message: "demo.vault.azure.net seen" },
    {
      kind: "invalid-answer",
      code: "VAULT_ANSWER_INVALID",
      message: "demo.vault.azure.net seen; check what stands between this node and the vault",
    },
  ];
  for (const { kind, code, message } of kinds) {
    it(`${kind} is ${code}`, async () => {
      const { vault } = openFakeVault(() => {
        throw new NetworkError(kind, "demo.vault.azure.net seen", { host: "demo.vault.azure.net" });
      });
      const error = await failureOf(vault.read({ type: "secret", name: "web", version: "" }, never));
      expect(error.code).to.equal(code);
      expect(error.message).to.equal(message);
      expect(error).to.have.property("httpStatus", undefined);
    });
  }

  it("names the vault beside a proxy that failed", async () => {
    const { vault } = openFakeVault(() => {
      throw new NetworkError("proxy", "the proxy 10.0.0.1:3128 refused the tunnel", {
        host: "10.0.0.1:3128",
      });
    });
    const error = await failureOf(vault.read({ type: "secret", name: "web", version: "" }, never));
    expect(error.message).to.equal(
      "no answer of demo.vault.azure.net: the proxy 10.0.0.1:3128 refused the tunnel",
    );
  });
});
