import { createServer, type Server } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { startTokenProxy, type TokenProxyDouble } from "../../emulator/token-proxy/token-proxy-double.js";
import { secretYaml } from "../support/objects-yaml.js";
import { ProviderProcess } from "../support/provider-process.js";
import { waitUntil } from "../support/wait.js";
import { World } from "../support/world.js";

/** What a GET is answered with; 0 when nobody listens there. */
async function statusOf(address: string, port: number, target: string): Promise<number> {
  try {
    const url = `http://${address}:${port}${target}`;
    return (await fetch(url, { signal: AbortSignal.timeout(4_000) })).status;
  } catch {
    return 0;
  }
}

describe("the effect of a flag", () => {
  const started: ProviderProcess[] = [];
  afterEach(async () => {
    for (const provider of started.splice(0)) await provider.stop();
  });

  async function start(options: Parameters<typeof ProviderProcess.start>[0]): Promise<ProviderProcess> {
    const provider = await ProviderProcess.start(options);
    started.push(provider);
    return provider;
  }

  it("-v: lines up to that verbosity are written, and no others", async () => {
    const [quiet, verbose] = await Promise.all([start({}), start({ flags: ["-v=1"] })]);
    await waitUntil(() => verbose.output.includes("Listening for health"), "a line of verbosity 1");
    await waitUntil(() => quiet.output.includes("Listening for the driver"), "a line of verbosity 0");
    expect(quiet.output).not.to.contain("Listening for health");
  });

  it("--healthz-bind-address: the health checks answer there, and nowhere else", async () => {
    const { healthzPort } = await start({ flags: ["--healthz-bind-address=127.0.0.2"] });
    expect(await statusOf("127.0.0.2", healthzPort, "/healthz")).to.equal(200);
    expect(await statusOf("127.0.0.1", healthzPort, "/healthz")).to.equal(0);
  });

  it("--metrics-bind-address: the metrics answer there, and nowhere else", async () => {
    const { metricsPort } = await start({ flags: ["--metrics-bind-address=127.0.0.2"] });
    expect(await statusOf("127.0.0.2", metricsPort, "/metrics")).to.equal(200);
    expect(await statusOf("127.0.0.1", metricsPort, "/metrics")).to.equal(0);
  });

  it("--metrics-backend=prometheus, in any case: Prometheus text", async () => {
    const { metricsPort } = await start({ flags: ["--metrics-backend=prometheus"] });
    expect(await statusOf("127.0.0.1", metricsPort, "/metrics")).to.equal(200);
  });

  describe("--healthz-timeout", () => {
    let folder: string;
    let silent: Server;
    before(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-silent-"));
      silent = createServer((socket) => socket.on("error", () => undefined).resume());
      await new Promise<void>((resolve) => silent.listen(path.join(folder, "azure.sock"), resolve));
    });
    after(async () => {
      silent.close();
      await rm(folder, { recursive: true, force: true });
    });

    it("ends the check of a socket that says nothing, with 503", async () => {
      const provider = await start({
        flags: ["--healthz-timeout=200ms"],
        socketPath: path.join(folder, "azure.sock"),
        waitUntilServing: false,
      });
      const { healthzPort } = provider;
      await waitUntil(
        async () => (await statusOf("127.0.0.1", healthzPort, "/readyz")) === 503,
        "it listens",
      );
      expect(await statusOf("127.0.0.1", healthzPort, "/healthz")).to.equal(503);
      await provider.stop("SIGKILL"); // it would wait for the socket as long as that is silent
    });
  });

  it("--custom-user-agent: stands before the user agent of every request to the vault", async () => {
    const world = await World.start({ flags: ["--custom-user-agent=shop/7"] });
    try {
      const pod = world.pod();
      pod.plantSecret("one");
      await pod.mount(secretYaml("one"));
      const reads = world.emulator.requests.filter(({ host }) => host === pod.vault.host);
      expect(reads).not.to.be.empty;
      for (const { userAgent } of reads) expect(userAgent).to.match(/^shop\/7 csi-secrets-store\//);
    } finally {
      await world.stop();
    }
  });

  describe("of identity binding", () => {
    let world: World;
    let proxy: TokenProxyDouble;
    before(async () => {
      world = await World.start();
      proxy = await startTokenProxy({ directory: world.emulator.entra, issuerUrl: world.issuerUrl });
    });
    after(async () => {
      await proxy.close();
      await world.stop();
    });

    for (const flag of ["--token-proxy-url", "--sni-name"]) {
      it(`${flag}: where the token is asked for, and under which TLS name`, async () => {
        const name = `${flag.replaceAll("-", "")}.ests.aks`;
        const provider = await start({ flags: [`--token-proxy-url=${proxy.origin}`, `--sni-name=${name}`] });
        const request = world.pod({ identity: "identity-binding" }).request({ objects: secretYaml("one") });
        // The pod of this test has no certificate authority of a cluster, so the handshake is as far as it comes.
        const outcome = await provider.client.mount(request).then(
          () => "mounted",
          (error: unknown) => String(error),
        );
        expect(outcome).to.contain(proxy.origin.replace("https://", ""));
        expect(proxy.serverNames).to.include(name);
      });
    }
  });
});
