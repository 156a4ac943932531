import { expect } from "chai";
import { type Emulator, type Effect, startEmulator } from "../../emulator/emulator.js";
import { secretYaml } from "../support/objects-yaml.js";
import type { Pod } from "../support/pod.js";
import { replicasOf } from "../support/replica.js";
import { untilShown } from "../support/series.js";
import { waitUntil } from "../support/wait.js";
import { World } from "../support/world.js";

const OBJECTS = secretYaml("one");
/** A starting pod waits for half of it before it takes an older value. */
const DEADLINE_MS = 2_000;

const OUTAGES: readonly { readonly what: string; readonly effect: Effect }[] = [
  { what: "answers HTTP 503", effect: { kind: "unavailable" } },
  { what: "answers HTTP 500", effect: { kind: "answer", status: 500 } },
  { what: "ends its connections", effect: { kind: "reset" } },
  { what: "never answers", effect: { kind: "hang" } },
  {
    what: "is throttled for longer than the mount may take",
    effect: { kind: "throttled", retryAfterSeconds: 50 },
  },
];

/** Vaults out of reach, and refusals that look like it. */
describe("an outage of the vault", () => {
  let emulator: Emulator;
  let stale: World;
  let strict: World;
  before(async () => {
    emulator = await startEmulator();
    [stale, strict] = await Promise.all([
      World.start({
        sharedEmulator: emulator,
        flags: ["--serve-stale-during-outage=1h", "--object-cache-ttl=0s"],
      }),
      World.start({ sharedEmulator: emulator }),
    ]);
  });
  after(async () => {
    await Promise.all([stale, strict].map((one) => one.stop()));
    await emulator.close();
  });
  afterEach(() => {
    emulator.faults.clear();
  });

  /** A pod whose value is in memory, and a replica of it that has not started. */
  async function warm(world: World) {
    const pod = world.pod();
    const value = pod.plantSecret("one");
    const [running, starting] = replicasOf(pod, 2);
    if (running === undefined || starting === undefined) throw new Error("two were made");
    await running.mount({ objects: OBJECTS });
    return { pod, value, running, starting };
  }

  const breakDown = (pod: Pod, effect: Effect) => emulator.faults.add(effect, { host: pod.vault.host });

  it("--serve-stale-during-outage: a starting pod gets the older value, and a rotation fails", async () => {
    const judge = async ({ what, effect }: (typeof OUTAGES)[number]): Promise<void> => {
      const { pod, value, running, starting } = await warm(stale);
      breakDown(pod, effect);
      const [started, rotated] = await Promise.all([
        starting.mount({ objects: OBJECTS, deadlineMs: DEADLINE_MS }),
        running.mountError({ objects: OBJECTS, deadlineMs: DEADLINE_MS }),
      ]);
      expect(started.files.get("one")?.text, what).to.equal(value);
      expect(rotated.status, what).to.be.oneOf(["INTERNAL"]);
    };
    await Promise.all(OUTAGES.map(judge));
  });

  it("is logged with the pod and the read that brought the value, and counted", async () => {
    const { pod, starting } = await warm(stale);
    const [read] = emulator.requests.filter(({ vault }) => vault === pod.vault.name);
    breakDown(pod, { kind: "throttled", retryAfterSeconds: 50 });
    await starting.mount({ objects: OBJECTS, deadlineMs: DEADLINE_MS });
    await waitUntil(
      () =>
        stale.provider.output
          .split("\n")
          .some(
            (line) =>
              line.includes(`pod="${starting.name}"`) && line.includes(`=stale:${String(read?.requestId)}`),
          ),
      "the line",
    );
    expect(stale.provider.output).to.match(
      new RegExp(`A starting pod got an older value.*vault="${pod.vault.host}"`),
    );
    const labels = { vault: pod.vault.host, from: "stale" };
    await untilShown(stale, [{ name: "azure_provider_objects_served_total", labels }]);
  });

  const REFUSALS: readonly { what: string; status: string; refuse: (pod: Pod) => void }[] = [
    {
      what: "HTTP 401",
      status: "UNAUTHENTICATED",
      refuse: (pod) => breakDown(pod, { kind: "rejectToken" }),
    },
    {
      what: "HTTP 403",
      status: "PERMISSION_DENIED",
      refuse: ({ vault, clientId }) => {
        vault.permissions.revoke({ clientId });
      },
    },
    {
      what: "HTTP 404",
      status: "NOT_FOUND",
      refuse: (pod) =>
        breakDown(pod, {
          kind: "answer",
          status: 404,
          headers: { "Content-Type": "application/json" },
          body: { error: { code: "SecretNotFound", message: "no such secret" } },
        }),
    },
    {
      what: "a disabled secret",
      status: "PERMISSION_DENIED",
      refuse: ({ vault }) => {
        vault.setSecret("one", "", { enabled: false });
      },
    },
  ];
  for (const { what, status, refuse } of REFUSALS) {
    it(`--serve-stale-during-outage: ${what} is an answer: nothing older is given`, async () => {
      const { pod, starting } = await warm(stale);
      refuse(pod);
      expect((await starting.mountError({ objects: OBJECTS })).status).to.equal(status);
    });
  }

  it("--serve-stale-during-outage: a pod whose own proof is refused gets nothing", async () => {
    const { pod } = await warm(stale);
    breakDown(pod, { kind: "hang" });
    const token = pod.serviceAccountToken({ serviceAccount: "elsewhere" });
    const volume = { serviceAccountTokens: pod.tokens(token) ?? {}, targetPath: "/var/lib/kubelet/other" };
    expect((await pod.mountError({ objects: OBJECTS, volume })).status).to.equal("UNAUTHENTICATED");
  });

  it("without the flag nothing older is given to a starting pod; what runs is answered from memory for its TTL", async () => {
    const { pod, value, running, starting } = await warm(strict);
    breakDown(pod, { kind: "throttled", retryAfterSeconds: 50 });
    const failed = await starting.mountError({ objects: OBJECTS, deadlineMs: DEADLINE_MS });
    expect(failed.status).to.equal("INTERNAL");
    expect((await running.mount({ objects: OBJECTS })).files.get("one")?.text).to.equal(value);
  });
});
