import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { FLAGS, KLOG_FLAGS } from "../../../src/config/flags.js";
import { flagsDocument } from "../../../src/config/flags-help.js";
import { type ProviderConfig, readConfig } from "../../../src/config/provider-config.js";
import { UsageError } from "../../../src/config/usage-error.js";

function serve(argv: readonly string[], env: Record<string, string> = {}): ProviderConfig {
  const command = readConfig(argv, env);
  if (command.kind !== "serve") throw new Error(`expected to serve, got ${command.kind}`);
  return command.config;
}

function usageError(argv: readonly string[]): string {
  try {
    readConfig(argv, {});
  } catch (error) {
    expect(error).to.be.instanceOf(UsageError);
    return (error as UsageError).message;
  }
  throw new Error("nothing was thrown");
}

describe("config/provider-config readConfig", () => {
  it("has the defaults that existing installations rely on", () => {
    expect(serve([])).to.deep.include({
      endpoint: { kind: "unix", path: "/tmp/azure.sock" },
      "log-format-json": false,
      v: 0,
      "cloud-name": "AzurePublicCloud",
      "construct-pem-chain": true,
      "write-cert-and-key-in-separate-files": false,
      "healthz-port": 8989,
      "healthz-path": "/healthz",
      "healthz-timeout": 5000,
      "metrics-backend": "prometheus",
      "prometheus-port": 8898,
      "enable-pprof": false,
      "pprof-port": 6060,
      "token-proxy-url": "https://kubernetes.default.svc.cluster.local",
      "sni-name": "",
      environmentFile: undefined,
      warnings: [],
    });
  });

  const good: readonly { argv: string[]; expected: Partial<ProviderConfig> }[] = [
    { argv: ["-v", "5"], expected: { v: 5 } },
    { argv: ["--v=5"], expected: { v: 5 } },
    { argv: ["-v=0x2"], expected: { v: 2 } },
    { argv: ["--log-format-json"], expected: { "log-format-json": true } },
    { argv: ["-log-format-json=T"], expected: { "log-format-json": true } },
    { argv: ["--construct-pem-chain=false"], expected: { "construct-pem-chain": false } },
    { argv: ["--construct-pem-chain=0", "--v", "1"], expected: { "construct-pem-chain": false, v: 1 } },
    { argv: ["-healthz-timeout", "1m30s"], expected: { "healthz-timeout": 90_000 } },
    { argv: ["-healthz-timeout=1.5s"], expected: { "healthz-timeout": 1_500 } },
    {
      argv: ["--endpoint=tcp://127.0.0.1:0"],
      expected: { endpoint: { kind: "tcp", host: "127.0.0.1", port: 0 } },
    },
    { argv: ["--endpoint", "tcp://:9000"], expected: { endpoint: { kind: "tcp", host: "", port: 9000 } } },
    { argv: ["--endpoint=TCP://[::1]:1"], expected: { endpoint: { kind: "tcp", host: "::1", port: 1 } } },
    { argv: ["--endpoint=unix://rel.sock"], expected: { endpoint: { kind: "unix", path: "rel.sock" } } },
    {
      argv: [`--endpoint=unix:///${"x".repeat(106)}`],
      expected: { endpoint: { kind: "unix", path: `/${"x".repeat(106)}` } },
    },
    { argv: ["--cloud-name=azureusgovernment"], expected: { "cloud-name": "AzureUSGovernmentCloud" } },
    { argv: ["--metrics-backend=PROMETHEUS"], expected: { "metrics-backend": "prometheus" } },
    { argv: ["--healthz-bind-address=::1"], expected: { "healthz-bind-address": "::1" } },
    { argv: ["--metrics-bind-address", "127.0.0.1"], expected: { "metrics-bind-address": "127.0.0.1" } },
    { argv: ["--healthz-port=65535"], expected: { "healthz-port": 65_535 } },
    { argv: ["-v=1", "-v=3"], expected: { v: 3 } },
    { argv: ["--v=2", "--", "--nonsense"], expected: { v: 2 } },
  ];
  for (const { argv, expected } of good) {
    it(`reads ${argv.join(" ").slice(0, 60)}`, () => {
      expect(serve(argv)).to.deep.include(expected);
    });
  }

  const bad: readonly { argv: string[]; says: string }[] = [
    { argv: ["--healtz-port=1"], says: 'unknown flag "--healtz-port"; did you mean --healthz-port?' },
    { argv: ["-logformatjson"], says: 'unknown flag "-logformatjson"; did you mean --log-format-json?' },
    { argv: ["--zzzzzzzzzz"], says: 'unknown flag "--zzzzzzzzzz"; --help lists those there are' },
    { argv: ["---v=1"], says: 'unknown flag "---v"; did you mean --v?' },
    { argv: ["--=1"], says: 'unknown flag "--"; --help lists those there are' },
    { argv: ["--v"], says: "flag --v needs a value, for example --v=0" },
    { argv: ["--v=x"], says: 'flag --v: "x" is not right; it must be a whole number' },
    {
      argv: ["--healthz-port=65536"],
      says: 'flag --healthz-port: "65536" is not right; it must be a port from 0 to 65535',
    },
    {
      argv: ["--healthz-port=-1"],
      says: 'flag --healthz-port: "-1" is not right; it must be a port from 0 to 65535',
    },
    {
      argv: ["--construct-pem-chain=yes"],
      says: 'flag --construct-pem-chain: "yes" is not right; it must be true, false',
    },
    {
      argv: ["--healthz-timeout=5"],
      says: 'flag --healthz-timeout: "5" is not right; it must be a duration such as 5s',
    },
    { argv: ["--healthz-timeout=25h"], says: "at most 24h" },
    { argv: ["--healthz-timeout=-5s"], says: "must be a duration" },
    { argv: ["--healthz-timeout=5s5"], says: "must be a duration" },
    { argv: ["--endpoint=/tmp/azure.sock"], says: "it must be unix://<path of at most 107 bytes>" },
    {
      argv: [`--endpoint=unix:///${"x".repeat(107)}`],
      says: "it must be unix://<path of at most 107 bytes>",
    },
    { argv: ["--endpoint=unix://"], says: "it must be unix://" },
    { argv: ["--endpoint=tcp://host"], says: "or tcp://<address>:<port>" },
    { argv: ["--endpoint=tcp://host:70000"], says: "or tcp://<address>:<port>" },
    { argv: ["--cloud-name=AzureMoonCloud"], says: "it must be AzurePublicCloud, AzureUSGovernmentCloud" },
    { argv: ["--metrics-backend=statsd"], says: "it must be Prometheus" },
    { argv: ["--healthz-path=healthz"], says: "it must be a path that begins with a slash" },
    { argv: ["--token-proxy-url=http://x"], says: "it must be an https:// URL" },
    { argv: ["--token-proxy-url=https://u:hush@x"], says: "--token-proxy-url: its value is not right" },
    { argv: ["--token-proxy-url=https://x/?q"], says: "without user, query and fragment" },
    { argv: ["--sni-name=a b"], says: "it must be a DNS name" },
    { argv: ["--vault-max-requests-per-second=-1"], says: "a whole number from 0 to 1000000" },
    { argv: ["--object-cache-ttl=forever"], says: "a duration" },
    { argv: ["--metrics-bind-address=localhost"], says: "it must be an IP address, or empty for all" },
    { argv: ["--logtostderr=maybe"], says: "flag --logtostderr" },
  ];
  for (const { argv, says } of bad) {
    it(`refuses ${argv.join(" ").slice(0, 60)}`, () => {
      expect(usageError(argv)).to.include(says);
    });
  }

  it("stops at the first argument that is no flag, as Go does, and says so", () => {
    const config = serve(["--log-format-json", "true", "--v=5"]);
    expect(config.v).to.equal(0);
    expect(config.warnings).to.have.length(1);
    expect(config.warnings[0]).to.include('the arguments from "true" on are ignored');
  });

  it("accepts every flag of klog, and says that it has no effect", () => {
    const argv = Object.entries(KLOG_FLAGS).map(([name, { defaultText }]) => `-${name}=${defaultText}`);
    expect(serve(argv).warnings.join()).to.include("--logtostderr");
  });

  it("takes the environment file from AZURE_ENVIRONMENT_FILEPATH, unless that is empty", () => {
    expect(serve([], { AZURE_ENVIRONMENT_FILEPATH: "/etc/a.json" }).environmentFile).to.equal("/etc/a.json");
    expect(serve([], { AZURE_ENVIRONMENT_FILEPATH: "" }).environmentFile).to.equal(undefined);
  });

  it("answers --version and --help before anything else", () => {
    expect(readConfig(["--v=3", "-version"], {})).to.deep.equal({ kind: "version" });
    const help = readConfig(["--help"], {});
    expect(readConfig(["-h"], {})).to.deep.equal(help);
    for (const name of Object.keys(FLAGS)) expect(help).to.have.property("text").that.includes(`--${name}`);
  });

  it("cannot be changed afterwards", () => {
    expect(Object.isFrozen(serve([]))).to.equal(true);
  });

  it("has a default that its own type reads, for every flag", () => {
    for (const [name, { type, defaultText }] of Object.entries({ ...FLAGS, ...KLOG_FLAGS })) {
      expect(type.parse(defaultText), name).to.not.equal(undefined);
    }
  });
});

describe("docs/flags.md", () => {
  it("is what the table says; npm run docs writes it", async () => {
    expect(await readFile("docs/flags.md", "utf8")).to.equal(flagsDocument());
  });
});
