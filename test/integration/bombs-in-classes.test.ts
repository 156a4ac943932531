import { execFileSync } from "node:child_process";
import { truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { v1alpha1 } from "../../provider-proto/generated/messages.js";
import { othersGoOn } from "../support/go-on.js";
import { objectsYaml, secretYaml } from "../support/objects-yaml.js";
import { RawClient } from "../support/raw-client.js";
import { World } from "../support/world.js";

describe("bombs in a class, while other mounts go on", () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(async () => {
    await world.stop();
  });

  const many = (count: number, line: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => line(i)).join("\n");
  const laughs = `
a: &a [x, x, x, x, x, x, x, x, x]
${many(9, (i) => `${"bcdefghij"[i] ?? ""}: &${"bcdefghij"[i] ?? ""} [${`*${"abcdefghi"[i] ?? ""},`.repeat(9)}]`)}
array: *j
`;
  const bombs: Record<string, string> = {
    "a billion laughs in the list": laughs,
    "a billion laughs in an entry": `array:\n  - |\n${laughs.replace(/^/gm, "    ")}    objectName: *j\n`,
    "merge keys that multiply": `
base: &a {objectName: x, objectType: secret, ${Array.from({ length: 300 }, (_, i) => `k${i}: 1`).join(", ")}}
array:
${many(300, () => "  - {<<: *a}")}
`,
    "merge keys of merge keys": `
base: &a {${Array.from({ length: 1_000 }, (_, i) => `k${i}: 1`).join(", ")}}
${many(30, (i) => `m${i}: &m${i} {<<: [${i === 0 ? "*a" : `*m${i - 1}`}], l${i}: 1}`)}
array: [*m29]
`,
    "one long text in a thousand entries": `text: &a "${"x".repeat(50_000)}"\narray: [${"*a,".repeat(900)}]`,
    "an alias to itself": "array: &a\n  - *a",
    "flow lists nested 200,000 deep": `array: ${"[".repeat(200_000)}`,
    "flow maps nested 100,000 deep": `array: ${"{a: ".repeat(100_000)}`,
    "block lists nested 50,000 deep": `array:\n  ${"- ".repeat(50_000)}x`,
    "mappings nested 500 deep": many(500, (i) => `${" ".repeat(i)}a:`),
    "an entry nested 50,000 deep": `array:\n  - |\n    objectName: ${"[".repeat(50_000)}\n`,
    "1 MiB of one text": `array:\n  - |\n    objectName: ${"x".repeat(1024 * 1024)}\n`,
    "1 MiB of line ends": `array:${"\n".repeat(1024 * 1024)}`,
    "1 MiB of comments": `array:\n${"#\n".repeat(512 * 1024)}`,
    "1 MiB of quotes": `array: "${'\\"'.repeat(512 * 1024)}`,
    "1 MiB of anchors": many(60_000, (i) => `- &a${i} x`),
    "1 MiB of keys": many(100_000, (i) => `k${i}: 1`),
    "1 MiB of documents": many(200_000, () => "---"),
    "1 MiB of tags and directives": many(40_000, (i) => `%TAG !${i}! tag:x,2000:`),
    "100,000 entries": `array:\n${many(100_000, () => "  - a: 1")}`,
    "5,000 objects": objectsYaml(
      ...Array.from({ length: 5_000 }, (_, i) => ({ objectName: `s${i}`, objectType: "secret" })),
    ),
    "5,000 wrong objects": objectsYaml(
      ...Array.from({ length: 5_000 }, () => ({ objectType: "x".repeat(50) })),
    ),
    "an entry of 100,000 fields": `array:\n  - |\n${many(100_000, (i) => `    f${i}: x`)}\n`,
    "a file name of 1 MiB": secretYaml("one", { objectAlias: "d/".repeat(500_000) }),
    "a mode of 1 MiB": secretYaml("one", { filePermission: "7".repeat(1_000_000) }),
    "a history of 10^100,000": secretYaml("one", { objectVersionHistory: `1${"0".repeat(100_000)}` }),
    "100 classes' worth of blanks": `array:${" ".repeat(1024 * 1024)}`,
  };
  for (const [name, objects] of Object.entries(bombs)) {
    it(name, async () => {
      const pod = world.pod();
      const { status, message } = await othersGoOn(world, () => pod.mountError(objects));
      expect(status).to.equal("INVALID_ARGUMENT");
      expect(message).to.contain("objects").and.have.length.below(4097);
      expect(world.emulator.requests.counts(({ tenantId }) => tenantId === pod.tenantId).total).to.equal(0);
    });
  }

  it("twenty bombs of one namespace at once", async () => {
    const pod = world.pod();
    const failure = await othersGoOn(world, async () => {
      const failures = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          pod.mountError(`# ${i}\n${i % 2 === 0 ? laughs : `array: ${"[".repeat(100_000 + i)}`}`),
        ),
      );
      expect(failures.map(({ status }) => status)).to.satisfy((all: string[]) =>
        all.every((status) => status === "INVALID_ARGUMENT" || status === "INTERNAL"),
      );
      const [first] = failures;
      if (first === undefined) throw new Error("no bombs");
      return first;
    });
    expect(failure.message).to.contain("objects");
  });

  describe("attributes", () => {
    it("of 3.9 MB are refused by name", async () => {
      const pod = world.pod();
      const { status, message } = await othersGoOn(world, () =>
        pod.mountError({ objects: secretYaml("one"), parameters: { big: "x".repeat(3_900_000) } }),
      );
      expect(status).to.equal("INVALID_ARGUMENT");
      expect(message).to.contain("bytes");
    });

    it("of more than 4 MiB are refused, and the connection lives on", async () => {
      const raw = new RawClient(`unix:${world.provider.socketPath}`);
      const request = { ...world.pod().request({}), attributes: "x".repeat(5 * 1024 * 1024) };
      const answer = await raw.unary(
        "/v1alpha1.CSIDriverProvider/Mount",
        v1alpha1.MountRequest.encode(request).finish(),
      );
      expect(answer.status).to.be.oneOf(["RESOURCE_EXHAUSTED", "INVALID_ARGUMENT"]);
      raw.close();
      expect((await world.provider.client.version()).version).to.equal("v1alpha1");
    });

    it("of 100,000 unknown parameters with long names", async () => {
      const pod = world.pod();
      const unknown = Object.fromEntries(
        Array.from({ length: 60_000 }, (_, i) => [`unknown-parameter-${i}`, "x"]),
      );
      const before = world.provider.output.length;
      await othersGoOn(world, async () => {
        // Whether it is refused or mounted: it must be short.
        try {
          return await pod.mountError({ objects: secretYaml("absent"), parameters: unknown });
        } catch {
          return { status: "OK" as const, message: "" };
        }
      });
      expect(world.provider.output.length - before).to.be.below(100_000);
    });

    it("of blanks a regular expression could stumble over", async () => {
      const pod = world.pod();
      await othersGoOn(world, () =>
        pod.mountError({
          objects: secretYaml("one"),
          parameters: {
            keyvaultName: `${" ".repeat(500_000)}x${" ".repeat(500_000)}y`,
            tenantID: `${"\t".repeat(200_000)}a\t`,
            cloudName: "\n".repeat(200_000) + "x",
          },
        }),
      );
    });
  });

  describe("cloudEnvFileName", () => {
    const inFolder: Record<string, (file: string) => Promise<void> | void> = {
      "a FIFO": (file) => {
        execFileSync("mkfifo", [file]);
      },
      "a file of 10 GB": async (file) => {
        await writeFile(file, "{");
        await truncate(file, 10_000_000_000);
      },
      "a file of 100 KB": async (file) => {
        await writeFile(file, `{"a":"${"x".repeat(100_000)}"}`);
      },
      "a file nested 30,000 deep": async (file) => {
        await writeFile(file, "[".repeat(30_000));
      },
      nothing: () => undefined,
    };
    for (const [name, make] of Object.entries(inFolder)) {
      it(`that is ${name}`, async () => {
        const file = path.join(world.folder, `environment-${name.replaceAll(" ", "-")}`);
        await make(file);
        await expectRefused(file);
      });
    }
    for (const file of [
      "/dev/zero",
      "/dev/stdin",
      "/dev/random",
      "/proc/self/environ",
      "/proc/self/mem",
      "/proc/kmsg",
      "/etc",
      "relative.json",
      "../../etc/passwd",
      `/${"x".repeat(5000)}`,
      "/etc/\u0000passwd",
    ]) {
      it(`that is ${JSON.stringify(file.slice(0, 30))}`, async () => {
        await expectRefused(file);
      });
    }

    it("that is another's secret: nothing of it is shown", async () => {
      const file = path.join(world.folder, "token");
      await writeFile(file, "hush-a-planted-value-in-a-file");
      await expectRefused(file);
    });

    async function expectRefused(cloudEnvFileName: string): Promise<void> {
      const pod = world.pod();
      const { status, message } = await othersGoOn(world, () =>
        pod.mountError({
          objects: secretYaml("one"),
          parameters: { cloudName: "AzureStackCloud", cloudEnvFileName },
        }),
      );
      expect(status).to.equal("INVALID_ARGUMENT");
      expect(message).to.contain("cloudEnvFileName");
      expect(message).not.to.contain("root:"); // of /etc/passwd
    }
  });
});
