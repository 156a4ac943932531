import { expect } from "chai";
import { ProviderProcess } from "../support/provider-process.js";
import { runProvider } from "../support/run-provider.js";

describe("flags", () => {
  for (const flag of ["--version", "-version", "--version=true", "-version=1"]) {
    it(`${flag} prints one JSON line and ends with 0`, async () => {
      const { code, stdout, stderr } = await runProvider([flag]);
      expect(code).to.equal(0);
      expect(stderr).to.equal("");
      expect(stdout).to.match(/^\{"version":"[^"]+","buildDate":"[^"]+"\}\n$/);
      const { version } = JSON.parse(stdout) as { version: string };
      expect(version).to.match(/^v?\d+\.\d+\.\d+/);
    });
  }

  const wrong: [flags: string[], says: string[]][] = [
    [["--endpiont=unix:///tmp/x.sock"], ["endpiont", "endpoint"]],
    [
      ["--endpoint", "http://localhost"],
      ["endpoint", "unix://"],
    ],
    [["--endpoint="], ["endpoint"]],
    [["--endpoint"], ["endpoint"]],
    [["--endpoint=tcp://127.0.0.1"], ["endpoint"]],
    [["--endpoint=tcp://127.0.0.1:99999"], ["endpoint"]],
    [["--healthz-port=abc"], ["healthz-port"]],
    [["--healthz-port=70000"], ["healthz-port"]],
    [["--prometheus-port", "-1"], ["prometheus-port"]],
    [["--healthz-timeout=5"], ["healthz-timeout"]],
    [["--healthz-timeout=soon"], ["healthz-timeout"]],
    [["--metrics-backend=statsd"], ["metrics-backend"]],
    [["--cloud-name=AzureMoonCloud"], ["cloud-name", "AzurePublicCloud"]],
    [["--construct-pem-chain=maybe"], ["construct-pem-chain"]],
    [["--log-format-json=yes"], ["log-format-json"]],
    [["-v=verbose"], ["-v"]],
    [["---endpoint=x"], ["---endpoint"]],
    [["--=x"], ["unknown flag"]],
  ];
  for (const [flags, says] of wrong) {
    it(`${flags.join(" ")} ends with an error that says what is right`, async () => {
      const { code, stdout, stderr } = await runProvider(flags);
      expect(code).to.be.oneOf([1, 2]);
      expect(stdout).to.equal("");
      for (const words of says) expect(stderr).to.contain(words);
      expect(stderr).not.to.match(/\n\s+at /); // no stack
    });
  }

  it("all of the contract are taken, in every form", async () => {
    const provider = await ProviderProcess.start({
      flags: [
        "-log-format-json",
        "-v",
        "5",
        "--healthz-path",
        "/alive",
        "--healthz-timeout=2s",
        "-metrics-backend=Prometheus",
        "--construct-pem-chain=false",
        "-write-cert-and-key-in-separate-files=T",
        "--cloud-name=AzurePublicCloud",
        "--token-proxy-url=https://kubernetes.default.svc.cluster.local",
        "--sni-name",
        "x.ests.aks",
        "--enable-pprof=false",
        "--pprof-port=6060",
        "--custom-user-agent=shop",
        "--logtostderr=true",
        "-alsologtostderr=false",
        "--stderrthreshold=2",
        "--vmodule=",
        "--log_dir=",
        "--log_file=",
        "--log_file_max_size=1800",
        "--skip_headers=false",
        "--skip_log_headers",
        "--one_output=false",
        "--add_dir_header=false",
        "--log_backtrace_at=:0",
      ],
    });
    try {
      expect((await provider.client.version()).version).to.equal("v1alpha1");
      expect((await fetch(`http://127.0.0.1:${provider.healthzPort}/alive`)).status).to.equal(200);
    } finally {
      expect(await provider.stop()).to.equal(0);
    }
  });

  it("an endpoint in a place that does not exist says so", async () => {
    const { code, stderr } = await runProvider([
      "--endpoint=unix:///nonexistent/azure.sock",
      "--healthz-port=0",
      "--prometheus-port=0",
    ]);
    expect(code).to.equal(1);
    expect(stderr).to.contain("/nonexistent").and.contain("--endpoint");
  });
});
