import { MOUNT_FLAGS, VALIDATE_FLAGS } from "./command-options.js";
import { type Flag, FLAGS, KLOG_FLAGS } from "./flags.js";

const PROGRAM = "secrets-store-csi-provider-azure";

/** The text of `--help`. */
export function flagsHelp(): string {
  const idle = Object.keys(KLOG_FLAGS).map((name) => `--${name}`);
  return [
    `${PROGRAM} [flags]`,
    `${PROGRAM} COMMAND [flags] FILE`,
    "",
    "Without a command it serves the driver. Commands, each with flags of its own (COMMAND --help):",
    "",
    ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`),
    "",
    "-flag, --flag, --flag=value and --flag value all work; a boolean takes its value by = only.",
    "",
    ...flagLines(FLAGS),
    "",
    `Accepted for older manifests, without effect: ${idle.join(", ")}`,
  ].join("\n");
}

interface CommandFacts {
  readonly name: "validate" | "mount";
  readonly usage: string;
  readonly summary: string;
  readonly details: readonly string[];
  readonly flags: Readonly<Record<string, Flag<unknown>>>;
}

const COMMANDS: readonly CommandFacts[] = [
  {
    name: "validate",
    usage: "FILE…",
    summary: "says what is wrong with SecretProviderClasses before any pod hangs",
    details: [
      "FILE is a manifest in YAML or JSON, a folder of them, or - for standard input. Looked at are SecretProviderClasses with",
      "provider azure, and the pods that mount them. Ends with 0 when nothing is wrong, with 1 when something is, with 2 when",
      "a file cannot be read or the command line is wrong.",
    ],
    flags: VALIDATE_FLAGS,
  },
  {
    name: "mount",
    usage: "FILE --target DIR",
    summary: "mounts one class here, with the credentials at hand, and says what a pod would get",
    details: [
      "FILE is a manifest with the SecretProviderClass, or - for standard input. The files are written as the driver would, and",
      "listed; their contents are printed nowhere. Ends with 0, with 1 and the error that a pod's event would show, or with 2",
      "when a file cannot be read or the command line is wrong.",
    ],
    flags: MOUNT_FLAGS,
  },
];

/** The text of `COMMAND --help`. */
export function commandHelp(name: CommandFacts["name"]): string {
  return COMMANDS.filter((command) => command.name === name)
    .flatMap(({ usage, summary, details, flags }) => [
      `${PROGRAM} ${name} [flags] ${usage}`,
      "",
      `${name} ${summary}.`,
      "",
      ...details,
      "",
      ...flagLines(flags),
    ])
    .join("\n");
}

function flagLines(table: Readonly<Record<string, Flag<unknown>>>): string[] {
  return Object.entries(table).map(
    ([name, { defaultText, help }]) =>
      `  ${name.length === 1 ? "-" : "--"}${name}${defaultText === "" ? "" : ` (${defaultText})`}\n        ${help}`,
  );
}

/** docs/flags.md. */
export function flagsDocument(): string {
  const row = ([name, { defaultText, type, help }]: [string, Flag<unknown>]): string =>
    `| \`--${name}\` | ${defaultText === "" ? "" : `\`${defaultText}\``} | ${help} | ${escapeCell(type.expected)} |`;
  const head = "| Flag | Default | Meaning | Value |\n|---|---|---|---|";
  return [
    "# Flags",
    "",
    "`-flag`, `--flag`, `--flag=value` and `--flag value` all work; a boolean takes its value by `=` only. An unknown flag or",
    "a wrong value ends the program with exit code 2 and a line that says what is right.",
    "",
    head,
    ...Object.entries<Flag<unknown>>(FLAGS).map(row),
    "",
    "## klog's flags",
    "",
    "Read and checked because existing manifests pass them.",
    "",
    head,
    ...Object.entries<Flag<unknown>>(KLOG_FLAGS).map(row),
    "",
    "## Commands",
    "",
    "The same program has two commands for people and CI, described in [validate.md](validate.md). Their flags may stand before",
    "and after their files.",
    ...COMMANDS.flatMap((command) => [
      "",
      `### ${command.name} ${command.usage}`,
      "",
      head,
      ...Object.entries(command.flags).map(row),
    ]),
    "",
    "## Environment",
    "",
    "| Variable | Meaning |",
    "|---|---|",
    "| `AZURE_ENVIRONMENT_FILEPATH` | environment file of AzureStackCloud, for classes without `cloudEnvFileName` |",
    "| `HTTPS_PROXY`, `NO_PROXY` (in either case) | proxy for Key Vault and sign-in |",
    "| `SSL_CERT_FILE`, `SSL_CERT_DIR` | certificate authorities instead of the system's, as Go programs read them |",
    "| `AZURE_FEDERATED_TOKEN_FILE`, `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET` | credentials of the command `mount`; serving does not read them |",
    "| `NODE_EXTRA_CA_CERTS` | certificate authorities to be trusted beside the others |",
    "",
    "This page is made from the program's own table: `npm run docs`.",
    "",
  ].join("\n");
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
