import { expect } from "chai";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { FINDING_CODES } from "../../src/commands/validate/finding.js";
import { codeSpans, readTable } from "../support/markdown-table.js";
import { plant, assertNothingLeaks } from "../support/secrecy.js";
import { classYaml, podYaml } from "../unit/commands/support.js";

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program, as people and CI run it. */
async function validate(
  args: readonly string[],
  options: { cwd?: string; input?: string } = {},
): Promise<Run> {
  return await new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [path.resolve("dist/provider.js"), "validate", ...args],
      {
        cwd: options.cwd ?? process.cwd(),
        env: { PATH: process.env["PATH"] ?? "" },
        timeout: 60_000,
        killSignal: "SIGKILL",
        maxBuffer: 64 * 1024 * 1024,
      },
      (_error, stdout, stderr) => {
        resolve({ code: child.exitCode, stdout, stderr });
      },
    );
    child.stdin?.end(options.input ?? "");
  });
}

const PAGE = "docs/validate.md";

describe("validate", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-validate-"));
    await writeFile(path.join(folder, "good.yaml"), `${classYaml()}---\n${podYaml()}`);
    await writeFile(
      path.join(folder, "warned.yaml"),
      classYaml({ parameters: "clientID: 5a2c6d0e-8f4b-4c11-9a57-0d3e1b7c9f21\nresourceGroup: x" }),
    );
    await writeFile(path.join(folder, "bad.yaml"), classYaml({ parameters: "cloudName: moon" }));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("is documented by what it prints", async () => {
    const page = await readFile(PAGE, "utf8");
    const manifest = /wrong on purpose -->\n\n```yaml\n(.*?)```/s.exec(page)?.[1] ?? "";
    const printed = /`validate shop\.yaml` prints\n\n```text\n(.*?)```/s.exec(page)?.[1] ?? "";
    await writeFile(path.join(folder, "shop.yaml"), manifest);
    const run = await validate(["shop.yaml"], { cwd: folder });
    await rm(path.join(folder, "shop.yaml"));
    expect(run).to.deep.equal({ code: 1, stdout: printed, stderr: "" });
  });

  it("documents each of its codes", async () => {
    const rows = await readTable(PAGE, "For programs: --output json").catch(() => []);
    expect(rows).to.not.be.empty;
    const text = await readFile(PAGE, "utf8");
    const shown = [...text.matchAll(/^\| `([A-Z_]+)` \| (.*) \|$/gm)].map(([, code, means]) => [code, means]);
    expect(Object.fromEntries(shown)).to.deep.equal(FINDING_CODES);
  });

  const exits: readonly [args: string[], code: number, last: string][] = [
    [["good.yaml"], 0, "1 class checked: 0 errors, 0 warnings; beside 1 object of another kind"],
    [["warned.yaml"], 0, "1 class checked: 0 errors, 1 warning"],
    [["warned.yaml", "--strict"], 1, "1 class checked: 0 errors, 1 warning"],
    [
      ["--strict=false", "good.yaml", "bad.yaml"],
      1,
      "2 classes checked: 1 error, 2 warnings; beside 1 object of another kind",
    ],
    [
      ["good.yaml", "nowhere.yaml"],
      2,
      "1 class checked: 1 error, 0 warnings; beside 1 object of another kind",
    ],
    [["."], 1, "3 classes checked: 1 error, 4 warnings; beside 1 object of another kind"],
  ];
  for (const [args, code, last] of exits) {
    it(`ends with ${code} after: validate ${args.join(" ")}`, async () => {
      const run = await validate(args, { cwd: folder });
      expect(run.stdout.trimEnd().split("\n").at(-1)).to.equal(last);
      expect(run).to.include({ code, stderr: "" });
    });
  }

  it("ends with 2 and a word on standard error when the command line is wrong", async () => {
    expect(await validate([])).to.deep.equal({
      code: 2,
      stdout: "",
      stderr: "validate needs a FILE; - is standard input\n",
    });
    expect((await validate(["--nope", "x"])).code).to.equal(2);
  });

  it("reads standard input", async () => {
    const run = await validate(["-"], { input: classYaml({ parameters: "clientID: a b" }) });
    expect(run.code).to.equal(1);
    expect(run.stdout).to.match(
      /^standard input:15: error: SecretProviderClass shop: spec\.parameters\.clientID: /,
    );
  });

  it("takes the provider's flags that a class depends on", async () => {
    const manifest = classYaml({
      parameters: "",
      objects: "- {objectName: web, objectType: secret}",
      rest: "secretObjects: [{secretName: a, type: Opaque, data: [{objectName: web.crt, key: x}]}]",
    }).replace(/ +tenantID.*\n/, "");
    const flags = [
      "--default-tenant-id=contoso.example",
      "--default-client-id=app",
      "--write-cert-and-key-in-separate-files",
    ];
    expect((await validate(["-"], { input: manifest })).stdout).to.include("2 errors, 1 warning");
    expect((await validate(["-", ...flags], { input: manifest })).stdout).to.include("0 errors, 0 warnings");
  });

  it("checks the classes of a provider that was installed under another name, and those alone", async () => {
    const next = classYaml({ parameters: "cloudName: moon" }).replace(
      "provider: azure",
      "provider: azure-next",
    );
    const input = `${classYaml()}---\n${next}`;
    const stock = await validate(["-"], { input });
    expect(stock.stdout)
      .to.include("1 class checked: 0 errors")
      .and.to.include("1 class of another provider");
    const named = await validate(["-", "--provider-name=azure-next"], { input });
    expect(named.code).to.equal(1);
    expect(named.stdout)
      .to.include("spec.parameters.cloudName")
      .and.to.include("1 class of another provider")
      .and.to.not.include("spec.provider");
    const absent = await validate(["-", "--provider-name", "azure-next"], { input: classYaml() });
    expect(absent.stdout).to.include("no SecretProviderClass with provider azure-next is in the files");
    const spelled = await validate(["-"], { input: next.replace("azure-next", "Azure-Next") });
    expect(spelled.stdout).to.include("or by --provider-name what they say as provider");
    const own = await validate(["-", "--provider-name=azure-next"], {
      input: next.replace("azure-next", "Azure-Next"),
    });
    expect(own.stdout).to.include("write provider: azure-next");
    expect((await validate(["-", "--provider-name=../azure"], { input })).code).to.equal(2);
  });

  it("prints JSON in the shape that the page describes", async () => {
    const run = await validate(["good.yaml", "warned.yaml", "bad.yaml", "-o", "json"], { cwd: folder });
    expect(run.code).to.equal(1);
    const report = JSON.parse(run.stdout) as Record<string, Record<string, unknown>[]>;
    const rows = await readTable(PAGE, "For programs: --output json");
    const described = new Map(
      rows.map(({ Field: field = "", Holds: holds = "" }) => [codeSpans(field)[0], codeSpans(holds)]),
    );
    const keysOf = (value: unknown): string[] => Object.keys(value as object);
    expect(keysOf(report)).to.have.members(["summary", "classes", "findings"]);
    expect(described.get("summary")).to.have.members(keysOf(report["summary"]));
    expect(described.get("classes[]")).to.include.members(keysOf(report["classes"]?.[0]).filter((key) => !["files", "secrets"].includes(key))); // prettier-ignore
    expect(described.get("findings[]")).to.include.members(keysOf(report["findings"]?.[0]));
    expect(described.get("classes[].files[]")).to.include.members(["path", "mode", "object", "written"]);
    expect(report["classes"]?.[0]).to.deep.equal({
      name: "shop",
      namespace: null,
      file: "good.yaml",
      line: 1,
      document: 1,
      files: [{ path: "db", mode: "0644", object: "secret/db", written: "surely" }],
      secrets: [],
    });
    expect(report["findings"]?.find(({ code }) => code === "CLOUD_UNKNOWN")).to.deep.include({
      severity: "error",
      file: "bad.yaml",
      line: 15,
      document: 1,
      object: "SecretProviderClass shop",
      field: "spec.parameters.cloudName",
    });
  });

  it("prints no value of a Secret, sound or broken", async () => {
    const secret = `apiVersion: v1\nkind: Secret\nmetadata: {name: creds}\nstringData:\n  clientid: ${plant()}\n  ${plant()}: ${plant()}\n`;
    const pod = podYaml({ csi: "nodePublishSecretRef: {name: creds}" });
    const manifest = [classYaml({ parameters: "" }), pod, secret, `${secret}  - ${plant()}: "`].join("---\n");
    const runs = [
      await validate(["-"], { input: manifest }),
      await validate(["-", "-o=json"], { input: manifest }),
    ];
    for (const { stdout, stderr, code } of runs) {
      expect(code).to.equal(1);
      assertNothingLeaks(stdout + stderr);
    }
  });

  it("finds no error in the examples that are shipped", async () => {
    const root = "manifests/examples";
    const entries = await readdir(root, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(root, name));
    expect(folders.length).to.be.greaterThan(10);
    // In one call: a process for each would take long.
    const { stdout, code } = await validate([...folders, "--write-cert-and-key-in-separate-files"]);
    expect(code, stdout).to.equal(0);
    // Many of them name their class alike; that Azure has given up what one of them is for, is true.
    const warned = stdout.split("\n").filter((line) => line.includes(" warning: "));
    expect(warned.filter((line) => !line.includes("/pod-identity/")).join("\n")).to.equal("");
  });

  it("says of a template what it is, goes on with the others, and prints nothing of the program", async () => {
    const template = path.join(folder, "template.txt");
    await writeFile(template, classYaml().replace("contoso-shop", "{{ .Values.vault }}"));
    const run = await validate([template, "bad.yaml"], { cwd: folder });
    expect(run).to.include({ code: 1, stderr: "" });
    const [first = "", ...others] = run.stdout.trimEnd().split("\n");
    expect(first).to.match(/template\.txt:8: error: .*it looks like a template: render it first/);
    expect(others.join("\n")).to.match(/^bad\.yaml:15: error: .*cloudName/m);
    expect(others.at(-1)).to.equal("1 class checked: 2 errors, 1 warning");
  });

  it("reads what a shell puts in the place of <(command), up to the limit of files", async () => {
    const shell = async (script: string): Promise<Run> =>
      await new Promise((resolve) => {
        const args = ["-c", script, "bash", process.execPath, path.resolve("dist/provider.js")];
        const child = execFile("bash", args, { cwd: folder, timeout: 60_000 }, (_error, stdout, stderr) => {
          resolve({ code: child.exitCode, stdout, stderr });
        });
      });
    const one = await shell(
      '"$1" "$2" validate <(sleep 0.3; head -9 good.yaml; sleep 0.3; tail -n +10 good.yaml)',
    );
    expect(one).to.deep.equal({
      code: 0,
      stdout: "1 class checked: 0 errors, 0 warnings; beside 1 object of another kind\n",
      stderr: "",
    });
    const endless = await shell('"$1" "$2" validate <(cat /dev/zero)');
    expect(endless.code).to.equal(2);
    expect(endless.stdout).to.include("it is larger than 4194304 bytes");
    const device = await shell('"$1" "$2" validate /dev/zero /dev/fd/5 5</dev/zero');
    expect(device.code).to.equal(2);
    expect(device.stdout.match(/it is not a regular file/g)).to.have.lengthOf(2);
    const input = await shell('cat good.yaml | "$1" "$2" validate /dev/stdin');
    expect(input.code, input.stdout).to.equal(0);
  });

  it("breaks no line and no terminal by what a manifest holds", async () => {
    const manifest = classYaml({ parameters: 'cloudName: "a\\u001b[31m\\nb: error: c"\n"\\u001bkey\\n": x' });
    const { stdout } = await validate(["-"], { input: manifest });
    expect(stdout).to.not.match(/[^\P{C}\n]/u);
    expect(stdout.trimEnd().split("\n")).to.have.lengthOf(4);
  });
});
