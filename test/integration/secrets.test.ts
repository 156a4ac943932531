import { expect } from "chai";
import { objectsYaml, secretYaml } from "../support/objects-yaml.js";
import type { Pod } from "../support/pod.js";
import { plant } from "../support/secrecy.js";
import { World } from "../support/world.js";

describe("secrets", () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(async () => {
    await world.stop();
  });

  describe("come as they are", () => {
    const values: [string, string][] = [
      ["a text", "swordfish"],
      ["nothing", ""],
      ["blanks and line ends", "  two \n lines\r\n\t "],
      ["Unicode", "pässwörd 密码 🔑 \u0000 \u200f"],
      ["JSON", '{"a":"b","__proto__":{}}'],
      ["25 KiB, the most a vault stores", "x".repeat(25 * 1024)],
      ["YAML that asks for more", "array:\n  - |\n    objectName: x"],
      [
        "a PEM block, when no certificate stands behind it",
        "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----",
      ],
    ];
    for (const [name, value] of values) {
      it(name, async () => {
        const pod = world.pod();
        const version = pod.vault.setSecret("one", value);
        const { files, versions } = await pod.mount(secretYaml("one"));
        expect(files.get("one")?.text).to.equal(value);
        expect([...versions]).to.deep.equal([["secret/one", version]]);
      });
    }

    it("whatever their contentType says", async () => {
      const pod = world.pod();
      for (const [i, contentType] of [
        "application/x-pkcs12",
        "application/x-pem-file",
        "text/plain",
        "",
      ].entries()) {
        pod.vault.setSecret(`s${i}`, "as it is", { contentType });
      }
      const { files } = await pod.mount(
        objectsYaml(...[0, 1, 2, 3].map((i) => ({ objectName: `s${i}`, objectType: "secret" }))),
      );
      expect([...files.values()].map(({ text }) => text)).to.deep.equal(Array(4).fill("as it is"));
    });

    it("in the case that the class spells their name", async () => {
      const pod = world.pod();
      pod.vault.setSecret("One", "v");
      const { files, versions } = await pod.mount(secretYaml("ONE"));
      expect([...files.keys()]).to.deep.equal(["ONE"]);
      expect([...versions.keys()]).to.deep.equal(["secret/ONE"]);
    });
  });

  describe("objectEncoding", () => {
    const bytes = Buffer.from([0, 255, 254, 10, 13, 127, 128]);
    const good: [encoding: string, value: string, expected: Buffer][] = [
      ["utf-8", "ÿ", Buffer.from("ÿ")],
      ["UTF-8", "plain", Buffer.from("plain")],
      ["base64", bytes.toString("base64"), bytes],
      ["Base64", `${bytes.toString("base64").slice(0, 4)}\r\n${bytes.toString("base64").slice(4)}\n`, bytes],
      ["base64", "", Buffer.alloc(0)],
      ["hex", bytes.toString("hex"), bytes],
      ["HEX", bytes.toString("hex").toUpperCase(), bytes],
    ];
    for (const [objectEncoding, value, expected] of good) {
      it(`${objectEncoding} of ${JSON.stringify(value)}`, async () => {
        const pod = world.pod();
        pod.vault.setSecret("one", value);
        const { files } = await pod.mount(secretYaml("one", { objectEncoding }));
        expect(files.get("one")?.bytes).to.deep.equal(expected);
      });
    }

    const bad: [encoding: string, value: string][] = [
      ["base64", "hush-a-planted-value-x"],
      ["base64", "aGVsbG8"],
      ["base64", "aGVs bG8="],
      ["base64", "__--"],
      ["hex", "hush-a-planted-value-x"],
      ["hex", "abc"],
      ["hex", "0xabcd"],
      ["hex", "ab cd"],
    ];
    for (const [objectEncoding, value] of bad) {
      it(`${objectEncoding} of ${JSON.stringify(value)} is refused, names the object and not the value`, async () => {
        const pod = world.pod();
        pod.vault.setSecret("one", value);
        const { status, message } = await pod.mountError(secretYaml("one", { objectEncoding }));
        expect(status).to.equal("INVALID_ARGUMENT");
        expect(message).to.contain("failed to get objectType:secret, objectName:one, objectVersion:");
        expect(message).to.contain(objectEncoding).and.not.contain(value);
      });
    }
  });

  describe("objectVersion", () => {
    const versions = ["a".repeat(32), "b".repeat(32), "c".repeat(32)] as const;
    function plantVersions(pod: Pod): void {
      versions.forEach((version, i) => {
        pod.vault.setSecret("one", `value ${i}`, { version, created: 1_700_000_000 + i });
      });
    }
    const cases: [objectVersion: string, expected: number][] = [
      ["", 2],
      ["latest", 2],
      [versions[0], 0],
      [versions[1], 1],
      [` ${versions[2]} `, 2],
    ];
    for (const [objectVersion, expected] of cases) {
      it(`${JSON.stringify(objectVersion)} reads version ${expected} and answers with it`, async () => {
        const pod = world.pod();
        plantVersions(pod);
        const mounted = await pod.mount(secretYaml("one", { objectVersion: JSON.stringify(objectVersion) }));
        expect(mounted.files.get("one")?.text).to.equal(`value ${expected}`);
        expect([...mounted.versions]).to.deep.equal([["secret/one", versions[expected]]]);
      });
    }

    it("that does not exist is NOT_FOUND", async () => {
      const pod = world.pod();
      plantVersions(pod);
      const objectVersion = "d".repeat(32);
      const { status, message } = await pod.mountError(secretYaml("one", { objectVersion }));
      expect(status).to.equal("NOT_FOUND");
      expect(message).to.contain(
        `failed to get objectType:secret, objectName:one, objectVersion:${objectVersion}: `,
      );
      expect(message).to.contain("SecretNotFound").and.contain("404");
    });

    it("a new version is seen by the next pod that starts", async () => {
      const pod = world.pod();
      const first = pod.vault.setSecret("one", "before");
      expect((await pod.mount(secretYaml("one"))).versions.get("secret/one")).to.equal(first);
      const second = pod.vault.setSecret("one", "after");
      const { files, versions: read } = await pod.mount({
        objects: secretYaml("one"),
        volume: { targetPath: "/var/lib/kubelet/pods/another/volumes/kubernetes.io~csi/secrets/mount" },
      });
      expect(files.get("one")?.text).to.equal("after");
      expect(read.get("secret/one")).to.equal(second);
    });
  });

  describe("objectVersionHistory", () => {
    /** Versions v0 (oldest) up to, each created a minute after the one before. @returns their ids, newest first */
    function plantHistory(pod: Pod, count: number, disabled: readonly number[] = []): string[] {
      return Array.from({ length: count }, (_, i) =>
        pod.vault.setSecret("one", `value ${i}`, {
          created: 1_700_000_000 + i * 60,
          enabled: !disabled.includes(i),
        }),
      ).reverse();
    }
    const history = (n: number | string, more = {}): string =>
      secretYaml("one", { objectVersionHistory: n, objectAlias: "old", ...more });

    // The provider that this one replaces gives index 0 to N, where the vault has them.
    const counts: [inVault: number, asked: number, files: number][] = [
      [1, 2, 1],
      [2, 3, 2],
      [3, 3, 3],
      [4, 3, 4],
      [5, 3, 4],
      [30, 27, 28],
      [60, 100, 60],
    ];
    for (const [inVault, asked, expected] of counts) {
      it(`of ${asked} where the vault has ${inVault} gives ${expected} files, newest first`, async () => {
        const pod = world.pod();
        const ids = plantHistory(pod, inVault);
        const { files, versions } = await pod.mount(history(asked));
        expect([...files.keys()]).to.deep.equal(Array.from({ length: expected }, (_, i) => `old/${i}`));
        expect([...files.values()].map(({ text }) => text)).to.deep.equal(
          Array.from({ length: expected }, (_, i) => `value ${inVault - 1 - i}`),
        );
        expect([...versions]).to.deep.equal(
          Array.from({ length: expected }, (_, i) => [`secret/one/${i}`, ids[i]]),
        );
      });
    }

    it("2.0 is 2, a quoted number is a number", async () => {
      const pod = world.pod();
      plantHistory(pod, 5);
      for (const two of ["2.0", '"2"']) {
        expect((await pod.mount(history(two))).files.size).to.equal(3);
      }
    });

    it("begins with objectVersion, and `latest` is the newest", async () => {
      const pod = world.pod();
      const ids = plantHistory(pod, 5);
      const fromThird = await pod.mount(history(2, { objectVersion: ids[2] ?? "" }));
      expect([...fromThird.files.values()].map(({ text }) => text)).to.deep.equal([
        "value 2",
        "value 1",
        "value 0",
      ]);
      const fromLatest = await pod.mount(history(2, { objectVersion: "latest" }));
      expect(fromLatest.files.get("old/0")?.text).to.equal("value 4");
    });

    it("leaves disabled versions out", async () => {
      const pod = world.pod();
      plantHistory(pod, 5, [4, 2]);
      const { files } = await pod.mount(history(2));
      expect([...files.values()].map(({ text }) => text)).to.deep.equal(["value 3", "value 1", "value 0"]);
    });

    const missing: [string, (pod: Pod) => string][] = [
      ["an object that the vault does not have", () => history(3)],
      [
        "a version that the object does not have",
        (pod) => {
          plantHistory(pod, 3);
          return history(3, { objectVersion: "e".repeat(32) });
        },
      ],
      [
        "versions that are all disabled",
        (pod) => {
          plantHistory(pod, 2, [0, 1]);
          return history(3);
        },
      ],
    ];
    for (const [name, prepare] of missing) {
      it(`of ${name} is NOT_FOUND, not a mount without the file`, async () => {
        const pod = world.pod();
        const { status, message } = await pod.mountError(prepare(pod));
        expect(status).to.equal("NOT_FOUND");
        expect(message).to.contain("failed to get objectType:secret, objectName:one, objectVersion:");
      });
    }

    it("needs the permission to list, and says so", async () => {
      const pod = world.pod();
      plantHistory(pod, 3);
      pod.vault.revoke({ clientId: pod.clientId }).grant({ clientId: pod.clientId }, { secrets: ["get"] });
      const { status, message } = await pod.mountError(history(2));
      expect(status).to.equal("PERMISSION_DENIED");
      expect(message).to.contain("list").and.contain("ForbiddenByRbac");
    });
  });

  it("of ten are read side by side and answered in the declared order", async () => {
    const pod = world.pod();
    const names = Array.from({ length: 10 }, (_, i) => `secret-${9 - i}`);
    for (const name of names) pod.vault.setSecret(name, plant(name));
    const slow = world.emulator.faults.add(
      { kind: "delay", delayMs: 50, jitterMs: 100 },
      { host: pod.vault.host },
    );
    world.emulator.requests.reset();
    const { files, versions } = await pod.mount(
      objectsYaml(...names.map((objectName) => ({ objectName, objectType: "secret" }))),
    );
    slow.remove();
    expect([...files.keys()]).to.deep.equal(names);
    expect([...versions.keys()]).to.deep.equal(names.map((name) => `secret/${name}`));
    expect(world.emulator.requests.peakInFlight).to.be.greaterThan(5);
    expect(world.emulator.requests.counts()).to.include({ challenge: 0, read: 10, token: 1 });
  });

  it("are asked for with api-version 7.4", async () => {
    const pod = world.pod();
    pod.plantSecret("one");
    await pod.mount(secretYaml("one"));
    const reads = world.emulator.requests.filter(
      ({ vault, kind }) => vault === pod.vault.name && kind === "read",
    );
    expect(reads.map(({ apiVersion }) => apiVersion)).to.deep.equal(["7.4"]);
  });
});
