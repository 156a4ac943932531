import { expect } from "chai";
import { startEmulator, type Emulator } from "../../../emulator/emulator.js";
import type { Principal } from "../../../emulator/entra/principal.js";
import type { Effect } from "../../../emulator/faults/effect.js";
import { startImds, type ImdsDouble } from "../../../emulator/imds/imds-double.js";
import { ProviderError } from "../../../src/errors/provider-error.js";
import {
  IMDS_ORIGIN,
  ManagedIdentity,
  type ManagedIdentityToken,
} from "../../../src/identity/credentials/managed-identity.js";
import type { Retry } from "../../../src/network/retry.js";
import { freePort, failureOf, TOKEN_IN_TEXT } from "./support.js";

const TENANT = "6f1b4f0a-0000-4000-8000-000000000011";
const SYSTEM = "11111111-0000-4000-8000-000000000011";
const USER = "22222222-0000-4000-8000-000000000011";
const OTHER = "22222222-0000-4000-8000-000000000012";
const SCOPE = "https://vault.azure.net/.default";
const NEVER = new AbortController().signal;
const UPDATING = { kind: "answer", status: 410, body: { error: "gone" } } as const;

describe("identity/credentials/managed-identity ManagedIdentity", () => {
  let emulator: Emulator;
  let imds: ImdsDouble;
  let nowMs = 0;
  let waits: number[] = [];
  let retries: Retry[] = [];
  const open: ManagedIdentity[] = [];

  const principal = (clientId: string): Principal =>
    emulator.entra.tenant(TENANT).application({ clientId }).principal;
  const make = (settings: { origin?: string; tryTimeoutMs?: number } = {}): ManagedIdentity => {
    const made = new ManagedIdentity({
      origin: imds.origin,
      now: () => nowMs,
      random: () => 0.5,
      sleep: (delayMs) => {
        waits.push(delayMs);
        nowMs += delayMs;
        return Promise.resolve();
      },
      onRetry: (retry) => retries.push(retry),
      ...settings,
    });
    open.push(made);
    return made;
  };
  const request = (id = "", signal = NEVER): Promise<ManagedIdentityToken> =>
    make().requestToken(id, SCOPE, signal);
  const failWith = (id = ""): Promise<ProviderError> => failureOf(request(id), ProviderError);

  before(async () => {
    emulator = await startEmulator({ now: () => nowMs });
  });
  after(() => emulator.close());
  beforeEach(async () => {
    nowMs = Date.now();
    waits = [];
    retries = [];
    imds = await startImds({ directory: emulator.entra, now: () => nowMs });
    imds.identities.assignSystem(principal(SYSTEM));
    imds.identities.assignUser(principal(USER));
  });
  afterEach(async () => {
    for (const made of open.splice(0)) made.close();
    await imds.close();
  });

  describe("what is asked", () => {
    it("asks for the system-assigned identity when no id is given", async () => {
      const { token, clientId } = await request();
      expect(clientId).to.equal(SYSTEM);
      expect(token.expiresOnTimestamp).to.equal((Math.floor(nowMs / 1000) + 86_400) * 1000);
      expect(imds.requests.map(({ method, path, query }) => ({ method, path, query }))).to.deep.equal([
        {
          method: "GET",
          path: "/metadata/identity/oauth2/token",
          query: { "api-version": "2018-02-01", resource: "https://vault.azure.net" },
        },
      ]);
    });

    it("asks for a user-assigned identity by client id, in any case", async () => {
      expect((await request(USER.toUpperCase())).clientId).to.equal(USER);
      expect(imds.requests[0]?.query).to.deep.include({ client_id: USER.toUpperCase() });
    });

    it("escapes an id that would become another parameter", async () => {
      await failWith(`${USER}&resource=https://management.azure.com`);
      expect(imds.requests[0]?.query).to.deep.equal({
        "api-version": "2018-02-01",
        resource: "https://vault.azure.net",
        client_id: `${USER}&resource=https://management.azure.com`,
      });
    });

    it("asks nothing when the id is longer than any", async () => {
      const error = await failWith("x".repeat(513));
      expect(error.code).to.equal("PARAMETER_INVALID");
      expect(imds.requests).to.have.length(0);
      await failWith("x".repeat(512));
      expect(imds.requests).to.have.length(1);
    });

    it("looks at no variable of the environment and at no proxy", async () => {
      const before = { ...process.env };
      const trap = await startImds({ directory: emulator.entra });
      try {
        for (const name of [
          "IDENTITY_ENDPOINT",
          "MSI_ENDPOINT",
          "IMDS_ENDPOINT",
          "AZURE_POD_IDENTITY_AUTHORITY_HOST",
          "HTTP_PROXY",
          "http_proxy",
          "HTTPS_PROXY",
        ]) {
          process.env[name] = trap.origin;
        }
        for (const name of [
          "IDENTITY_HEADER",
          "IDENTITY_SERVER_THUMBPRINT",
          "MSI_SECRET",
          "AZURE_CLIENT_ID",
        ]) {
          process.env[name] = "trap";
        }
        expect((await request()).clientId).to.equal(SYSTEM);
        expect(trap.connectionCount).to.equal(0);
      } finally {
        process.env = before;
        await trap.close();
      }
    });

    it("asks the address of every Azure machine by default, and takes no other kind of address", () => {
      expect(IMDS_ORIGIN).to.equal("http://169.254.169.254");
      for (const origin of [
        "https://169.254.169.254",
        "http://169.254.169.254/",
        "169.254.169.254",
        "http://u:p@h",
      ]) {
        expect(() => new ManagedIdentity({ origin }), origin).to.throw(RangeError);
      }
    });
  });

  describe("refusals", () => {
    it("says what to do when the node lacks the identity, after one request", async () => {
      const error = await failWith(OTHER);
      expect(error.code).to.equal("SIGN_IN_REJECTED");
      expect(error.message).to.equal(
        `the node's metadata service (IMDS) answered HTTP 400 invalid_request (Identity not found): the node has no identity with client id "${OTHER}"; ` +
          "check userAssignedIdentityID (the client id, neither the object id nor the resource id), and assign the identity to the node pool's virtual machine scale set",
      );
      expect(imds.requests).to.have.length(1);
      expect(waits).to.deep.equal([]);
    });

    it("says what to do when there is no system-assigned identity", async () => {
      imds.identities.removeSystem();
      imds.identities.assignUser(principal(OTHER), "second");
      const error = await failWith();
      expect(error.code).to.equal("SIGN_IN_REJECTED");
      expect(error.message).to.contain("(Multiple user assigned identities exist");
      expect(error.message).to.contain("set userAssignedIdentityID to the client id");
    });

    it("says what to do when the resource is of another cloud", async () => {
      const error = await failureOf(
        make().requestToken("", "https://vault.azure.cn/.default", NEVER),
        ProviderError,
      );
      expect(error.code).to.equal("SIGN_IN_REJECTED");
      expect(error.message).to.match(
        /HTTP 400 AADSTS500011 \(The resource principal .*\): the identity's tenant knows no https:\/\/vault\.azure\.cn; check cloudName/,
      );
    });

    const answers: { name: string; effect: Effect; code: string; message: RegExp; tries: number }[] = [
      {
        name: "403 with a text",
        effect: {
          kind: "answer",
          status: 403,
          body: "A socket operation was attempted to an unreachable network",
        },
        code: "SIGN_IN_REJECTED",
        message: /answered HTTP 403: the provider's pod may not ask it/,
        tries: 1,
      },
      {
        name: "401",
        effect: { kind: "answer", status: 401, body: { error: "unknown_source" } },
        code: "SIGN_IN_REJECTED",
        message: /answered HTTP 401 unknown_source: the provider's pod/,
        tries: 1,
      },
      {
        name: "429 again and again",
        effect: { kind: "throttled" },
        code: "SIGN_IN_THROTTLED",
        message: /answered HTTP 429 too_many_requests \(Too many requests\): this node asks/,
        tries: 5,
      },
      {
        name: "404 again and again",
        effect: { kind: "answer", status: 404, body: "" },
        code: "SIGN_IN_FAILED",
        message: /answered HTTP 404: the service is being updated/,
        tries: 5,
      },
      {
        name: "410 for more than 70 s",
        effect: UPDATING,
        code: "SIGN_IN_FAILED",
        message: /answered HTTP 410 gone: the service is being updated/,
        tries: 7,
      },
      {
        name: "500 again and again",
        effect: {
          kind: "answer",
          status: 500,
          body: { error: "unknown", error_description: "Failed to retrieve token" },
        },
        code: "SIGN_IN_FAILED",
        message: /answered HTTP 500 unknown \(Failed to retrieve token\): the service is out of order/,
        tries: 5,
      },
      {
        name: "400 with a body that tries to forge a log line and show a token",
        effect: {
          kind: "answer",
          status: 400,
          body: {
            error: "bad\nerror",
            error_description: `x\n\u001b[2Kpassed eyJhbGciOiJ.eyJzdWIi.c2ln ${"A".repeat(5_000)}`,
          },
        },
        code: "SIGN_IN_REJECTED",
        message:
          /answered HTTP 400 \(x \[2Kpassed \[removed\] A{500,600}…\): the node has no system-assigned/,
        tries: 1,
      },
      {
        name: "400 with a list instead of an object",
        effect: { kind: "answer", status: 400, body: "[1,2,3]" },
        code: "SIGN_IN_REJECTED",
        message: /answered HTTP 400: the node has no system-assigned/,
        tries: 1,
      },
      {
        name: "a redirect",
        effect: { kind: "redirect", location: "http://attacker.example/token" },
        code: "SIGN_IN_FAILED",
        message:
          /did not answer as itself: .* HTTP 307, a redirect to attacker\.example; redirects are not followed/,
        tries: 1,
      },
      {
        name: "garbage with HTTP 200",
        effect: { kind: "garbage" },
        code: "SIGN_IN_FAILED",
        message: /answered HTTP 200, but the answer is not JSON; check what answers/,
        tries: 1,
      },
      {
        name: "an answer without end",
        effect: { kind: "hugeBody" },
        code: "SIGN_IN_FAILED",
        message: /did not answer as itself: the answer of .* is larger than 65536 bytes/,
        tries: 1,
      },
      {
        name: "half an answer",
        effect: { kind: "truncate" },
        code: "SIGN_IN_UNREACHABLE",
        message: /cannot be reached: .* useVMManagedIdentity works on Azure virtual machines only/,
        tries: 3,
      },
      {
        name: "a token of another identity",
        effect: { kind: "rewrite", change: (body) => ({ ...(body as object), client_id: OTHER }) },
        code: "SIGN_IN_FAILED",
        message: /but the answer has a token of another identity than the one asked for/,
        tries: 1,
      },
      {
        name: "an answer without a token",
        effect: { kind: "rewrite", change: (body) => ({ ...(body as object), access_token: undefined }) },
        code: "SIGN_IN_FAILED",
        message: /but the answer has no access_token/,
        tries: 1,
      },
    ];
    for (const { name, effect, code, message, tries } of answers) {
      it(`explains ${name}`, async () => {
        imds.faults.add(effect);
        const error = await failWith(effect.kind === "rewrite" ? USER : "");
        expect(error.code).to.equal(code);
        expect(error.message).to.match(message);
        expect(error.message).to.not.match(TOKEN_IN_TEXT);
        expect(imds.requests).to.have.length(tries);
      });
    }

    it("goes on after passing failures, with the documented waits, and reports each", async () => {
      imds.faults.add({ kind: "throttled", retryAfterSeconds: 3 }, { times: 1 });
      imds.faults.add({ kind: "reset" }, { times: 1 });
      imds.faults.add(UPDATING, { times: 1 });
      expect((await request()).clientId).to.equal(SYSTEM);
      expect(waits).to.deep.equal([3_000, 4_000, 8_000]);
      expect(retries.map(({ retry, delayMs, cause }) => [retry, delayMs, cause])).to.deep.equal([
        [1, 3_000, 429],
        [2, 4_000, "reset"],
        [3, 8_000, 410],
      ]);
    });

    it("says that the service cannot be reached, after three tries", async () => {
      const origin = `http://127.0.0.1:${await freePort()}`;
      const error = await failureOf(make({ origin }).requestToken("", SCOPE, NEVER), ProviderError);
      expect(error.code).to.equal("SIGN_IN_UNREACHABLE");
      expect(error.message).to.match(
        /cannot be reached: cannot connect to 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/,
      );
      expect(waits).to.deep.equal([2_000, 4_000]);
    });

    it("ends a try that hangs", async () => {
      imds.faults.add({ kind: "hang" });
      const identity = make({ tryTimeoutMs: 50 });
      const error = await failureOf(identity.requestToken("", SCOPE, NEVER), ProviderError);
      expect(error.code).to.equal("SIGN_IN_UNREACHABLE");
      expect(error.message).to.match(/took longer than 50 ms while waiting for the answer/);
      expect(retries.map(({ cause }) => cause)).to.deep.equal(["timeout", "timeout"]);
    });
  });

  describe("giving up", () => {
    it("ends a request under way", async () => {
      imds.faults.add({ kind: "hang" });
      const caller = new AbortController();
      setTimeout(() => {
        caller.abort();
      }, 20);
      const error = await failureOf(request("", caller.signal), ProviderError);
      expect(error.code).to.equal("CALL_CANCELLED");
    });

    it("ends a wait between two tries", async () => {
      imds.faults.add({ kind: "throttled" });
      const caller = new AbortController();
      const identity = new ManagedIdentity({
        origin: imds.origin,
        onRetry: () => {
          caller.abort();
        },
      });
      open.push(identity);
      const startMs = performance.now();
      const error = await failureOf(identity.requestToken("", SCOPE, caller.signal), ProviderError);
      expect(error.code).to.equal("CALL_CANCELLED");
      expect(performance.now() - startMs).to.be.below(1_500);
      expect(imds.requests).to.have.length(1);
    });

    it("sends nothing for a caller that has gone", async () => {
      const error = await failureOf(request("", AbortSignal.abort()), ProviderError);
      expect(error.code).to.equal("CALL_CANCELLED");
      expect(imds.connectionCount).to.equal(0);
    });
  });
});
