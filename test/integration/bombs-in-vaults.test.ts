import { expect } from "chai";
import type { Effect } from "../../emulator/faults/effect.js";
import { othersGoOn } from "../support/go-on.js";
import { objectsYaml, secretYaml } from "../support/objects-yaml.js";
import type { Pod } from "../support/pod.js";
import { World } from "../support/world.js";

const IS_BACKED = "application/x-pkcs12";

describe("bombs in a vault, while other mounts go on", () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  afterEach(() => {
    world.emulator.faults.clear();
  });
  after(async () => {
    await world.stop();
  });

  const history = secretYaml("one", { objectVersionHistory: 3 });
  const anItem = (pod: Pod, i: number): unknown => ({
    id: `${pod.vault.url}/secrets/one/${i.toString(16).padStart(32, "0")}`,
    attributes: { enabled: true, created: 1_700_000_000 + i, updated: 1_700_000_000 + i },
  });

  describe("version lists", () => {
    it("whose nextLink never ends", async () => {
      const pod = world.pod();
      pod.plantSecret("one");
      const endless = world.emulator.faults.add(
        { kind: "endlessPages" },
        { host: pod.vault.host, kind: "list" },
      );
      const { status, message } = await othersGoOn(world, () => pod.mountError(history));
      expect(status).to.equal("INVALID_ARGUMENT");
      expect(message).to.contain("objectName:one").and.contain("objectVersionHistory");
      expect(endless.hits).to.be.below(2_000);
    });

    it("whose pages are empty and never end", async () => {
      const pod = world.pod();
      pod.plantSecret("one");
      const { faults } = world.emulator;
      const filter = { host: pod.vault.host, kind: "list" } as const;
      faults.add({ kind: "rewrite", change: (page) => ({ ...(page as object), value: [] }) }, filter);
      const endless = faults.add({ kind: "endlessPages" }, filter);
      const { status } = await othersGoOn(world, () => pod.mountError(history));
      expect(status).to.equal("INVALID_ARGUMENT");
      expect(endless.hits).to.be.below(2_000);
    });

    it("of 100,000 versions on one page", async () => {
      const pod = world.pod();
      pod.plantSecret("one");
      const value = Array.from({ length: 100_000 }, (_, i) => anItem(pod, i));
      world.emulator.faults.add(
        { kind: "rewrite", change: () => ({ value, nextLink: null }) },
        { host: pod.vault.host, kind: "list" },
      );
      const { status } = await othersGoOn(world, () => pod.mountError(history));
      expect(status).to.be.oneOf(["INVALID_ARGUMENT", "INTERNAL"]);
    });

    it("of 1,000 versions, all asked for: many files, one mount", async () => {
      const pod = world.pod();
      for (let i = 0; i < 300; i += 1) pod.vault.setSecret("one", `v${i}`, { created: 1_700_000_000 + i });
      const { files } = await pod.mount(secretYaml("one", { objectVersionHistory: 1_000 }));
      expect(files.size).to.equal(300);
    });

    const junk: [string, unknown][] = [
      ["an item without id", [{ attributes: {} }]],
      ["null items", [null]],
      ["items that are texts", ["hush-a-planted-value-x"]],
      ["a value that is no list", "hush-a-planted-value-x"],
      [
        "items of another object",
        [{ id: "https://x.vault.azure.net/secrets/other/0123456789abcdef", attributes: { created: 1 } }],
      ],
      ["no times", [{ id: "https://x.vault.azure.net/secrets/one/0123456789abcdef", attributes: {} }]],
    ];
    for (const [name, value] of junk) {
      it(`with ${name} end in an error of our own`, async () => {
        const pod = world.pod();
        pod.plantSecret("one");
        world.emulator.faults.add(
          { kind: "rewrite", change: () => ({ value, nextLink: null }) },
          { host: pod.vault.host, kind: "list" },
        );
        const { status, message } = await pod.mountError(history);
        expect(status).to.equal("INTERNAL");
        expect(message)
          .to.contain("failed to get objectType:secret, objectName:one")
          .and.not.contain("internal error");
      });
    }
  });

  describe("answers", () => {
    const bombs: [string, Effect][] = [
      ["that never end", { kind: "hugeBody" }],
      ["of 5 MB", { kind: "hugeBody", bytes: 5_000_000 }],
      [
        "nested 100,000 deep",
        {
          kind: "answer",
          status: 200,
          headers: { "Content-Type": "application/json" },
          body: `{"value":${"[".repeat(100_000)}`,
        },
      ],
      [
        "nested, and closed again",
        {
          kind: "answer",
          status: 200,
          headers: { "Content-Type": "application/json" },
          body: `{"value":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
        },
      ],
      [
        "an error of 900 KB",
        {
          kind: "answer",
          status: 403,
          body: { error: { code: "x".repeat(450_000), message: "eyJ.".repeat(110_000) } },
        },
      ],
      [
        "an error with a message full of line ends",
        {
          kind: "answer",
          status: 403,
          body: {
            error: {
              code: "Forbidden\nE1124 forged",
              message: "\nE1124 00:00:00.000000 1 provider.js:0] forged\u202e\u2028",
            },
          },
        },
      ],
    ];
    for (const [name, effect] of bombs) {
      it(name, async () => {
        const pod = world.pod();
        pod.plantSecret("one");
        world.emulator.faults.add(effect, { host: pod.vault.host });
        const { message } = await othersGoOn(world, () => pod.mountError(secretYaml("one")));
        expect(message).to.contain("objectName:one").and.have.length.below(4_097);
        expect(message).to.not.match(/[\n\u2028\u202e]/);
      });
    }

    it("that drip, one byte at a time: each try has an end of its own", async () => {
      const pod = world.pod();
      pod.plantSecret("one");
      const drip = world.emulator.faults.add({ kind: "slowDrip", intervalMs: 400 }, { host: pod.vault.host });
      const { status } = await othersGoOn(world, () =>
        pod.mountError({ objects: secretYaml("one"), deadlineMs: 3_000 }),
      );
      expect(status).to.equal("INTERNAL");
      expect(drip.hits).to.equal(1);
    });
  });

  it("a volume beyond 32 MiB of 1,000 objects stops early", async () => {
    const pod = world.pod();
    pod.plantSecret("one");
    const value = "x".repeat(900_000);
    world.emulator.faults.add(
      { kind: "rewrite", change: (secret) => ({ ...(secret as object), value }) },
      { host: pod.vault.host },
    );
    const { status, message } = await othersGoOn(world, () =>
      pod.mountError(
        objectsYaml(
          ...Array.from({ length: 200 }, (_, i) => ({
            objectName: "one",
            objectType: "secret",
            objectAlias: `f${i}`,
          })),
        ),
      ),
    );
    expect(status).to.equal("INVALID_ARGUMENT");
    expect(message).to.match(/bytes/).and.contain("volume");
    expect(world.emulator.requests.counts(({ vault }) => vault === pod.vault.name).read).to.be.below(150);
  });

  describe("what the secret of a certificate says", () => {
    const values: [string, string, string | undefined][] = [
      ["is no base64", "hush-a-planted-value-x!", IS_BACKED],
      ["is base64 of nothing like it", Buffer.from("hush-a-planted-value-x").toString("base64"), IS_BACKED],
      ["is empty", "", IS_BACKED],
      ["has no contentType", "hush-a-planted-value-x", undefined],
      ["has a contentType that nobody knows", "hush-a-planted-value-x", "application/x-unheard-of"],
    ];
    for (const [name, value, contentType] of values) {
      it(`${name}: an error, and the process lives on`, async () => {
        const pod = world.pod();
        pod.plantSecret("one");
        world.emulator.faults.add(
          {
            kind: "rewrite",
            change: (secret) => ({
              ...(secret as object),
              value,
              contentType,
              kid: `${pod.vault.url}/keys/one/1`,
            }),
          },
          { host: pod.vault.host },
        );
        const { status, message } = await othersGoOn(world, () => pod.mountError(secretYaml("one")));
        expect(status).to.equal("INVALID_ARGUMENT");
        expect(message).to.contain("failed to get objectType:secret, objectName:one");
      });
    }
  });
});
