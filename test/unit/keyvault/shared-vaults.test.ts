import { expect } from "chai";
import { ProviderError } from "../../../src/errors/provider-error.js";
import {
  type SharedVault,
  type SharedVaultCall,
  SharedVaults,
  type SharedVaultsOptions,
} from "../../../src/keyvault/shared-vaults.js";
import { NetworkError } from "../../../src/network/network-error.js";
import {
  type Answer,
  failureOf,
  fakeCredential,
  fakeVault,
  never,
  refusal,
  secretAnswer,
  type SeenRequest,
  VAULT,
  VERSION,
} from "./fake-vault.js";

const TTL_MS = 60_000;
const WEB = { type: "secret", name: "web", version: "" } as const;

/** Requests that the test answers one by one, in the order in which they came. */
class Line {
  readonly asked: SeenRequest[] = [];
  readonly #answers: ((answer: Answer | Error) => void)[] = [];

  readonly script = (request: SeenRequest): Promise<Answer> =>
    new Promise((resolve, reject) => {
      this.asked.push(request);
      this.#answers.push((answer) => {
        if (answer instanceof Error) reject(answer);
        else resolve(answer);
      });
    });

  async answer(index: number, answer: Answer | Error): Promise<void> {
    await this.come(index + 1);
    this.#answers[index]?.(answer);
  }

  /** Waits until so many have come. */
  async come(count: number): Promise<void> {
    for (let i = 0; i < 1_000 && this.asked.length < count; i += 1) await tick();
    if (this.asked.length < count) throw new Error(`only ${this.asked.length} requests`);
  }
}

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
const value = (text: string, name = "web"): Answer =>
  secretAnswer({ value: text, id: `${VAULT}/secrets/${name}/${VERSION}` });

/** Vaults whose clock moves when the test says so, and by a hair with each mount. */
function make(options: Partial<SharedVaultsOptions> = {}) {
  const line = new Line();
  let nowMs = 1_000_000;
  const served: string[] = [];
  const forgotten: string[] = [];
  const vaults = new SharedVaults({
    httpClient: fakeVault(line.script).httpClient,
    userAgentPrefix: "test",
    retry: { maxRetries: 0 },
    cacheTtlMs: TTL_MS,
    staleMs: 0,
    clock: () => nowMs,
    onServed: (_host, from) => served.push(from),
    ...options,
  });
  /** A mount of pod `name`. */
  const open = (
    isStarting: boolean,
    changes: Partial<SharedVaultCall> & { name?: string } = {},
  ): SharedVault => {
    const arrivedAtMs = nowMs;
    nowMs += 1;
    return vaults.open({
      vaultUrl: `${VAULT}/`,
      scope: "https://vault.azure.net/.default",
      principal: "p",
      credential: fakeCredential(() => `token of ${changes.name ?? "pod"}`),
      forget: () => forgotten.push(changes.name ?? "pod"),
      isStarting,
      arrivedAtMs,
      deadlineMs: Infinity,
      ...changes,
    });
  };
  const read = async (vault: SharedVault, signal = never): Promise<string> => {
    const got = await vault.read(WEB, signal);
    return got.type === "secret" ? got.value.reveal() : "";
  };
  return {
    vaults,
    line,
    served,
    forgotten,
    open,
    read,
    start: (changes: Parameters<typeof open>[1] = {}, signal = never) => read(open(true, changes), signal),
    rotate: (changes: Parameters<typeof open>[1] = {}, signal = never) => read(open(false, changes), signal),
    pass: (ms: number) => {
      nowMs += ms;
    },
    now: () => nowMs,
  };
}

describe("keyvault/shared-vaults SharedVaults", () => {
  it("answers a rotation from memory until the TTL is over, and a first mount never", async () => {
    const { start, rotate, line, served, pass } = make();
    const first = start();
    await line.answer(0, value("v1"));
    expect(await first).to.equal("v1");
    expect(await rotate()).to.equal("v1");
    const second = start();
    await line.answer(1, value("v2"));
    expect(await second).to.equal("v2");
    pass(TTL_MS - 10);
    expect(await rotate()).to.equal("v2");
    pass(11);
    const late = rotate();
    await line.answer(2, value("v3"));
    expect(await late).to.equal("v3");
    expect(served).to.deep.equal(["vault", "cache", "vault", "cache", "vault"]);
  });

  it("with a TTL of 0 asks for each rotation, and still shares what began after a call arrived", async () => {
    const { start, rotate, open, read, line, served } = make({ cacheTtlMs: 0 });
    const first = start();
    await line.answer(0, value("v1"));
    await first;
    const second = rotate();
    await line.answer(1, value("v2"));
    expect(await second).to.equal("v2");
    const [one, two] = [open(false), open(false)];
    const both = [read(one), read(two)];
    await line.answer(2, value("v3"));
    expect(await Promise.all(both)).to.deep.equal(["v3", "v3"]);
    expect(served.slice(2)).to.have.members(["vault", "shared"]);
  });

  const APART: readonly { what: string; changes: Partial<SharedVaultCall> }[] = [
    { what: "principals", changes: { principal: "q" } },
    { what: "vaults", changes: { vaultUrl: "https://other.vault.azure.net/" } },
    { what: "vaults of one name in two clouds", changes: { vaultUrl: "https://demo.vault.azure.cn/" } },
  ];
  for (const { what, changes } of APART) {
    it(`shares nothing between ${what}`, async () => {
      const { rotate, line } = make();
      const first = rotate();
      await line.answer(0, value("v1"));
      await first;
      const second = rotate(changes);
      await line.answer(1, value("v2"));
      expect(await second).to.equal("v2");
    });
  }

  it("keeps objects, types and versions apart", async () => {
    const { open, line } = make();
    const vault = open(false);
    const references = [WEB, { ...WEB, name: "web2" }, { ...WEB, version: VERSION }];
    const all = references.map((reference) => vault.read(reference, never));
    await line.come(3);
    for (const [index, { name }] of references.entries()) await line.answer(index, value("v", name));
    await Promise.all(all);
    expect(new Set(line.asked.map(({ path }) => path)).size).to.equal(3);
  });

  it("a 401 of the one that asked drops its proof only; the others ask with their own token", async () => {
    const { rotate, line, forgotten } = make();
    const led = failureOf(rotate({ name: "leader" }));
    const joined = rotate({ name: "other" });
    await line.answer(0, refusal(401, "Unauthorized"));
    expect((await led).code).to.equal("VAULT_UNAUTHENTICATED");
    await line.answer(1, value("v1"));
    expect(await joined).to.equal("v1");
    expect(line.asked.map(({ authorization }) => authorization)).to.deep.equal([
      "Bearer token of leader",
      "Bearer token of other",
    ]);
    expect(forgotten).to.deep.equal(["leader"]);
  });

  it("drops the proof of one that has left before its 401 came", async () => {
    const { rotate, line, forgotten } = make();
    const leader = new AbortController();
    const led = failureOf(rotate({ name: "leader" }, leader.signal));
    const joined = rotate({ name: "other" });
    await line.come(1);
    leader.abort(new ProviderError("CALL_CANCELLED", "gone"));
    expect((await led).code).to.equal("CALL_CANCELLED");
    await line.answer(0, refusal(401, "Unauthorized"));
    await line.answer(1, value("v1"));
    await joined;
    expect(forgotten).to.deep.equal(["leader"]);
  });

  it("other refusals are told to all who wait, cost no proof, and are not remembered", async () => {
    const { rotate, line, forgotten } = make();
    const both = [failureOf(rotate()), failureOf(rotate())];
    await line.answer(0, refusal(403, "Forbidden"));
    for (const { code } of await Promise.all(both)) expect(code).to.equal("VAULT_FORBIDDEN");
    expect(forgotten).to.deep.equal([]);
    const again = rotate();
    await line.answer(1, value("v1"));
    expect(await again).to.equal("v1");
  });

  it("lets the read go on when the one that began it leaves, and ends it when nobody is left", async () => {
    const { rotate, line } = make();
    const callers = [new AbortController(), new AbortController()];
    const reads = callers.map(({ signal }) => failureOf(rotate({}, signal)));
    await line.come(1);
    const stop = (index: number): void => callers[index]?.abort(new ProviderError("CALL_CANCELLED", "gone"));
    stop(0);
    await reads[0];
    expect(line.asked[0]?.signal?.aborted).to.equal(false);
    stop(1);
    await reads[1];
    expect(line.asked[0]?.signal?.aborted).to.equal(true);
  });

  it("a late answer replaces no newer one", async () => {
    const { start, rotate, line } = make();
    const slow = start();
    await line.come(1);
    const quick = start(); // loses patience after half a second
    await line.answer(1, value("new"));
    expect(await quick).to.equal("new");
    await line.answer(0, value("old"));
    expect(await slow).to.equal("old");
    expect(await rotate()).to.equal("new");
  });

  it("does not line up one read more for each half second while the vault is throttled", async () => {
    const { start, line, vaults } = make({ throttle: { now: () => performance.now() } });
    const first = start();
    await line.answer(0, { status: 429, headers: { "retry-after": "1" } });
    const waiting = [start(), start()];
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect([...vaults.waiting()]).to.deep.equal([["demo.vault.azure.net", 1]]);
    await line.answer(1, value("v1"));
    await line.answer(2, value("v2"));
    expect(await Promise.all([first, ...waiting])).to.deep.equal(["v1", "v2", "v2"]);
    expect(line.asked).to.have.length(3);
  });

  it("shares lists of versions alike, each with the id of the request that brought it", async () => {
    const { open, line } = make();
    const id = `${VAULT}/secrets/web/${VERSION}`;
    const list = { body: { value: [{ id, attributes: { enabled: true, created: 1_700_000_000 } }] } };
    const mounts = [open(false), open(false)];
    const both = mounts.map((vault) => vault.listVersions(WEB, never));
    await line.answer(0, list);
    const [one, two] = await Promise.all(both);
    expect(one).to.deep.equal([{ version: VERSION, createdOnMs: 1_700_000_000_000, isEnabled: true }]);
    expect(two).to.equal(one);
    expect(line.asked).to.have.length(1);
    const reference = { type: "secret", name: "web", version: undefined };
    expect(mounts.map(({ served }) => served)).to.deep.equal([
      [{ reference, from: "vault", requestId: "request-1" }],
      [{ reference, from: "shared", requestId: "request-1" }],
    ]);
  });

  it("tells of each value its version, where it came from, and the request that brought it", async () => {
    const { open, read, line } = make();
    const [asking, later] = [open(false), open(false)];
    const first = read(asking);
    await line.answer(0, value("v1"));
    await first;
    await read(later);
    const reference = { type: "secret", name: "web", version: VERSION };
    expect(asking.served).to.deep.equal([{ reference, from: "vault", requestId: "request-1" }]);
    expect(later.served).to.deep.equal([{ reference, from: "cache", requestId: "request-1" }]);
  });

  it("tells one whose deadline would pass at once, with the time, and lets another vault go on", async () => {
    const { start, line, now } = make();
    const first = failureOf(start({ deadlineMs: now() + 10_000 }));
    await line.answer(0, { status: 429, headers: { "retry-after": "30" } });
    const error = await first;
    expect(error.code).to.equal("VAULT_THROTTLED");
    expect(error.message).to.contain("is asked nothing for another 30 s");
    expect((await failureOf(start({ deadlineMs: now() + 10_000 }))).code).to.equal("VAULT_THROTTLED");
    const other = start({ vaultUrl: "https://other.vault.azure.net/" });
    await line.answer(1, value("v1"));
    expect(await other).to.equal("v1");
  });

  it("a throttling that one mount meets stops the others, however long ago it opened the vault", async () => {
    const { open, read, start, line, now } = make();
    const early = open(false, { deadlineMs: now() + 10_000 });
    const other = start({ vaultUrl: "https://other.vault.azure.net/" }); // idle gates go when a new one comes
    await line.answer(0, value("x"));
    await other;
    const refused = failureOf(read(early));
    await line.answer(1, { status: 429, headers: { "retry-after": "30" } });
    expect((await refused).code).to.equal("VAULT_THROTTLED");
    expect((await failureOf(start({ deadlineMs: now() + 10_000 }))).code).to.equal("VAULT_THROTTLED");
    expect(line.asked).to.have.length(2);
  });

  describe("with stale values allowed for an hour", () => {
    const STALE = { staleMs: 3_600_000 } as const;

    /** A value in memory that is older than the TTL. */
    async function warm(options: Partial<SharedVaultsOptions> = STALE) {
      const made = make(options);
      const first = made.start();
      await made.line.answer(0, value("old"));
      await first;
      made.pass(TTL_MS + 1);
      return made;
    }

    const unreachable = new NetworkError("connect", "cannot connect", { host: "demo.vault.azure.net" });
    const OUTAGES: readonly [string, Answer | Error][] = [
      ["no connection", unreachable],
      ["HTTP 500", { status: 500 }],
      ["HTTP 503", { status: 503 }],
      ["HTTP 429", { status: 429, headers: { "retry-after": "60" } }],
    ];
    for (const [what, answer] of OUTAGES) {
      it(`${what}: a starting pod gets the older value, a rotating one does not`, async () => {
        const { start, rotate, line, served, now } = await warm();
        const deadlineMs = now() + 20_000;
        const started = start({ deadlineMs });
        await line.answer(1, answer);
        expect(await started).to.equal("old");
        expect(served.at(-1)).to.equal("stale");
        const rotated = failureOf(rotate({ deadlineMs }));
        if (!(answer instanceof Error) && answer.status === 429) await rotated;
        else await line.answer(2, answer);
        expect((await rotated).code).to.be.oneOf(["VAULT_UNREACHABLE", "VAULT_FAILED", "VAULT_THROTTLED"]);
      });
    }

    const ANSWERS: readonly [string, Answer][] = [
      ["HTTP 401", refusal(401, "Unauthorized")],
      ["HTTP 403", refusal(403, "Forbidden")],
      [
        "a disabled object",
        refusal(403, "Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled"),
      ],
      ["HTTP 404", refusal(404, "SecretNotFound")],
      ["HTTP 400", refusal(400, "BadParameter")],
      ["HTTP 204", { status: 204 }],
      ["an answer that cannot be read", { body: "<html>" }],
    ];
    for (const [what, answer] of ANSWERS) {
      it(`${what} is an answer: nothing older is given`, async () => {
        const { start, line, served } = await warm();
        const failed = failureOf(start());
        await line.answer(1, answer);
        await failed;
        expect(served).to.deep.equal(["vault"]);
      });
    }

    it("a vault that says nothing is waited for as long as the pod can afford", async () => {
      const { start, line, now } = await warm();
      const started = start({ deadlineMs: now() + 60 });
      await line.come(2);
      expect(await started).to.equal("old");
    });

    it("gives nothing older than allowed, to no other principal, and rotations nothing beyond the TTL", async () => {
      const { start, rotate, line, pass } = await warm();
      const other = failureOf(start({ principal: "q" }));
      await line.answer(1, { status: 500 });
      expect((await other).code).to.equal("VAULT_FAILED");
      const rotated = rotate();
      await line.answer(2, value("new"));
      expect(await rotated, "rotations ask").to.equal("new");
      pass(3_600_001);
      const late = failureOf(start());
      await line.answer(3, { status: 500 });
      expect((await late).code).to.equal("VAULT_FAILED");
    });

    it("without it, nothing older is given", async () => {
      const { start, line } = await warm({});
      const failed = failureOf(start());
      await line.answer(1, { status: 500 });
      expect((await failed).code).to.equal("VAULT_FAILED");
    });
  });

  it("keeps no more bytes than it has room for; what was used longest ago makes room", async () => {
    const { open, line } = make();
    const big = "x".repeat(1_000_000); // two bytes a character
    const names = ["a", "b", "c", "d", "e"];
    const read = (name: string): Promise<unknown> => open(false).read({ ...WEB, name }, never);
    for (const [index, name] of names.entries()) {
      const reading = read(name);
      await line.answer(index, value(big, name));
      await reading;
    }
    await read("e");
    expect(line.asked).to.have.length(5);
    const again = read("a");
    await line.answer(5, value(big, "a"));
    await again;
  });
});
