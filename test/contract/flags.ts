import { row, type Row, type Section } from "./row.js";

const FLAGS = "integration/flags";
const EFFECTS = "integration/flag-effects";
const EFFECT = "the effect of a flag";
const CONFIG = "unit/config/provider-config";
const READ = "config/provider-config readConfig";
const PROFILES = "profiles, for those who ask for them";
const IN_EVERY_FORM = "flags all of the contract are taken, in every form";

/** Every name of `FLAGS` in src/config/flags.ts. */
export const FLAG_ROWS: Section = {
  title: "Flags",
  rows: [
    row(
      "--endpoint",
      ["integration/socket", "the socket may be a port: tcp://"],
      [
        "serve",
        "const { endpoint } = config;",
        'const endpoint = { kind: "unix", path: "/nonexistent/azure.sock" };',
      ],
    ),
    row(
      "--log-format-json",
      ["integration/logs", "the log as JSON has one object a line with ts and msg, none with a value"],
      ["serve", 'json: config["log-format-json"]', "json: false"],
    ),
    row(
      "--v",
      [EFFECTS, `${EFFECT} -v: lines up to that verbosity are written, and no others`],
      ["serve", "verbosity: config.v", "verbosity: 0"],
    ),
    row(
      "--version",
      [FLAGS, "flags --version prints one JSON line and ends with 0"],
      ["app", "process.stdout.write(`${versionLine()}\\n`);", ""],
    ),
    row(
      "--help",
      ["unit/app/app", "app run prints its flags"],
      ["app", "process.stdout.write(`${command.text}\\n`);", ""],
    ),
    row(
      "--cloud-name",
      [
        "integration/clouds",
        "the cloud of the process --cloud-name is the cloud of a class that names none, and a class that names one wins",
      ],
      ["mount-path", 'cloudName: config["cloud-name"],', 'cloudName: "AzurePublicCloud",'],
    ),
    row(
      "--default-tenant-id",
      [
        "integration/default-identity",
        "defaults of the installation --default-tenant-id is the tenant of a class that names none, and a class that names one wins",
      ],
      ["mount-path", 'defaultTenantId: config["default-tenant-id"],', 'defaultTenantId: "",'],
    ),
    row(
      "--default-client-id",
      [
        "integration/default-identity",
        "defaults of the installation --default-client-id is the client of a class that chooses no identity, proven by the pod's own token",
      ],
      ["mount-path", 'defaultClientId: config["default-client-id"],', 'defaultClientId: "",'],
    ),
    row(
      "--construct-pem-chain",
      ["integration/certificate-flags", "--construct-pem-chain=false keeps the order in the vault"],
      ["mount-path", 'constructPemChain: config["construct-pem-chain"],', "constructPemChain: true,"],
    ),
    row(
      "--write-cert-and-key-in-separate-files",
      [
        "integration/certificate-flags",
        "--write-cert-and-key-in-separate-files application/x-pkcs12: .crt and .key come before the single file",
      ],
      [
        "mount-path",
        'separateCertAndKeyFiles: config["write-cert-and-key-in-separate-files"],',
        "separateCertAndKeyFiles: false,",
      ],
    ),
    row(
      "--object-cache-ttl",
      ["integration/sharing", "what mounts share --object-cache-ttl=0s: every rotation asks the vault"],
      ["mount-path", 'cacheTtlMs: config["object-cache-ttl"],', "cacheTtlMs: 60_000,"],
    ),
    row(
      "--vault-max-requests-per-second",
      [
        "integration/throttling",
        "throttling --vault-max-requests-per-second: a burst of a second's worth, and then no faster",
      ],
      [
        "mount-path",
        'throttle: { maxPerSecond: config["vault-max-requests-per-second"] },',
        "throttle: { maxPerSecond: 0 },",
      ],
    ),
    row(
      "--serve-stale-during-outage",
      [
        "integration/outage",
        "an outage of the vault --serve-stale-during-outage: a starting pod gets the older value, and a rotation fails",
      ],
      ["mount-path", 'staleMs: config["serve-stale-during-outage"],', "staleMs: 0,"],
    ),
    row(
      "--custom-user-agent",
      [EFFECTS, `${EFFECT} --custom-user-agent: stands before the user agent of every request to the vault`],
      ["mount-path", '[config["custom-user-agent"], ', "["],
    ),
    row(
      "--token-proxy-url",
      [
        EFFECTS,
        `${EFFECT} of identity binding --token-proxy-url: where the token is asked for, and under which TLS name`,
      ],
      ["mount-path", 'tokenProxyUrl: config["token-proxy-url"],', 'tokenProxyUrl: "https://127.0.0.1:1",'],
    ),
    row(
      "--sni-name",
      [
        EFFECTS,
        `${EFFECT} of identity binding --sni-name: where the token is asked for, and under which TLS name`,
      ],
      ["mount-path", 'sniName: config["sni-name"],', 'sniName: "other.ests.aks",'],
    ),
    row(
      "--healthz-port",
      ["integration/health", "health over HTTP GET /healthz is 200"],
      ["serve", 'port: config["healthz-port"],', "port: 0,"],
    ),
    row(
      "--healthz-bind-address",
      [EFFECTS, `${EFFECT} --healthz-bind-address: the health checks answer there, and nowhere else`],
      ["serve", 'host: addressOf(config["healthz-bind-address"]),', "host: undefined,"],
    ),
    row(
      "--healthz-path",
      [FLAGS, IN_EVERY_FORM],
      ["serve", 'path: config["healthz-path"],', 'path: "/healthz",'],
    ),
    row(
      "--healthz-timeout",
      [EFFECTS, `${EFFECT} --healthz-timeout ends the check of a socket that says nothing, with 503`],
      ["serve", 'timeoutMs: config["healthz-timeout"],', "timeoutMs: 5000,"],
    ),
    row(
      "--metrics-backend",
      [EFFECTS, `${EFFECT} --metrics-backend=prometheus, in any case: Prometheus text`],
      ["config/flag-types", 'text.toLowerCase() === "prometheus"', 'text === "Prometheus"'],
    ),
    row(
      "--prometheus-port",
      ["integration/metrics", "metrics are Prometheus text"],
      ["serve", 'port: config["prometheus-port"],', "port: 0,"],
    ),
    row(
      "--metrics-bind-address",
      [EFFECTS, `${EFFECT} --metrics-bind-address: the metrics answer there, and nowhere else`],
      ["serve", 'host: addressOf(config["metrics-bind-address"]),', "host: undefined,"],
    ),
    row(
      "--enable-pprof",
      [
        "integration/profiles",
        `${PROFILES} heap: functions of the provider that mounts made busy, and nothing that they mounted`,
      ],
      ["serve", 'if (!config["enable-pprof"]) return [];', "return [];"],
    ),
    row(
      "--pprof-port",
      ["integration/profiles", `${PROFILES} only GET, only under a name of this machine, only what there is`],
      ["serve", 'port: config["pprof-port"]', "port: 0"],
    ),
  ],
};

/** Every name of `KLOG_FLAGS` in src/config/flags.ts. */
const KLOG: readonly string[] = [
  "add_dir_header",
  "alsologtostderr",
  "legacy_stderr_threshold_behavior",
  "log_backtrace_at",
  "log_dir",
  "log_file",
  "log_file_max_size",
  "logtostderr",
  "one_output",
  "skip_headers",
  "skip_log_headers",
  "stderrthreshold",
  "vmodule",
];

export const KLOG_FLAG_ROWS: Section = {
  title: "klog's flags",
  rows: KLOG.map((name) => {
    const test = `klog's flags --${name} is taken, with a warning that it has no effect`;
    return row(
      `--${name}`,
      ["unit/contract/klog-flags", test],
      ["config/flags", `  ${name}: flag(`, `  no_${name}: flag(`],
    );
  }),
};

const written = (form: string, example: string, code: string, replacement: string): Row =>
  row(form, [CONFIG, `${READ} reads ${example}`], ["config/go-flags", code, replacement]);

export const FLAG_SYNTAX_ROWS: Section = {
  title: "How flags are written",
  rows: [
    written("-flag value", "-v 5", "/^--?([^=]*)(?:=(.*))?$/s", "/^--([^=]*)(?:=(.*))?$/s"),
    written("--flag=value", "--v=5", "let text = inline;", "let text: string | undefined;"),
    written("--flag value", "--endpoint tcp://:9000", "text = argv[i];", "text = undefined;"),
    written(
      "a boolean without a value is true",
      "--log-format-json",
      'if (flag.type.isBoolean === true) text = "true";',
      'if (flag.type.isBoolean === true) text = "false";',
    ),
    written(
      "a boolean with =value",
      "-log-format-json=T",
      "let text = inline;",
      'let text = inline === "T" ? "F" : inline;',
    ),
    row(
      "an unknown flag ends the process with words that help",
      [FLAGS, "flags --endpiont=unix:///tmp/x.sock ends with an error that says what is right"],
      [
        "config/go-flags",
        "if (flag === undefined) throw unknownFlag(argument, name, [...known.keys()]);",
        "if (flag === undefined) continue;",
      ],
    ),
    row(
      "a wrong value ends the process with words that help",
      [FLAGS, "flags --metrics-backend=statsd ends with an error that says what is right"],
      ["config/flag-types", 'text.toLowerCase() === "prometheus" ? "prometheus" : undefined', '"prometheus"'],
    ),
  ],
};

const NETWORK = "integration/proxy-and-trust";
const trusted = (by: string): string =>
  `certificate authorities by ${by}: sign-in and vault are trusted, straight on and through a proxy`;

export const ENVIRONMENT_ROWS: Section = {
  title: "Environment",
  rows: [
    row(
      "AZURE_ENVIRONMENT_FILEPATH",
      [
        "integration/clouds",
        "the cloud of the process AZURE_ENVIRONMENT_FILEPATH is the file of a class that names none",
      ],
      ["config/provider-config", 'env["AZURE_ENVIRONMENT_FILEPATH"]', 'env["NO_ENVIRONMENT_FILEPATH"]'],
    ),
    row(
      "HTTPS_PROXY",
      [NETWORK, "proxies HTTPS_PROXY"],
      ["network/proxy-settings", '["HTTPS_PROXY", "https_proxy"]', '["https_proxy"]'],
    ),
    row(
      "https_proxy",
      [NETWORK, "proxies https_proxy"],
      ["network/proxy-settings", '["HTTPS_PROXY", "https_proxy"]', '["HTTPS_PROXY"]'],
    ),
    row(
      "NO_PROXY",
      [NETWORK, "proxies NO_PROXY of the vaults"],
      ["network/proxy-settings", '["NO_PROXY", "no_proxy"]', '["no_proxy"]'],
    ),
    row(
      "no_proxy",
      [NETWORK, "proxies no_proxy of the authority"],
      ["network/proxy-settings", '["NO_PROXY", "no_proxy"]', '["NO_PROXY"]'],
    ),
    row(
      "SSL_CERT_FILE",
      [NETWORK, trusted("SSL_CERT_FILE")],
      [
        "network/certificate-authorities",
        '["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"]',
        '["NODE_EXTRA_CA_CERTS"]',
      ],
    ),
    row(
      "SSL_CERT_DIR",
      [NETWORK, trusted("SSL_CERT_DIR")],
      ["network/certificate-authorities", 'env["SSL_CERT_DIR"]', 'env["NO_CERT_DIR"]'],
    ),
    row(
      "NODE_EXTRA_CA_CERTS",
      [NETWORK, trusted("NODE_EXTRA_CA_CERTS")],
      ["network/certificate-authorities", '["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"]', '["SSL_CERT_FILE"]'],
    ),
    row(
      "the system's certificate authorities",
      [
        "unit/network/certificate-authorities",
        "network/certificate-authorities reads the first of the system's bundles that is there, and all of its folders",
      ],
      ["network/certificate-authorities", "readFirstBundle(locations.files, found);", ";"],
    ),
  ],
};

const CLOUDS = "integration/clouds";
const BY_NAME = "clouds by name, each with its own authority and vaults";
const cloud = (name: string, authority: string, code: string): Row =>
  row(
    name,
    [CLOUDS, `${BY_NAME} "${name}" signs in at ${authority}`],
    ["model/cloud", code, code.replace('["', '["no-')],
  );

export const CLOUD_ROWS: Section = {
  title: "Clouds",
  rows: [
    cloud("AzurePublicCloud", "login.microsoftonline.com", '["azurepubliccloud", "AzurePublicCloud"]'),
    cloud("AzureCloud", "login.microsoftonline.com", '["azurecloud", "AzurePublicCloud"]'),
    cloud(
      "AzureUSGovernmentCloud",
      "login.microsoftonline.us",
      '["azureusgovernmentcloud", "AzureUSGovernmentCloud"]',
    ),
    row(
      "AzureUSGovernment",
      [CLOUDS, `${BY_NAME} "AZUREUSGOVERNMENT" signs in at login.microsoftonline.us`],
      [
        "model/cloud",
        '["azureusgovernment", "AzureUSGovernmentCloud"]',
        '["no-azureusgovernment", "AzureUSGovernmentCloud"]',
      ],
    ),
    cloud("AzureChinaCloud", "login.chinacloudapi.cn", '["azurechinacloud", "AzureChinaCloud"]'),
    cloud("AzureGermanCloud", "login.microsoftonline.de", '["azuregermancloud", "AzureGermanCloud"]'),
    row(
      "AzureStackCloud",
      [
        CLOUDS,
        "clouds AzureStackCloud by cloudEnvFileName signs in and reads where the file says, and nowhere else",
      ],
      ["model/cloud", '["azurestackcloud", "AzureStackCloud"]', '["no-azurestackcloud", "AzureStackCloud"]'],
    ),
    row(
      "no authority but the cloud's own is asked, for discovery neither",
      [CLOUDS, `${BY_NAME} "AzureChinaCloud" signs in at login.chinacloudapi.cn`],
      [
        "cloud/well-known-clouds",
        'authorityHost: "https://login.chinacloudapi.cn",',
        'authorityHost: "https://login.microsoftonline.com",',
      ],
    ),
  ],
};
