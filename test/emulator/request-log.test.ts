import { expect } from "chai";
import { startEmulator } from "../../emulator/emulator.js";
import type { Emulator } from "../../emulator/emulator.js";
import { MAX_LOGGED, RequestLog } from "../../emulator/request-log.js";
import { ask, signIn } from "./ask.js";

const TENANT = "11111111-1111-4111-8111-111111111111";
const CLIENT = "22222222-2222-4222-8222-222222222222";
const OBJECT = "33333333-3333-4333-8333-333333333333";
const HOST = "contoso-vault.vault.azure.net";
const LOGIN = "login.microsoftonline.com";

describe("emulator/request-log", () => {
  let emulator: Emulator;
  let token: string;

  before(async () => {
    emulator = await startEmulator({ now: () => 1_000_000 });
    emulator.entra.tenant(TENANT).application({ clientId: CLIENT, objectId: OBJECT, secrets: ["s3cr3t"] });
    emulator.vault("contoso-vault").grantAll(CLIENT).setSecret("s", "the value");
    token = await signIn(emulator, { tenantId: TENANT, clientId: CLIENT, secret: "s3cr3t" });
  });
  after(() => emulator.close());
  beforeEach(() => {
    emulator.requests.reset();
  });

  const principal = { tenantId: TENANT, clientId: CLIENT, objectId: OBJECT };
  const VERSION = "0".repeat(32);
  const cases = [
    {
      name: "a read",
      path: "/secrets/s?api-version=7.4",
      entry: {
        kind: "read",
        objectType: "secret",
        objectName: "s",
        status: 200,
        principal,
        apiVersion: "7.4",
      },
    },
    {
      name: "a read of a version",
      path: `/keys/k/${VERSION}?api-version=7.5`,
      entry: {
        kind: "read",
        objectType: "key",
        objectName: "k",
        objectVersion: VERSION,
        status: 404,
        code: "KeyNotFound",
        principal,
      },
    },
    {
      name: "a list of versions",
      path: "/certificates/c/versions?api-version=7.4",
      entry: { kind: "list", objectType: "cert", objectName: "c", status: 200, principal },
    },
    {
      name: "a list of objects",
      path: "/secrets?api-version=7.4",
      entry: { kind: "list", objectType: "secret", objectName: undefined, status: 200, principal },
    },
    {
      name: "a challenge",
      path: "/secrets/s?api-version=7.4",
      token: "",
      entry: { kind: "challenge", objectName: "s", status: 401, code: "AKV10000", principal: undefined },
    },
    {
      name: "a token that is refused",
      path: "/secrets/s?api-version=7.4",
      token: "x",
      entry: { kind: "read", status: 401, code: "TokenExpired", principal: undefined },
    },
    {
      name: "something else",
      path: "/healthz",
      entry: { kind: "unknown", status: 404, objectType: undefined },
    },
  ];
  for (const { name, path, token: other, entry } of cases) {
    it(`notes ${name}`, async () => {
      const authorization = other === "" ? {} : { Authorization: `Bearer ${other ?? token}` };
      await ask(emulator, { host: `${HOST}:443`, path, headers: authorization });
      expect(emulator.requests.all).to.have.length(1);
      const [noted] = emulator.requests.all;
      expect(noted).to.deep.include({
        via: "direct",
        host: HOST,
        method: "GET",
        path: path.replace(/\?.*/, ""),
        vault: "contoso-vault",
        tenantId: TENANT,
        atMs: 1_000_000,
        faults: [],
        ...entry,
      });
      expect(noted?.durationMs).to.be.within(0, 5000);
    });
  }

  it("notes sign-ins with who was let in and who was not", async () => {
    await signIn(emulator, { tenantId: TENANT, clientId: CLIENT, secret: "s3cr3t" });
    await signIn(emulator, { tenantId: TENANT, clientId: CLIENT, secret: "wrong" }).catch(() => undefined);
    const [good, bad] = emulator.requests.all;
    expect(good).to.deep.include({ kind: "token", host: LOGIN, tenantId: TENANT, status: 200, principal });
    expect(bad).to.deep.include({ kind: "token", status: 401, code: "AADSTS7000215", principal: undefined });
  });

  it("keeps no token, no secret and no value", async () => {
    await signIn(emulator, { tenantId: TENANT, clientId: CLIENT, secret: "s3cr3t" });
    await ask(emulator, {
      host: HOST,
      path: `/secrets/s?api-version=7.4&access_token=${token}`,
      headers: { Authorization: `Bearer ${token}` },
    });
    const text = JSON.stringify([emulator.requests.all, emulator.requests.connects]);
    for (const hidden of ["s3cr3t", "the value", token]) expect(text).not.to.contain(hidden);
  });

  it("counts by kind and by anything", async () => {
    const read = (name: string): Promise<unknown> =>
      ask(emulator, {
        host: HOST,
        path: `/secrets/${name}?api-version=7.4`,
        headers: { Authorization: `Bearer ${token}` },
      });
    await Promise.all([read("s"), read("s"), read("none")]);
    await ask(emulator, { host: LOGIN, path: "/common/discovery/keys" });
    const { requests } = emulator;
    expect(requests.counts()).to.deep.equal({
      discovery: 0,
      keys: 1,
      token: 0,
      challenge: 0,
      read: 3,
      list: 0,
      unknown: 0,
      total: 4,
    });
    expect(requests.counts(({ status }) => status === 404)).to.include({ read: 1, total: 1 });
    expect(requests.countBy((request) => request.objectName)).to.deep.equal(
      new Map([
        ["s", 2],
        ["none", 1],
      ]),
    );
    expect(requests.countBy((request) => request.principal?.clientId)).to.deep.equal(new Map([[CLIENT, 3]]));
    expect(requests.filter(({ kind }) => kind === "keys")).to.have.length(1);
    expect(new Set(requests.hosts())).to.deep.equal(new Set([HOST, LOGIN]));
  });

  it("knows how many were in flight at one time", async () => {
    emulator.faults.add({ kind: "delay", delayMs: 40 });
    const read = (): Promise<unknown> =>
      ask(emulator, {
        host: HOST,
        path: "/secrets/s?api-version=7.4",
        headers: { Authorization: `Bearer ${token}` },
      });
    await Promise.all([read(), read(), read()]);
    emulator.faults.clear();
    expect(emulator.requests.peakInFlight).to.equal(3);
    expect(emulator.requests.inFlight).to.equal(0);
    emulator.requests.reset();
    expect(emulator.requests.peakInFlight).to.equal(0);
  });

  it("numbers in the order of arrival, files once, and forgets the oldest beyond its cap", () => {
    const log = new RequestLog();
    const entry = {
      via: "direct",
      atMs: 0,
      durationMs: 0,
      method: "GET",
      host: "h",
      path: "/",
      kind: "read",
      status: 200,
      faults: [],
    } as const;
    const [first, second] = [log.begin(), log.begin()];
    second(entry);
    first(entry);
    first(entry);
    expect(log.all.map(({ id }) => id)).to.deep.equal([2, 1]);
    for (let count = 2; count < MAX_LOGGED; count++) log.begin()(entry);
    expect(log.all).to.have.length(MAX_LOGGED);
    log.begin()(entry);
    expect(log.all).to.have.length(MAX_LOGGED);
    expect(log.all[0]?.id).to.equal(1);
    expect(log.inFlight).to.equal(0);
  });
});
