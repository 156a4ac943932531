import { expect } from "chai";
import { api, pathOf } from "./support/api.js";
import { apply, eventSays, eventsOf, isReady, podReady } from "./support/cluster.js";
import type { PodObject } from "./support/cluster.js";
import { explainNamespace } from "./support/diagnosis.js";
import { playFault } from "./support/embedded-vault.js";
import { pod } from "./support/objects.js";
import { logOf } from "./support/provider-log.js";
import { providerCounts } from "./support/provider-counts.js";
import { Scene } from "./support/scene.js";
import { eventually } from "./support/wait.js";
import { readTexts } from "./support/volume-files.js";
import { statesSeen, WATCHER } from "./support/watcher.js";

/** Files of each volume: half of a volume would show as files of two generations. */
const NAMES = ["a", "b", "c"];
/** The stock intervals of driver and kubelet, what is remembered, and the provider's patience with a vault. */
const LIMIT_MS = 420_000;

interface Trouble {
  readonly title: string;
  /** Brings the trouble about. @returns what ends it */
  readonly begin: (scene: Scene) => Promise<() => Promise<void>>;
  /** The error of the provider's log. */
  readonly error: string;
  readonly grpcCode: string;
  /** What a new pod's event says. */
  readonly event: readonly RegExp[];
}

const atVault =
  (kind: string, more: Readonly<Record<string, unknown>> = {}): Trouble["begin"] =>
  async ({ vault }) => {
    const fault = await playFault({ kind, ...more, for: { host: vault.host } });
    return fault.remove;
  };

const TROUBLES: readonly Trouble[] = [
  {
    title: "the vault is down",
    begin: atVault("reset"),
    error: "VAULT_UNREACHABLE",
    grpcCode: "Internal",
    event: [/\.azure\.svc\.cluster\.local/],
  },
  {
    title: "the vault is unavailable (503)",
    begin: atVault("unavailable"),
    error: "VAULT_FAILED",
    grpcCode: "Internal",
    event: [/503/],
  },
  {
    title: "the vault throttles (429)",
    begin: atVault("throttled"),
    error: "VAULT_THROTTLED",
    grpcCode: "Internal",
    event: [/429|throttl/i],
  },
  {
    title: "the identity's rights are revoked (403)",
    begin: async ({ vault, clientId }) => {
      await vault.revoke(clientId);
      return () => vault.grant(clientId, { secrets: ["get", "list"] });
    },
    error: "VAULT_FORBIDDEN",
    grpcCode: "PermissionDenied",
    event: [/Forbidden/, /Key Vault Secrets User/],
  },
];

describe("rotation while something is wrong", function () {
  this.timeout(2 * LIMIT_MS);
  // All at once: each has a vault, an identity and a namespace of its own, and most of the time is waiting.
  const scenes = new Map<string, Scene>();
  const ends = new Map<string, () => Promise<void>>();
  let since: Date;
  let countsBefore: Awaited<ReturnType<typeof providerCounts>>;

  const generation = (value: string): Record<string, string> =>
    Object.fromEntries(NAMES.map((name) => [name, value]));

  async function setAll({ vault }: Scene, value: string): Promise<void> {
    for (const name of NAMES) await vault.setSecret(name, value);
  }

  function sceneOf({ title }: Trouble): Scene {
    const scene = scenes.get(title);
    if (scene === undefined) throw new Error(`no scene for "${title}"`);
    return scene;
  }

  before(async () => {
    since = new Date();
    await Promise.all(
      TROUBLES.map(async (trouble, index) => {
        const scene = await Scene.open(`trouble-${index}`);
        scenes.set(trouble.title, scene);
        const { namespace, serviceAccount } = scene;
        await setAll(scene, "first");
        await scene.applyClass({ name: "watched", objects: NAMES.map((objectName) => ({ objectName })) });
        await apply(
          namespace,
          pod({ name: "watching", volumes: ["watched"], serviceAccount, command: WATCHER }),
        );
        await podReady(namespace, "watching");
        expect(await readTexts(namespace, "watching")).to.deep.equal(generation("first"));
      }),
    );
    countsBefore = await providerCounts();
    for (const trouble of TROUBLES) {
      const scene = sceneOf(trouble);
      ends.set(trouble.title, await trouble.begin(scene));
      await setAll(scene, "second");
      const { namespace, serviceAccount } = scene;
      await apply(namespace, pod({ name: "starting", volumes: ["watched"], serviceAccount }));
    }
  });
  after(async () => {
    for (const end of ends.values()) await end();
    await Promise.all([...scenes.values()].map((scene) => scene.close()));
  });

  for (const trouble of TROUBLES) {
    describe(trouble.title, () => {
      it("the provider's log and metrics say that the running pod is not refreshed", async () => {
        const { namespace } = sceneOf(trouble);
        await eventually(
          `the log has ${trouble.error} for the pod`,
          async () =>
            (await logOf(namespace, since)).some(
              ({ pod: name, error, level }) =>
                name === "watching" && error === trouble.error && level === "error",
            ),
          { limitMs: LIMIT_MS, everyMs: 2000, explain: () => explainNamespace(namespace) },
        );
        const counts = await providerCounts();
        const key = `grpc_request_count ${trouble.grpcCode}`;
        expect(counts.get(key) ?? 0, key).to.be.above(countsBefore.get(key) ?? 0);
      });

      it("the running pod keeps its files and is told nothing; a new pod's event says what is wrong", async () => {
        const { namespace } = sceneOf(trouble);
        const event = await eventSays(namespace, "starting", "FailedMount", trouble.event[0] ?? "", {
          limitMs: LIMIT_MS,
        });
        for (const part of trouble.event) expect(event).to.match(part);
        expect(event).to.include("failed to mount objects, error:");
        expect(await readTexts(namespace, "watching")).to.deep.equal(generation("first"));
        expect(await eventsOf(namespace, "watching", "FailedMount")).to.deep.equal([]);
        const watching = await api.get<PodObject>(pathOf("v1", "pods", namespace, "watching"));
        expect(isReady(watching)).to.equal(true);
        const starting = await api.get<PodObject>(pathOf("v1", "pods", namespace, "starting"));
        expect(isReady(starting)).to.equal(false);
      });
    });
  }

  // In a suite of its own: Mocha runs the tests of a suite before the suites in it.
  describe("once it is over", () => {
    it("the new pods start and the running ones are refreshed; none has ever seen a half-written volume", async () => {
      for (const end of ends.values()) await end();
      ends.clear();
      await Promise.all(
        TROUBLES.map(async (trouble) => {
          const { namespace } = sceneOf(trouble);
          const explain = (): Promise<string> => explainNamespace(namespace);
          await podReady(namespace, "starting", { limitMs: LIMIT_MS });
          expect(await readTexts(namespace, "starting")).to.deep.equal(generation("second"));
          await eventually(
            `${trouble.title}: the running pod has the second generation`,
            async () => (await readTexts(namespace, "watching"))["a"] === "second",
            { limitMs: LIMIT_MS, everyMs: 1000, explain },
          );
          const seen = await eventually(
            "the watcher has noted it",
            async () => {
              const states = await statesSeen(namespace, "watching");
              return states.length >= 2 && states;
            },
            { explain },
          );
          expect(seen, trouble.title).to.deep.equal([generation("first"), generation("second")]);
        }),
      );
    });
  });
});
