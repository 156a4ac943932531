import { expect } from "chai";
import type { Effect } from "../../emulator/faults/effect.js";
import type { FaultFilter } from "../../emulator/faults/faults.js";
import { secretYaml } from "../support/objects-yaml.js";
import type { MountFailure, Pod } from "../support/pod.js";
import { World } from "../support/world.js";

describe("answers of the token endpoint", () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(async () => {
    await world.stop();
  });

  /** Filter for the token requests of one tenant. */
  const tokenRequestsOf = (pod: { tenantId: string }): FaultFilter => ({
    kind: "token",
    path: `/${pod.tenantId}/*`,
  });

  const failures: { name: string; effect: Effect; status: string; says?: string[] }[] = [
    {
      name: "throttled, with Retry-After",
      effect: { kind: "throttled", retryAfterSeconds: 60 },
      status: "INTERNAL",
      says: ["HTTP 429", "60 s"],
    },
    {
      name: "throttled, without",
      effect: { kind: "throttled" },
      status: "INTERNAL",
      says: ["HTTP 429"],
    },
    {
      name: "503 with Retry-After",
      effect: { kind: "unavailable", retryAfterSeconds: 60 },
      status: "INTERNAL",
      says: ["HTTP 503"],
    },
    { name: "503", effect: { kind: "unavailable" }, status: "INTERNAL" },
    {
      name: "500 with HTML",
      effect: { kind: "answer", status: 500, body: "<html>hush-a-planted-value-x</html>" },
      status: "INTERNAL",
    },
    { name: "reset", effect: { kind: "reset" }, status: "INTERNAL" },
    { name: "no JSON", effect: { kind: "garbage" }, status: "INTERNAL" },
    { name: "half an answer", effect: { kind: "truncate" }, status: "INTERNAL" },
    { name: "an endless answer", effect: { kind: "hugeBody" }, status: "INTERNAL" },
    {
      name: "JSON without a token",
      effect: { kind: "answer", status: 200, body: { token_type: "Bearer" } },
      status: "INTERNAL",
    },
    {
      name: "a token that no header can hold",
      effect: {
        kind: "rewrite",
        change: (body) => ({ ...(body as object), access_token: "hush-a-planted-value-\u0100" }),
      },
      status: "INVALID_ARGUMENT",
    },
    {
      name: "an error of unknown shape that quotes the assertion",
      effect: {
        kind: "answer",
        status: 400,
        body: { error: { code: "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.x" } },
      },
      status: "UNAUTHENTICATED",
    },
    {
      name: "an error description that quotes the assertion",
      effect: {
        kind: "answer",
        status: 400,
        body: {
          error: "invalid_client",
          error_description: `AADSTS50027: eyJhbGciOiJub25lIn0.${"eyJzdWIi".repeat(20)}.sig`,
        },
      },
      status: "UNAUTHENTICATED",
      says: ["AADSTS50027"],
    },
  ];
  describe("that end the mount", () => {
    /** They wait most of their time between tries: all at once. */
    const running = new Map<string, { pod: Pod; failure: Promise<MountFailure> }>();
    before(() => {
      for (const { name, effect } of failures) {
        const pod = world.pod();
        pod.plantSecret("one");
        world.emulator.faults.add(effect, tokenRequestsOf(pod));
        running.set(name, {
          pod,
          failure: pod.mountError({ objects: secretYaml("one"), deadlineMs: 10_000 }),
        });
      }
    });
    after(() => {
      world.emulator.faults.clear();
    });

    for (const { name, status, says = [] } of failures) {
      it(`${name}: ${status}, and the vault is not asked`, async () => {
        const { pod, failure } = running.get(name) ?? expect.fail();
        const { status: actual, message } = await failure;
        expect(actual).to.equal(status);
        expect(message).to.match(/^failed to mount objects, error: /);
        for (const words of says) expect(message).to.contain(words);
        const { read, challenge } = world.emulator.requests.counts(({ vault }) => vault === pod.vault.name);
        expect(read + challenge).to.equal(0);
      });
    }
  });

  const passing: [string, Effect][] = [
    ["429 once", { kind: "throttled" }],
    ["503 once", { kind: "unavailable" }],
    ["a reset once", { kind: "reset" }],
  ];
  for (const [name, effect] of passing) {
    it(`${name} is tried again`, async () => {
      const pod = world.pod();
      const value = pod.plantSecret("one");
      const fault = world.emulator.faults.add(effect, { ...tokenRequestsOf(pod), times: 1 });
      expect((await pod.mount(secretYaml("one"))).files.get("one")?.text).to.equal(value);
      expect(fault.hits).to.equal(1);
    });
  }

  it("a token endpoint that hangs ends with the call's deadline", async () => {
    const pod = world.pod();
    const hang = world.emulator.faults.add({ kind: "hang" }, tokenRequestsOf(pod));
    const { status } = await pod.mountError({ objects: secretYaml("one"), deadlineMs: 1500 });
    expect(status).to.equal("INTERNAL");
    expect(hang.hits).to.equal(1);
  });

  it("a failed sign-in is asked once for a class of many objects", async () => {
    const pod = world.pod();
    const { message } = await pod.mountError({
      objects: `[${Array.from({ length: 50 }, (_, i) => `{objectName: s${i}, objectType: secret}`).join(",")}]`,
      parameters: { clientID: "00000000-0000-0000-0000-000000000001" },
    });
    expect(message).to.contain("AADSTS700016").and.not.contain("50 of 50");
    expect(world.emulator.requests.counts(({ tenantId }) => tenantId === pod.tenantId).token).to.equal(1);
  });

  it("an access token that the vault rejects is asked for anew, once", async () => {
    const pod = world.pod();
    const value = pod.plantSecret("one");
    const claims = world.emulator.faults.add({ kind: "claimsChallenge" }, { host: pod.vault.host, times: 1 });
    expect((await pod.mount(secretYaml("one"))).files.get("one")?.text).to.equal(value);
    expect(claims.hits).to.equal(1);
  });

  it("an access token that the vault never accepts is UNAUTHENTICATED", async () => {
    const pod = world.pod();
    pod.plantSecret("one");
    world.emulator.faults.add({ kind: "rejectToken" }, { host: pod.vault.host });
    const { status, message } = await pod.mountError(secretYaml("one"));
    expect(status).to.equal("UNAUTHENTICATED");
    expect(message).to.contain("401").and.contain("objectName:one");
  });

  it("a vault of another tenant says so", async () => {
    const [pod, other] = [world.pod(), world.pod()];
    other.plantSecret("one");
    const { status, message } = await pod.mountError({
      objects: secretYaml("one"),
      parameters: { keyvaultName: other.vault.name },
    });
    expect(status).to.equal("UNAUTHENTICATED");
    expect(message).to.contain("tenant");
  });
});
