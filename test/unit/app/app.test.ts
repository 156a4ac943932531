import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, lstatSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { v1alpha1 } from "../../../provider-proto/generated/messages.js";
import { BytesClient, rejectionOf, withFolder } from "../rpc/support.js";
import { get, ProviderProcess } from "./provider-process.js";

const VERSION = "/v1alpha1.CSIDriverProvider/Version";

describe("app run", () => {
  const started: ProviderProcess[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((provider) => provider.end()));
  });

  function start(...args: string[]): ProviderProcess {
    const provider = new ProviderProcess(args);
    started.push(provider);
    return provider;
  }

  async function version(path: string): Promise<string> {
    const client = new BytesClient(`unix:${path}`);
    try {
      return v1alpha1.VersionResponse.decode(await client.call(VERSION, Buffer.alloc(0))).runtimeName;
    } finally {
      client.close();
    }
  }

  it("prints version and build date as one line of JSON", async () => {
    const provider = start("--version");
    expect(await provider.exit()).to.equal(0);
    expect(provider.out).to.match(/^\{"version":"[^"]+","buildDate":"[^"]+"\}\n$/);
    expect(provider.err).to.equal("");
  });

  it("prints its flags", async () => {
    const provider = start("--help");
    expect(await provider.exit()).to.equal(0);
    expect(provider.out).to.contain("--endpoint (unix:///tmp/azure.sock)");
  });

  it("says what is right when a flag is wrong, and ends with 2", async () => {
    const provider = start("--endpont=unix:///tmp/a.sock");
    expect(await provider.exit()).to.equal(2);
    expect(provider.err).to.equal('unknown flag "--endpont"; did you mean --endpoint?\n');
  });

  for (const [signal, json] of [
    ["SIGTERM", "false"],
    ["SIGINT", "true"],
  ] as const) {
    it(`serves socket, probes and metrics, and ends in peace at ${signal} (JSON log: ${json})`, async () => {
      await withFolder(async (folder) => {
        const path = join(folder, "azure.sock");
        const provider = await start(`--endpoint=unix://${path}`, `--log-format-json=${json}`).serving();
        expect(await version(path)).to.equal("secrets-store-csi-driver-provider-azure");
        expect(lstatSync(path).mode & 0o777).to.equal(0o700);
        if (json === "false") {
          expect(await get(await provider.url("health", "/healthz"))).to.equal("200 ok");
          expect(await get(await provider.url("health", "/readyz"))).to.equal("200 ok");
          expect(await get(await provider.url("metrics", "/metrics"))).to.contain(
            "\nazure_provider_serving 1\n",
          );
        } else {
          expect(provider.err).to.equal("");
          expect(JSON.parse(provider.out.split("\n")[0] ?? "")).to.include({ level: "info", v: 0 });
        }
        provider.child.kill(signal);
        expect(await provider.exit()).to.equal(0);
        expect(existsSync(path)).to.equal(false);
        expect(provider.err + provider.out).to.contain("Stopped");
      });
    });
  }

  it("serves TCP", async () => {
    const provider = await start("--endpoint=tcp://127.0.0.1:0").serving();
    provider.child.kill("SIGTERM");
    expect(await provider.exit()).to.equal(0);
  });

  it("ends with 1 and a word of what to change when the endpoint cannot be", async () => {
    await withFolder(async (folder) => {
      await mkdir(join(folder, "azure.sock"));
      const [missing, occupied] = [
        start(`--endpoint=unix://${folder}/none/azure.sock`),
        start(`--endpoint=unix://${folder}/azure.sock`),
      ];
      expect(await missing.exit()).to.equal(1);
      expect(missing.err).to.match(
        /\nE.*"The provider cannot serve" err="the folder \/.*none of --endpoint does not exist;/,
      );
      expect(await occupied.exit()).to.equal(1);
      expect(occupied.err).to.match(/\nE.*"The provider cannot serve" err="there is a folder at /);
    });
  });

  it("waits unready for the version before, and takes the socket when that one stops", async () => {
    await withFolder(async (folder) => {
      const path = join(folder, "azure.sock");
      const old = await start(`--endpoint=unix://${path}`).serving();
      const { ino } = lstatSync(path);
      const next = start(`--endpoint=unix://${path}`);
      await next.logged("Waiting for the endpoint");
      expect(await get(await next.url("health", "/readyz"))).to.equal("503 waiting for the endpoint");
      expect(await get(await next.url("health", "/healthz"))).to.equal("200 ok"); // the endpoint is served
      expect(await get(await next.url("metrics", "/metrics"))).to.contain("\nazure_provider_serving 0\n");
      expect(lstatSync(path).ino).to.equal(ino);
      old.child.kill("SIGTERM");
      await next.serving();
      expect(await old.exit()).to.equal(0);
      expect(await version(path)).to.equal("secrets-store-csi-driver-provider-azure");
      expect(await get(await next.url("health", "/readyz"))).to.equal("200 ok");
    });
  });

  it("takes the socket of a process that was killed, at once", async () => {
    await withFolder(async (folder) => {
      const path = join(folder, "azure.sock");
      const old = await start(`--endpoint=unix://${path}`).serving();
      await old.end();
      expect(existsSync(path)).to.equal(true);
      const next = await start(`--endpoint=unix://${path}`).serving();
      expect(next.err).to.not.contain("Waiting");
      expect(await version(path)).to.equal("secrets-store-csi-driver-provider-azure");
    });
  });

  it("ends in peace while it waits, and leaves the other's socket", async () => {
    await withFolder(async (folder) => {
      const path = join(folder, "azure.sock");
      await start(`--endpoint=unix://${path}`).serving();
      const next = start(`--endpoint=unix://${path}`);
      await next.logged("Waiting for the endpoint");
      next.child.kill("SIGTERM");
      expect(await next.exit()).to.equal(0);
      expect(await version(path)).to.equal("secrets-store-csi-driver-provider-azure");
    });
  });

  it("serves mounts although its HTTP ports are taken", async () => {
    const holder = createServer().listen(0);
    await once(holder, "listening");
    const { port } = holder.address() as AddressInfo;
    await withFolder(async (folder) => {
      const path = join(folder, "azure.sock");
      const provider = await start(
        `--endpoint=unix://${path}`,
        `--healthz-port=${port}`,
        `--prometheus-port=${port}`,
      ).serving();
      expect(await version(path)).to.equal("secrets-store-csi-driver-provider-azure");
      await provider.logged("Could not listen for health");
      await provider.logged("Could not listen for metrics");
    });
    holder.close();
  });

  it("answers the calls of a connection that it has while it drains, and then closes it", async () => {
    await withFolder(async (folder) => {
      const path = join(folder, "azure.sock");
      const provider = await start(`--endpoint=unix://${path}`).serving();
      const client = new BytesClient(`unix:${path}`);
      await client.call(VERSION, Buffer.alloc(0));
      provider.child.kill("SIGTERM");
      expect(await provider.exit()).to.equal(0);
      expect(await rejectionOf(client.call(VERSION, Buffer.alloc(0), { deadlineMs: 500 }))).to.have.property(
        "code",
        14,
      );
      client.close();
    });
  });
});

describe("process-events surviveUncaughtErrors", () => {
  it("goes on after errors that nobody caught, and logs no word of theirs", async () => {
    const source = (name: string): string =>
      JSON.stringify(new URL(`../../../src/${name}`, import.meta.url).href);
    const program = `
      import { createLogger } from ${source("telemetry/create-logger.ts")};
      import { createMetrics } from ${source("telemetry/metrics.ts")};
      import { surviveUncaughtErrors } from ${source("process-events.ts")};
      const metrics = createMetrics({ version: "1" });
      surviveUncaughtErrors(createLogger({ verbosity: 0, json: true }), metrics);
      setTimeout(() => { throw new TypeError("s3cret"); }, 1);
      setTimeout(() => { throw "s3cret"; }, 2);
      setTimeout(() => { Promise.reject(new RangeError("s3cret")); }, 3);
      setTimeout(async () => {
        process.stdout.write("alive " + /unexpected_errors_total (\\d)/.exec(await metrics.render())[1]);
      }, 50);
    `;
    const child = spawn(process.execPath, ["--import=tsx", "--input-type=module", "-e", program]);
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    await once(child, "close");
    expect(child.exitCode).to.equal(0);
    expect(out).to.equal("alive 3");
    const lines = err.trim().split("\n");
    const classes = lines.map((line) => (JSON.parse(line) as { errorClass: string }).errorClass);
    expect(classes).to.deep.equal(["TypeError", "string", "RangeError"]);
    expect(err).to.not.contain("s3cret");
  });
});
