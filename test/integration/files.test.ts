import { expect } from "chai";
import { objectsYaml, secretYaml } from "../support/objects-yaml.js";
import { World } from "../support/world.js";

describe("files of the volume", () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(async () => {
    await world.stop();
  });

  describe("names", () => {
    const accepted = [
      "plain",
      "a/b/c.txt",
      ".hidden",
      "with blank",
      "ünïcödé-密",
      "a.b",
      "-dash",
      "~",
      "a\\b",
      "%2e%2e",
      "n".repeat(255),
      `${"d/".repeat(100)}f`,
    ];
    for (const objectAlias of accepted) {
      it(`${JSON.stringify(objectAlias.slice(0, 40))} is written`, async () => {
        const pod = world.pod();
        pod.plantSecret("one");
        const quoted = JSON.stringify(objectAlias);
        const { files } = await pod.mount(secretYaml("one", { objectAlias: quoted }));
        expect([...files.keys()]).to.deep.equal([objectAlias]);
      });
    }

    const refused: [alias: string, says: string][] = [
      ["/etc/passwd", "file name must be a relative path"],
      ["...dots", "file name must not contain '..'"],
      ["..", "file name must not contain '..'"],
      ["../x", "file name must not contain '..'"],
      ["a/../b", "file name must not contain '..'"],
      ["a..b", "file name must not contain '..'"],
      [".", "file name"],
      ["./x", "file name"],
      ["a/./b", "file name"],
      ["a//b", "file name"],
      ["a/", "file name"],
      ["a\u0000b", "file name"],
      ["n".repeat(256), "file name"],
      [`a/${"ü".repeat(128)}`, "file name"],
      [`${"d/".repeat(2040)}..f`, "file name"],
      [`${"d/".repeat(2048)}f`, "objectAlias"],
    ];
    for (const [objectAlias, says] of refused) {
      it(`${JSON.stringify(objectAlias.slice(0, 40))} is refused before the driver would`, async () => {
        const pod = world.pod();
        const quoted = JSON.stringify(objectAlias);
        const { status, message } = await pod.mountError(secretYaml("one", { objectAlias: quoted }));
        expect(status).to.equal("INVALID_ARGUMENT");
        expect(message).to.contain(says);
        expect(world.emulator.requests.counts(({ tenantId }) => tenantId === pod.tenantId).total).to.equal(0);
      });
    }

    it("an objectName with a slash is no way out of its path in the vault", async () => {
      const pod = world.pod();
      pod.plantSecret("one");
      const { status } = await pod.mountError(secretYaml("x/../../keys", { objectAlias: "file" }));
      expect(status).to.be.oneOf(["INVALID_ARGUMENT", "NOT_FOUND"]);
      const paths = world.emulator.requests
        .filter(({ vault, kind }) => vault === pod.vault.name && kind !== "challenge")
        .map(({ path }) => path);
      for (const path of paths) expect(path).to.match(/^\/secrets\//);
    });

    for (const objectName of ["one?x=1", "one#x", "..", ".", "o ne", "%2e%2e", "one/versions"]) {
      it(`objectName ${JSON.stringify(objectName)} is the vault's own error, or ours`, async () => {
        const pod = world.pod();
        pod.plantSecret("one");
        const { status, message } = await pod.mountError(
          secretYaml(JSON.stringify(objectName), { objectAlias: "file" }),
        );
        expect(status).to.be.oneOf(["INVALID_ARGUMENT", "NOT_FOUND"]);
        expect(message).to.contain("objectName");
      });
    }
  });

  describe("modes", () => {
    const cases: [filePermission: string, mode: number][] = [
      ["0400", 0o400],
      ["400", 0o400],
      ['"0640"', 0o640],
      ["0777", 0o777],
      ["0", 0],
      ["00000600", 0o600],
    ];
    for (const [filePermission, mode] of cases) {
      it(`filePermission ${filePermission} wins over the request's`, async () => {
        const pod = world.pod();
        pod.plantSecret("one");
        const { files } = await pod.mount({
          objects: secretYaml("one", { filePermission }),
          request: { permission: "420" },
        });
        expect(files.get("one")?.mode).to.equal(mode);
      });
    }

    it("of two mounts at once do not mix", async () => {
      const pod = world.pod();
      pod.plantSecret("one");
      const permissions = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 0o400 : 0o444));
      const mounts = await Promise.all(
        permissions.map((permission) =>
          pod.mount({ objects: secretYaml("one"), request: { permission: String(permission) } }),
        ),
      );
      expect(mounts.map(({ files }) => files.get("one")?.mode)).to.deep.equal(permissions);
    });
  });

  describe("conflicts", () => {
    const conflicts: [string, string[]][] = [
      ["two objects of one name", ["same", "same"]],
      ["a file where another's folder is", ["d", "d/x"]],
      ["a folder where another's file is", ["d/x/y", "d/x"]],
    ];
    for (const [name, aliases] of conflicts) {
      it(`${name}: an error that names both`, async () => {
        const pod = world.pod();
        const { status, message } = await pod.mountError(
          objectsYaml(
            ...aliases.map((objectAlias, i) => ({
              objectName: `secret-${i}`,
              objectType: "secret",
              objectAlias,
            })),
          ),
        );
        expect(status).to.equal("INVALID_ARGUMENT");
        expect(message).to.match(/objects\[0\].*objects\[1\]|objects\[1\].*objects\[0\]/);
      });
    }

    it("the same object twice under two names is none", async () => {
      const pod = world.pod();
      const value = pod.plantSecret("one");
      const { files } = await pod.mount(
        objectsYaml(
          { objectName: "one", objectType: "secret", objectAlias: "a" },
          { objectName: "one", objectType: "secret", objectAlias: "b" },
        ),
      );
      expect([...files.values()].map(({ text }) => text)).to.deep.equal([value, value]);
    });

    it("a history's folder and a file of its name", async () => {
      const pod = world.pod();
      pod.plantSecret("one");
      pod.plantSecret("two");
      const { status } = await pod.mountError(
        objectsYaml(
          { objectName: "one", objectType: "secret", objectAlias: "d", objectVersionHistory: 2 },
          { objectName: "two", objectType: "secret", objectAlias: "d" },
        ),
      );
      expect(status).to.equal("INVALID_ARGUMENT");
    });

    it("a history's first file and a file of that name", async () => {
      const pod = world.pod();
      pod.plantSecret("one");
      pod.plantSecret("two");
      const { status, message } = await pod.mountError(
        objectsYaml(
          { objectName: "one", objectType: "secret", objectAlias: "d", objectVersionHistory: 2 },
          { objectName: "two", objectType: "secret", objectAlias: "d/0" },
        ),
      );
      expect(status).to.equal("INVALID_ARGUMENT");
      expect(message).to.contain("d/0");
    });
  });
});
