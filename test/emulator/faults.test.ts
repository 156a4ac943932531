import { once } from "node:events";
import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { expect } from "chai";
import { startEmulator } from "../../emulator/emulator.js";
import type { Effect, Emulator, FaultFilter, VaultDouble } from "../../emulator/emulator.js";
import { ask, signIn } from "./ask.js";
import type { Reply } from "./ask.js";

const TENANT = "11111111-1111-4111-8111-111111111111";
const CLIENT = "22222222-2222-4222-8222-222222222222";
const HOST = "contoso-vault.vault.azure.net";
const LOGIN = "login.microsoftonline.com";

describe("emulator/faults", () => {
  let emulator: Emulator;
  let vault: VaultDouble;
  let token: string;
  let nowMs = Date.UTC(2026, 0, 2);

  before(async () => {
    emulator = await startEmulator({ now: () => nowMs });
    emulator.entra.tenant(TENANT).application({ clientId: CLIENT, secrets: ["s"] });
    vault = emulator.vault("contoso-vault").grantAll(CLIENT);
    vault.setSecret("s", "value");
    token = await signIn(emulator, { tenantId: TENANT, clientId: CLIENT, secret: "s" });
  });
  after(() => emulator.close());
  afterEach(() => {
    emulator.faults.clear();
    emulator.requests.reset();
  });

  const read = (path = "/secrets/s?api-version=7.4", signal?: AbortSignal): Promise<Reply> =>
    ask(emulator, {
      host: HOST,
      path,
      headers: { Authorization: `Bearer ${token}` },
      ...(signal === undefined ? {} : { signal }),
    });

  const tokenRequest = (): Promise<Reply> =>
    ask(emulator, {
      host: LOGIN,
      path: `/${TENANT}/oauth2/v2.0/token`,
      method: "POST",
      body: `grant_type=client_credentials&client_id=${CLIENT}&client_secret=s&scope=https://vault.azure.net/.default`,
    });

  async function codeOf(attempt: Promise<unknown>): Promise<string> {
    try {
      await attempt;
      return "none";
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? String(error);
    }
  }

  const answers: { effect: Effect; status: number; headers?: Record<string, string>; body: unknown }[] = [
    {
      effect: { kind: "answer", status: 418, headers: { "X-Tea": "yes" }, body: { short: "stout" } },
      status: 418,
      headers: { "x-tea": "yes", "content-type": "application/json; charset=utf-8" },
      body: { short: "stout" },
    },
    {
      effect: { kind: "throttled" },
      status: 429,
      body: {
        error: {
          code: "Throttled",
          message:
            "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached",
        },
      },
    },
    {
      effect: { kind: "unavailable", retryAfterSeconds: 3 },
      status: 503,
      headers: { "retry-after": "3" },
      body: { error: { code: "ServiceUnavailable", message: "The service is temporarily unavailable." } },
    },
    {
      effect: { kind: "rejectToken" },
      status: 401,
      body: {
        error: { code: "Unauthorized", message: "[TokenExpired] Error validating token: 'S2S12086'." },
      },
    },
  ];
  for (const { effect, status, headers = {}, body } of answers) {
    it(`answers with ${effect.kind}`, async () => {
      emulator.faults.add(effect);
      const reply = await read();
      expect(reply.status).to.equal(status);
      expect(reply.json).to.deep.equal(body);
      expect(reply.headers).to.include(headers);
      if (effect.kind === "throttled") expect(reply.headers).not.to.have.property("retry-after");
    });
  }

  it("answers text as it is", async () => {
    emulator.faults.add({
      kind: "answer",
      status: 200,
      body: "plain",
      headers: { "Content-Type": "text/plain" },
    });
    expect((await read()).text).to.equal("plain");
  });

  it("answers with garbage that calls itself JSON", async () => {
    emulator.faults.add({ kind: "garbage" });
    const reply = await read();
    expect(reply).to.include({ status: 200, json: undefined });
    expect(reply.headers["content-type"]).to.equal("application/json");
  });

  for (const [status, expected] of [
    [undefined, 307],
    [302, 302],
  ] as const) {
    it(`sends elsewhere with ${expected}`, async () => {
      const location = "https://attacker.example/secrets/s";
      emulator.faults.add({ kind: "redirect", location, ...(status === undefined ? {} : { status }) });
      const reply = await read();
      expect(reply.status).to.equal(expected);
      expect(reply.headers.location).to.equal(location);
    });
  }

  it("asks for claims, once", async () => {
    emulator.faults.add({ kind: "claimsChallenge", claims: '{"access_token":{}}' }, { times: 1 });
    const reply = await read();
    expect(reply.status).to.equal(401);
    expect(reply.headers["www-authenticate"]).to.equal(
      `Bearer realm="", authorization_uri="https://${LOGIN}/${TENANT}/oauth2/authorize", error="insufficient_claims", claims="${Buffer.from('{"access_token":{}}').toString("base64")}"`,
    );
    expect((await read()).status).to.equal(200);
  });

  const signIns: { effect: Effect; status: number; code: number; error: string }[] = [
    {
      effect: { kind: "throttled", retryAfterSeconds: 7 },
      status: 429,
      code: 90055,
      error: "temporarily_unavailable",
    },
    { effect: { kind: "unavailable" }, status: 503, code: 90033, error: "temporarily_unavailable" },
    {
      effect: { kind: "signInError", number: 50196, text: "The server terminated an operation." },
      status: 400,
      code: 50196,
      error: "invalid_grant",
    },
  ];
  for (const { effect, status, code, error } of signIns) {
    it(`answers a sign-in with ${effect.kind}`, async () => {
      emulator.faults.add(effect, { kind: "token" });
      const reply = await tokenRequest();
      expect(reply.status).to.equal(status);
      expect(reply.json).to.deep.include({ error, error_codes: [code] });
      expect(reply.headers["retry-after"]).to.equal(effect.kind === "throttled" ? "7" : undefined);
      expect((await read()).status).to.equal(200);
    });
  }

  it("changes a right answer, and leaves errors alone", async () => {
    emulator.faults.add({ kind: "rewrite", change: (body) => ({ ...(body as object), contentType: null }) });
    expect((await read()).json).to.include({ value: "value", contentType: null });
    expect((await read("/secrets/none?api-version=7.4")).json).not.to.have.property("contentType");
  });

  it("says what went wrong when a change fails", async () => {
    emulator.faults.add({
      kind: "rewrite",
      change: () => {
        throw new TypeError("no such thing");
      },
    });
    const reply = await read();
    expect(reply.status).to.equal(500);
    expect(reply.json).to.deep.equal({ error: { code: "EmulatorError", message: "no such thing" } });
  });

  it("puts a link of one's own under a page", async () => {
    emulator.faults.add({ kind: "nextLink", url: "http://attacker.example/" }, { kind: "list" });
    const reply = await read("/secrets?api-version=7.4");
    expect(reply.json).to.deep.include({ nextLink: "http://attacker.example/" });
    expect(reply.json?.["value"]).to.have.length(1);
    expect((await read()).json).not.to.have.property("nextLink");
  });

  it("has pages without an end", async () => {
    emulator.faults.add({ kind: "endlessPages" });
    let path = "/secrets/s/versions?api-version=7.4";
    for (let count = 0; count < 5; count++) {
      const { json } = await read(path);
      const { pathname, search, host } = new URL(String(json?.["nextLink"]));
      expect(host).to.equal(HOST);
      path = `${pathname}${search}`;
    }
  });

  it("delays, several times over", async () => {
    emulator.faults.add({ kind: "delay", delayMs: 30 });
    emulator.faults.add({ kind: "delay", delayMs: 30 });
    const startedAt = performance.now();
    expect((await read()).status).to.equal(200);
    expect(performance.now() - startedAt).to.be.within(59, 2000);
    expect(emulator.requests.all[0]?.faults).to.deep.equal(["delay", "delay"]);
  });

  describe("of the connection", () => {
    it("hang: takes the request and never answers", async () => {
      emulator.faults.add({ kind: "hang" }, { times: 1 });
      const controller = new AbortController();
      const attempt = codeOf(read(undefined, controller.signal));
      while (emulator.requests.inFlight === 0) await sleep(1);
      await sleep(20);
      expect(emulator.requests.inFlight).to.equal(1);
      controller.abort();
      expect(await attempt).to.equal("ABORT_ERR");
      while (emulator.requests.inFlight === 1) await sleep(1);
      expect(emulator.requests.all[0]).to.deep.include({ status: 0, faults: ["hang"] });
      expect((await read()).status).to.equal(200);
    });

    it("hang: ends when the emulator does", async () => {
      const other = await startEmulator();
      other.faults.add({ kind: "hang" });
      const attempt = codeOf(ask(other, { host: LOGIN, path: "/" }));
      while (other.requests.inFlight === 0) await sleep(1);
      await other.close();
      expect(await attempt).to.equal("ECONNRESET");
    });

    it("reset", async () => {
      emulator.faults.add({ kind: "reset" }, { times: 1 });
      expect(await codeOf(read())).to.equal("ECONNRESET");
      expect((await read()).status).to.equal(200);
    });

    it("truncate: the right headers, half of the body", async () => {
      emulator.faults.add({ kind: "truncate" });
      expect(await codeOf(read())).to.equal("ECONNRESET");
      expect(emulator.requests.all[0]).to.include({ status: 200 });
    });

    it("hugeBody: as many bytes as asked for", async () => {
      emulator.faults.add({ kind: "hugeBody", bytes: 200_000 });
      const { json } = await read();
      expect(json?.["value"]).to.have.length(200_000);
    });

    it("hugeBody: without an end, until the client has had enough", async () => {
      emulator.faults.add({ kind: "hugeBody" });
      const request = https.get({
        host: "127.0.0.1",
        port: emulator.port,
        servername: HOST,
        ca: emulator.caPem,
        headers: { Host: HOST, Authorization: `Bearer ${token}` },
        path: "/secrets/s?api-version=7.4",
        agent: false,
      });
      const [response] = (await once(request, "response")) as [NodeJS.ReadableStream];
      let size = 0;
      for await (const chunk of response as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > 5_000_000) break;
      }
      request.destroy();
      while (emulator.requests.inFlight > 0) await sleep(1);
      expect(size).to.be.greaterThan(5_000_000);
    });

    it("slowDrip: the right answer, byte by byte", async () => {
      emulator.faults.add({ kind: "slowDrip", intervalMs: 1 });
      const startedAt = performance.now();
      const reply = await read();
      expect(reply.json).to.include({ value: "value" });
      expect(performance.now() - startedAt).to.be.greaterThan(reply.text.length);
    });
  });

  describe("throttle", () => {
    for (const retryAfterSeconds of [undefined, 9]) {
      it(`lets 3 through in ten seconds, Retry-After ${String(retryAfterSeconds)}`, async () => {
        const handle = emulator.faults.add({
          kind: "throttle",
          limit: 3,
          ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
        });
        const statuses = async (count: number): Promise<number[]> => {
          const seen: number[] = [];
          for (let index = 0; index < count; index++) seen.push((await read()).status);
          return seen;
        };
        expect(await statuses(5)).to.deep.equal([200, 200, 200, 429, 429]);
        expect(handle.hits).to.equal(2);
        nowMs += 9_999;
        const reply = await read();
        expect(reply.status).to.equal(429);
        expect(reply.headers["retry-after"]).to.equal(retryAfterSeconds?.toString());
        nowMs += 1;
        expect(await statuses(4)).to.deep.equal([200, 200, 200, 429]);
      });
    }

    it("counts each vault on its own", async () => {
      emulator.vault("another").grantAll(CLIENT);
      emulator.faults.add({ kind: "throttle", limit: 1 }, { host: "*.vault.azure.net" });
      expect((await read()).status).to.equal(200);
      const other = await ask(emulator, {
        host: "another.vault.azure.net",
        path: "/secrets/x?api-version=7.4",
        headers: { Authorization: `Bearer ${token}` },
      });
      expect(other.status).to.equal(404);
      expect((await read()).status).to.equal(429);
    });
  });

  describe("filters", () => {
    const cases: { filter: FaultFilter; isHit: boolean }[] = [
      { filter: {}, isHit: true },
      { filter: { host: HOST }, isHit: true },
      { filter: { host: "*.vault.azure.net" }, isHit: true },
      { filter: { host: "vault.azure.net" }, isHit: false },
      { filter: { host: "contoso-vault.vault.azure_net" }, isHit: false },
      { filter: { host: /^contoso/ }, isHit: true },
      { filter: { path: "/secrets/s" }, isHit: true },
      { filter: { path: "/secrets/*" }, isHit: true },
      { filter: { path: "/secrets" }, isHit: false },
      { filter: { path: /keys/ }, isHit: false },
      { filter: { method: "GET" }, isHit: true },
      { filter: { method: "POST" }, isHit: false },
      { filter: { kind: "read" }, isHit: true },
      { filter: { kind: "list" }, isHit: false },
      { filter: { host: HOST, kind: "token" }, isHit: false },
      { filter: { query: { "api-version": "7.4" } }, isHit: true },
      { filter: { query: { "api-version": "7.5" } }, isHit: false },
      { filter: { times: 0 }, isHit: false },
      { filter: { skip: 1 }, isHit: false },
    ];
    for (const { filter, isHit } of cases) {
      const shown = Object.entries(filter).map(([key, value]) => `${key} ${inspect(value)}`);
      it(`${shown.join(", ") || "none"}: ${isHit ? "hit" : "missed"}`, async () => {
        const handle = emulator.faults.add({ kind: "answer", status: 418 }, filter);
        expect((await read()).status).to.equal(isHit ? 418 : 200);
        expect(handle.hits).to.equal(isHit ? 1 : 0);
      });
    }

    it("skip and times count together", async () => {
      emulator.faults.add({ kind: "answer", status: 418 }, { skip: 1, times: 2 });
      const statuses: number[] = [];
      for (let count = 0; count < 5; count++) statuses.push((await read()).status);
      expect(statuses).to.deep.equal([200, 418, 418, 200, 200]);
    });

    it("the first fault that was added takes the answer's place, until it is removed", async () => {
      const first = emulator.faults.add({ kind: "answer", status: 418 });
      emulator.faults.add({ kind: "answer", status: 419 });
      expect((await read()).status).to.equal(418);
      first.remove();
      expect((await read()).status).to.equal(419);
    });
  });
});
