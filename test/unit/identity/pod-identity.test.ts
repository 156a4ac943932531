import { expect } from "chai";
import { lookup as systemLookup } from "node:dns";
import { startEmulator, type Emulator } from "../../../emulator/emulator.js";
import type { Effect } from "../../../emulator/faults/effect.js";
import { startNmi, type NmiDouble } from "../../../emulator/nmi/nmi-double.js";
import { ProviderError } from "../../../src/errors/provider-error.js";
import {
  NMI_ORIGIN,
  PodIdentity,
  type PodIdentitySettings,
  type PodIdentityToken,
} from "../../../src/identity/credentials/pod-identity.js";
import { failureOf, freePort, TOKEN_IN_TEXT } from "./support.js";

const TENANT = "6f1b4f0a-0000-4000-8000-000000000021";
const CLIENT = "33333333-0000-4000-8000-000000000021";
const SCOPE = "https://vault.azure.net/.default";
const POD = { name: "web-0", namespace: "shop" };
const NEVER = new AbortController().signal;
const DEPRECATED = "AAD Pod Identity is no longer maintained: better move to workload identity";

describe("identity/credentials/pod-identity PodIdentity", () => {
  let emulator: Emulator;
  let nmi: NmiDouble;
  let nowMs = 0;
  const open: PodIdentity[] = [];

  const make = (settings: PodIdentitySettings = {}): PodIdentity => {
    const made = new PodIdentity({ origin: nmi.origin, now: () => nowMs, ...settings });
    open.push(made);
    return made;
  };
  const request = (pod = POD, signal = NEVER): Promise<PodIdentityToken> =>
    make().requestToken(pod, SCOPE, signal);
  const failWith = (pod = POD): Promise<ProviderError> => failureOf(request(pod), ProviderError);

  before(async () => {
    emulator = await startEmulator({ now: () => nowMs });
  });
  after(() => emulator.close());
  beforeEach(async () => {
    nowMs = Date.now();
    nmi = await startNmi({ directory: emulator.entra, now: () => nowMs });
    nmi.assign(POD, emulator.entra.tenant(TENANT).application({ clientId: CLIENT }).principal);
  });
  afterEach(async () => {
    for (const made of open.splice(0)) made.close();
    await nmi.close();
  });

  it("asks for the pod's token, over IPv4: the server takes ::1 for a stranger", async () => {
    const families: unknown[] = [];
    const way = make({
      lookup: (host, options, callback) => {
        families.push(options.family);
        systemLookup(host, options, callback);
      },
    });
    const { token, clientId } = await way.requestToken(POD, SCOPE, NEVER);
    expect(families).to.deep.equal([4]);
    expect(clientId).to.equal(CLIENT);
    expect(token.expiresOnTimestamp).to.equal((Math.floor(nowMs / 1000) + 86_400) * 1000);
    expect(nmi.requests.map((request) => ({ ...request, atMs: 0 }))).to.deep.equal([
      {
        atMs: 0,
        method: "GET",
        host: new URL(nmi.origin).host,
        path: "/host/token/",
        query: { resource: "https://vault.azure.net" },
        status: 200,
        faults: [],
      },
    ]);
  });

  it("does not give one pod the identity of another of the same name", async () => {
    const error = await failWith({ name: "web-0", namespace: "other" });
    expect(error.code).to.equal("SIGN_IN_REJECTED");
  });

  it("listens to no proxy and asks the usual port by default", async () => {
    const before = { ...process.env };
    try {
      process.env["HTTP_PROXY"] = process.env["http_proxy"] = `http://127.0.0.1:${await freePort()}`;
      expect((await request()).clientId).to.equal(CLIENT);
    } finally {
      process.env = before;
    }
    expect(NMI_ORIGIN).to.equal("http://localhost:2579");
    expect(() => new PodIdentity({ origin: "https://localhost:2579" })).to.throw(RangeError);
  });

  it("waits for an identity that is being assigned as long as the server does", async () => {
    nmi.faults.add({ kind: "delay", delayMs: 150 });
    expect((await request()).clientId).to.equal(CLIENT);
  });

  it("says that the identity is not assigned", async () => {
    nmi.unassign(POD);
    const error = await failWith();
    expect(error.code).to.equal("SIGN_IN_REJECTED");
    expect(error.message).to.equal(
      "nmi response failed with status code: 403, err: getting assigned identities for pod shop/web-0 in CREATED state failed after 16 attempts, " +
        "retry duration [5]s, error: <nil>. Check MIC pod logs for identity assignment errors; no identity is assigned to pod shop/web-0, or the node cannot " +
        "get its token: check the pod's label aadpodidbinding, the AzureIdentity and AzureIdentityBinding, and that the identity exists. " +
        DEPRECATED,
    );
    expect(nmi.requests).to.have.length(1);
  });

  it("says that the identity is still being assigned", async () => {
    nmi.beginAssigning(POD);
    const error = await failWith();
    expect(error.code).to.equal("SIGN_IN_REJECTED");
    expect(error.message).to.match(
      /^nmi response failed with status code: 404, err: .* in ASSIGNED state .*; the identity of pod shop\/web-0 is still being assigned/,
    );
  });

  const answers: { name: string; effect: Effect; code: string; message: RegExp }[] = [
    {
      name: "429",
      effect: { kind: "throttled" },
      code: "SIGN_IN_THROTTLED",
      message:
        /^nmi response failed with status code: 429, err: too many requests; the next mount tries again$/,
    },
    {
      name: "500",
      effect: { kind: "answer", status: 500, body: "" },
      code: "SIGN_IN_FAILED",
      message: /^nmi response failed with status code: 500; look at the log of NMI/,
    },
    {
      name: "400",
      effect: { kind: "answer", status: 400, body: "missing 'podname' and 'podns' from request header" },
      code: "SIGN_IN_REJECTED",
      message: /^nmi response failed with status code: 400, err: missing 'podname'/,
    },
    {
      name: "403 with a text of 50 KB that holds a token and a line break",
      effect: { kind: "answer", status: 403, body: `a\neyJhbGciOiJ.eyJzdWIi.c2ln ${"long ".repeat(10_000)}` },
      code: "SIGN_IN_REJECTED",
      message:
        /^nmi response failed with status code: 403, err: a \[removed\] (?:long ){100,120}.{0,5}…; no identity/,
    },
    {
      name: "a redirect",
      effect: { kind: "redirect", location: "http://attacker.example/" },
      code: "SIGN_IN_FAILED",
      message: /did not answer as itself: .* a redirect to attacker\.example; redirects are not followed/,
    },
    {
      name: "garbage with HTTP 200",
      effect: { kind: "garbage" },
      code: "SIGN_IN_FAILED",
      message: /answered HTTP 200, but the answer is not JSON; check what listens/,
    },
    {
      name: "an answer without end",
      effect: { kind: "hugeBody" },
      code: "SIGN_IN_FAILED",
      message: /did not answer as itself: .* is larger than 65536 bytes/,
    },
    {
      name: "half an answer",
      effect: { kind: "truncate" },
      code: "SIGN_IN_UNREACHABLE",
      message: /cannot be reached: .* check that NMI runs on this node, .* hostNetwork/,
    },
    {
      name: "a closed connection",
      effect: { kind: "reset" },
      code: "SIGN_IN_UNREACHABLE",
      message: /closed the connection/,
    },
    {
      name: "no token",
      effect: { kind: "rewrite", change: () => ({ clientid: CLIENT }) },
      code: "SIGN_IN_FAILED",
      message: /but the answer has no access_token/,
    },
    {
      name: "a token that is a text",
      effect: { kind: "rewrite", change: () => ({ token: "a.b.c", clientid: CLIENT }) },
      code: "SIGN_IN_FAILED",
      message: /but the answer has no access_token/,
    },
    {
      name: "no client id",
      effect: { kind: "rewrite", change: (body) => ({ ...(body as object), clientid: "" }) },
      code: "SIGN_IN_FAILED",
      message: /but the answer has no clientid/,
    },
    {
      name: "a client id that is no id",
      effect: { kind: "rewrite", change: (body) => ({ ...(body as object), clientid: "a\nb" }) },
      code: "SIGN_IN_FAILED",
      message: /but the answer has no clientid/,
    },
    {
      name: "null",
      effect: { kind: "rewrite", change: () => null },
      code: "SIGN_IN_FAILED",
      message: /but the answer has no access_token/,
    },
  ];
  for (const { name, effect, code, message } of answers) {
    it(`explains ${name}, after one request`, async () => {
      nmi.faults.add(effect);
      const error = await failWith();
      expect(error.code).to.equal(code);
      expect(error.message).to.match(message);
      expect(error.message).to.not.match(TOKEN_IN_TEXT);
      expect(error.message.length).to.be.below(1_100);
      expect(nmi.requests).to.have.length(1);
    });
  }

  it("says that nobody listens", async () => {
    const origin = `http://localhost:${await freePort()}`;
    const error = await failureOf(make({ origin }).requestToken(POD, SCOPE, NEVER), ProviderError);
    expect(error.code).to.equal("SIGN_IN_UNREACHABLE");
    expect(error.message).to.match(/cannot connect to localhost:\d+ \(ECONNREFUSED\)/);
  });

  it("ends a request that hangs", async () => {
    nmi.faults.add({ kind: "hang" });
    const error = await failureOf(make({ tryTimeoutMs: 50 }).requestToken(POD, SCOPE, NEVER), ProviderError);
    expect(error.code).to.equal("SIGN_IN_UNREACHABLE");
    expect(error.message).to.match(/took longer than 50 ms/);
  });

  it("ends with its caller", async () => {
    nmi.faults.add({ kind: "hang" });
    const caller = new AbortController();
    setTimeout(() => {
      caller.abort();
    }, 20);
    expect((await failureOf(request(POD, caller.signal), ProviderError)).code).to.equal("CALL_CANCELLED");
  });

  for (const [name, pod] of [
    ["no name", { name: "", namespace: "shop" }],
    ["no namespace", { name: "web-0", namespace: "" }],
    ["a name with a line break", { name: "web-0\r\npodns: other", namespace: "shop" }],
    ["a name of 254 characters", { name: "a".repeat(254), namespace: "shop" }],
    ["a namespace with a slash", { name: "web-0", namespace: "shop/other" }],
  ] as const) {
    it(`sends nothing for ${name}`, async () => {
      const error = await failWith(pod);
      expect(error.code).to.equal("REQUEST_MALFORMED");
      expect(nmi.requests).to.have.length(0);
    });
  }

  it("takes a name of 253 characters", async () => {
    const pod = { name: "a".repeat(253), namespace: "shop" };
    nmi.assign(pod, emulator.entra.tenant(TENANT).application({ clientId: CLIENT }).principal);
    expect((await request(pod)).clientId).to.equal(CLIENT);
  });
});
