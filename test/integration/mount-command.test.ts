import { expect } from "chai";
import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { objectsYaml, secretYaml } from "../support/objects-yaml.js";
import type { Pod } from "../support/pod.js";
import { assertNothingLeaks, plant } from "../support/secrecy.js";
import { wayTo, World } from "../support/world.js";

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe("mount", () => {
  let world: World;
  let folder: string;
  let way: Record<string, string>;
  let serial = 0;
  before(async () => {
    world = await World.start();
    folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-mount-"));
    way = await wayTo(world.emulator, folder);
  });
  after(async () => {
    await world.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** A path in the test's own folder that nothing has yet. */
  const fresh = (ending = ""): string => {
    serial += 1;
    return path.join(folder, `${serial}${ending}`);
  };

  async function put(text: string, ending = ".yaml"): Promise<string> {
    const file = fresh(ending);
    await writeFile(file, text);
    return file;
  }

  const manifest = (pod: Pod, objects: string, changes: Record<string, string> = {}, name = "shop"): string =>
    stringify({
      apiVersion: "secrets-store.csi.x-k8s.io/v1",
      kind: "SecretProviderClass",
      metadata: { name },
      spec: { provider: "azure", parameters: { ...pod.parameters, objects, ...changes } },
    });

  /** Runs the built program; what it says is searched for values. */
  async function mount(args: readonly string[], env: Record<string, string> = {}, input = ""): Promise<Run> {
    const run = await new Promise<Run>((resolve) => {
      const child = execFile(
        process.execPath,
        [path.resolve("dist/provider.js"), "mount", ...args],
        {
          env: { PATH: process.env["PATH"] ?? "", ...way, ...env },
          timeout: 60_000,
          killSignal: "SIGKILL",
        },
        (_error, stdout, stderr) => {
          resolve({ code: child.exitCode, stdout, stderr });
        },
      );
      child.stdin?.end(input);
    });
    assertNothingLeaks(run.stdout + run.stderr);
    return run;
  }

  /** The lines of a table, letters and digits of what differs from run to run taken away, and whether columns line up. */
  const shape = (text: string): string[] => {
    const [head = "", ...lines] = text.trimEnd().split("\n");
    const columns = [...head.matchAll(/\S+/g)].map(({ index }) => index);
    return [
      head.split(/ {3,}/).join("|"),
      ...lines.map((line) => {
        const [name, mode, bytes, object, version] = columns.map((from, at) =>
          line.slice(from, columns[at + 1]).trimEnd(),
        );
        const kinds: [string | undefined, RegExp][] = [
          [name, /^\S+$/],
          [mode, /^0[0-7]{3}$/],
          [bytes, /^\d+$/],
          [object, /^(?:secret|key|cert)\/\S+$/],
          [version, /^[0-9a-f]{32}$/],
        ];
        return kinds.map(([cell = "", kind]) => (kind.test(cell) ? "as told" : cell)).join("|");
      }),
    ];
  };

  it("writes the files that a pod gets, with their modes, and lists them without their contents", async () => {
    const pod = world.pod();
    const value = pod.plantSecret("password");
    const objects = objectsYaml(
      { objectName: "password", objectType: "secret", objectAlias: "db/password", filePermission: '"0400"' },
      { objectName: "password", objectType: "secret" },
    );
    const target = fresh();
    const token = await put(pod.serviceAccountToken(), ".jwt");
    const run = await mount([await put(manifest(pod, objects)), `--target=${target}`, "--token-file", token]);
    expect(run).to.include({ code: 0, stderr: "" });
    const { versions } = await pod.mount(objects);
    const version = versions.get("secret/password") ?? "";
    expect(run.stdout.split("\n").map((line) => line.split(/ {2,}/))).to.deep.equal([
      ["FILE", "MODE", "BYTES", "OBJECT", "VERSION"],
      ["db/password", "0400", String(value.length), "secret/password", version],
      ["password", "0644", String(value.length), "secret/password", version],
      [""],
    ]);
    expect((await readdir(target)).sort()).to.deep.equal(["db", "password"]);
    const shown = /^```text\n(FILE .*?)^```/ms.exec(await readFile("docs/validate.md", "utf8"))?.[1] ?? "";
    expect(shape(shown), "the page's table").to.deep.equal(
      shape(run.stdout).filter((_, index) => index !== 2),
    );
    expect(await readFile(path.join(target, "db/password"), "utf8")).to.equal(value);
    expect((await stat(path.join(target, "db/password"))).mode & 0o777).to.equal(0o400);
    expect((await stat(target)).mode & 0o777).to.equal(0o700);
  });

  it("prints JSON in the shape that the page describes, warnings included", async () => {
    const pod = world.pod();
    pod.plantSecret("password");
    const token = await put(pod.serviceAccountToken(), ".jwt");
    const file = await put(manifest(pod, secretYaml("password"), { resourceGroup: "x" }));
    const target = fresh();
    const run = await mount([file, "--target", target, "-o", "json", "--namespace", pod.namespace], {
      AZURE_FEDERATED_TOKEN_FILE: token,
    });
    expect(run.code).to.equal(0);
    const report = JSON.parse(run.stdout) as { files: Record<string, unknown>[]; warnings: string[] };
    expect(report).to.deep.include({ class: "shop", namespace: pod.namespace, target });
    expect(report.files.map((shown) => Object.keys(shown))).to.deep.equal([
      ["path", "mode", "bytes", "object", "version"],
    ]);
    expect(report.warnings).to.deep.equal(["parameter resourceGroup has had no effect for years; remove it"]);
    expect(run.stderr).to.include("resourceGroup has had no effect");
  });

  it("fails in the words that the pod's event would show, and writes nothing", async () => {
    const pod = world.pod();
    const objects = secretYaml("nowhere");
    const token = await put(pod.serviceAccountToken(), ".jwt");
    const file = await put(manifest(pod, objects));
    const target = fresh();
    const { status, message } = await pod.mountError(objects);
    const run = await mount([file, `--target=${target}`, `--token-file=${token}`, "--output=json"]);
    expect(status).to.equal("NOT_FOUND");
    expect(run.code).to.equal(1);
    expect(run.stderr).to.equal(`rpc error: code = NotFound desc = ${message}\n`);
    expect(JSON.parse(run.stdout)).to.deep.equal({
      error: { status: "NotFound", code: "VAULT_OBJECT_NOT_FOUND", message },
    });
    expect(await readdir(folder)).to.not.include(path.basename(target));
  });

  it("is refused as a pod is: by the class's rules, and by Entra ID", async () => {
    const pod = world.pod();
    pod.plantSecret("password");
    const file = await put(manifest(pod, secretYaml("password")));
    const without = await mount([file, `--target=${fresh()}`]);
    expect(without).to.include({ code: 1, stdout: "" });
    expect(without.stderr)
      .to.include("code = InvalidArgument")
      .and.to.include("service account tokens not found")
      .and.to.match(/^here the token comes from --token-file, .*AZURE_FEDERATED_TOKEN_FILE.*--secrets-file/m);
    const told = await mount([file, `--target=${fresh()}`, "--output=json"]);
    const { error } = JSON.parse(told.stdout) as { error: Record<string, string> };
    expect(told.stderr).to.equal(
      `rpc error: code = ${error["status"]} desc = ${error["message"]}\n${error["advice"]}\n`,
    );
    const stranger = await put(pod.serviceAccountToken({ serviceAccount: "stranger" }), ".jwt");
    const refused = await mount([file, `--target=${fresh()}`, `--token-file=${stranger}`]);
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.include("code = Unauthenticated").and.to.include("AADSTS");
  });

  it("signs in with a service principal, from a Secret's manifest or the environment", async () => {
    const pod = world.pod({ identity: "service-principal" });
    pod.plantSecret("password");
    const text = manifest(pod, secretYaml("password"));
    const file = await put(text);
    const encode = (value: string): string => Buffer.from(value).toString("base64");
    const secrets = await put(
      stringify({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "creds" },
        data: { clientid: encode(pod.clientId), ClientSecret: encode(pod.clientSecret) },
      }),
    );
    expect(await mount([file, `--target=${fresh()}`, `--secrets-file=${secrets}`])).to.include({ code: 0 });
    const env = { AZURE_CLIENT_ID: pod.clientId, AZURE_CLIENT_SECRET: pod.clientSecret };
    expect(await mount(["-", `--target=${fresh()}`], env, text)).to.include({ code: 0 });
    const neither = await mount([file, `--target=${fresh()}`]);
    expect(neither.stderr)
      .to.include("nodePublishSecretRef secret is not set")
      .and.to.match(
        /^here that Secret is .*--secrets-file names, else AZURE_CLIENT_ID and AZURE_CLIENT_SECRET/m,
      )
      .and.to.include("--token-file")
      .and.to.include("AZURE_FEDERATED_TOKEN_FILE");
    const wrong = await mount(["-", `--target=${fresh()}`], { ...env, AZURE_CLIENT_SECRET: plant() }, text);
    expect(wrong.code).to.equal(1);
    expect(wrong.stderr)
      .to.include("AADSTS7000215")
      .and.to.match(/^here clientid and clientsecret come from AZURE_CLIENT_ID and AZURE_CLIENT_SECRET/m);
    const named = await put(
      stringify({ kind: "Secret", stringData: { clientid: pod.clientId, clientsecret: plant() } }),
    );
    expect((await mount([file, `--target=${fresh()}`, `--secrets-file=${named}`], env)).stderr)
      .to.include("AADSTS7000215")
      .and.to.match(
        /^here that Secret is the one in the manifest that --secrets-file names: mend it there$/m,
      );
  });

  it("takes --attribute over the class's parameters, and the provider's flags", async () => {
    const pod = world.pod();
    pod.plantSecret("password");
    const token = await put(pod.serviceAccountToken(), ".jwt");
    const wrong = manifest(pod, secretYaml("password"), {
      keyvaultName: "other",
      tenantID: "",
      clientID: "",
    });
    const flags = [
      `--attribute=keyvaultName=${pod.vault.name}`,
      `--default-tenant-id=${pod.tenantId}`,
      `--default-client-id=${pod.clientId}`,
      `--token-file=${token}`,
    ];
    expect(await mount([await put(wrong), `--target=${fresh()}`, ...flags])).to.include({ code: 0 });
  });

  it("needs to be told which class, where a file holds several", async () => {
    const pod = world.pod();
    pod.plantSecret("a");
    pod.plantSecret("b");
    const both = ["a", "b"].map((name) => manifest(pod, secretYaml(name), {}, name)).join("---\n");
    const file = await put(both);
    const token = await put(pod.serviceAccountToken(), ".jwt");
    const target = fresh();
    const vague = await mount([file, `--target=${target}`, `--token-file=${token}`]);
    expect(vague).to.include({ code: 1, stdout: "" });
    expect(vague.stderr).to.include('"a", "b"').and.to.include("--class");
    expect((await mount([file, `--target=${target}`, "--class=c"])).stderr).to.include(
      'no SecretProviderClass "c"',
    );
    expect(await mount([file, `--target=${target}`, "--class=b", `--token-file=${token}`])).to.include({
      code: 0,
    });
    expect(await readdir(target)).to.deep.equal(["b"]);
  });

  it("mounts the class of a provider that was installed under another name", async () => {
    const pod = world.pod();
    pod.plantSecret("password");
    const token = await put(pod.serviceAccountToken(), ".jwt");
    const text = manifest(pod, secretYaml("password"));
    const file = await put(text.replace("provider: azure", "provider: azure-next"));
    const target = fresh();
    const stock = await mount([file, `--target=${target}`, `--token-file=${token}`]);
    expect(stock.code).to.equal(1);
    expect(stock.stderr).to.include("no SecretProviderClass with provider azure;");
    const flags = [`--token-file=${token}`, "--provider-name=azure-next"];
    expect(await mount([file, `--target=${target}`, ...flags])).to.include({ code: 0 });
    expect(await readdir(target)).to.deep.equal(["password"]);
  });

  it("asks nobody where it could not write, and ends with 2", async () => {
    const pod = world.pod();
    const file = await put(manifest(pod, secretYaml("password")));
    const run = await mount([file, `--target=${folder}`, `--token-file=${fresh()}`]);
    expect(run).to.include({ code: 2, stdout: "" });
    expect(run.stderr).to.include("not empty");
    const shared = fresh();
    await mkdir(shared);
    await chmod(shared, 0o777);
    const open = await mount([file, `--target=${shared}`, `--token-file=${fresh()}`]);
    expect(open).to.include({ code: 2, stdout: "" });
    expect(open.stderr).to.include("others may write into the folder (mode 0777)");
    expect((await mount([fresh(), `--target=${fresh()}`])).stderr).to.include("no such file");
    expect((await mount([file, `--target=${fresh()}`, `--token-file=${fresh()}`])).code).to.equal(2);
  });

  it("gives up after --timeout", async () => {
    const pod = world.pod();
    pod.plantSecret("password");
    const token = await put(pod.serviceAccountToken(), ".jwt");
    const file = await put(manifest(pod, secretYaml("password")));
    const run = await mount([file, `--target=${fresh()}`, `--token-file=${token}`, "--timeout=1ms"]);
    expect(run.code).to.equal(1);
    expect(run.stderr).to.include("code = Internal").and.to.include("--timeout, 1 ms");
  });
});
