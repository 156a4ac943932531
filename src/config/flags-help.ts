import { type Flag, FLAGS, KLOG_FLAGS } from "./flags.js";

const PROGRAM = "secrets-store-csi-provider-azure";

/** The text of `--help`. */
export function flagsHelp(): string {
  const lines = Object.entries<Flag<unknown>>(FLAGS).map(
    ([name, { defaultText, help }]) =>
      `  --${name}${defaultText === "" ? "" : ` (${defaultText})`}\n        ${help}`,
  );
  const idle = Object.keys(KLOG_FLAGS).map((name) => `--${name}`);
  return [
    `${PROGRAM} [flags]`,
    "",
    "-flag, --flag, --flag=value and --flag value all work; a boolean takes its value by = only.",
    "",
    ...lines,
    "",
    `Accepted for older manifests, without effect: ${idle.join(", ")}`,
  ].join("\n");
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
    "## Environment",
    "",
    "| Variable | Meaning |",
    "|---|---|",
    "| `AZURE_ENVIRONMENT_FILEPATH` | environment file of AzureStackCloud, for classes without `cloudEnvFileName` |",
    "| `HTTPS_PROXY`, `NO_PROXY` (in either case) | proxy for Key Vault and sign-in |",
    "| `SSL_CERT_FILE`, `SSL_CERT_DIR` | certificate authorities instead of the system's, as Go programs read them |",
    "| `NODE_EXTRA_CA_CERTS` | certificate authorities to be trusted beside the others |",
    "",
    "This page is made from the program's own table: `npm run docs`.",
    "",
  ].join("\n");
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
