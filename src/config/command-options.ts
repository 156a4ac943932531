import { BOOLEAN, CLIENT, DURATION, type FlagType, PROVIDER, TENANT, TEXT } from "./flag-types.js";
import { type Flag, flag, FLAGS } from "./flags.js";

const OUTPUT: FlagType<"text" | "json"> = {
  parse: (text) => (text === "text" || text === "json" ? text : undefined),
  expected: "text or json",
};

const ATTRIBUTE: FlagType<readonly [name: string, value: string]> = {
  parse: (text) => {
    const at = text.indexOf("=");
    return at > 0 ? [text.slice(0, at), text.slice(at + 1)] : undefined;
  },
  expected: "name=value",
};

const HELP = flag(BOOLEAN, "false", "Print this, and end.");
const OUTPUT_FLAGS = {
  output: flag(OUTPUT, "text", "How the result is printed: text for people, json for programs."),
  o: flag(OUTPUT, "text", "Short for --output."),
} as const;

/** What the provider's own flags decide about a class. */
const CLASS_FLAGS = {
  "provider-name": flag(
    PROVIDER,
    "azure",
    "What classes say as provider; another name where the provider was installed under another.",
  ),
  "cloud-name": FLAGS["cloud-name"],
  "default-tenant-id": flag(TENANT, "", FLAGS["default-tenant-id"].help),
  "default-client-id": flag(CLIENT, "", FLAGS["default-client-id"].help),
  "write-cert-and-key-in-separate-files": FLAGS["write-cert-and-key-in-separate-files"],
} as const;

/** Flags of `validate`. */
export const VALIDATE_FLAGS = {
  ...OUTPUT_FLAGS,
  strict: flag(BOOLEAN, "false", "End with 1 for warnings too."),
  ...CLASS_FLAGS,
  help: HELP,
} as const;

/** Flags of `mount`. */
export const MOUNT_FLAGS = {
  target: flag(
    TEXT,
    "",
    "Folder to write the files into: not there yet, or empty and yours alone to write to.",
  ),
  force: flag(
    BOOLEAN,
    "false",
    "Write into a folder that is another's, that others may write to, or that is not empty, over files of the same name.",
  ),
  class: flag(TEXT, "", "Name of the class, where FILE holds several."),
  namespace: flag(TEXT, "", "Namespace of the pod; empty: that of the class, else default."),
  "service-account": flag(TEXT, "default", "Service account of the pod."),
  "pod-name": flag(TEXT, "mount-command", "Name of the pod; AAD Pod Identity goes by it."),
  attribute: {
    ...flag(
      ATTRIBUTE,
      "",
      "A volumeAttribute of the pod, which overrides a parameter of the class; may be repeated.",
    ),
    isRepeatable: true,
  },
  "token-file": flag(
    TEXT,
    "",
    "File with the pod's service account token; empty: what AZURE_FEDERATED_TOKEN_FILE names.",
  ),
  "secrets-file": flag(
    TEXT,
    "",
    "Manifest of the Secret of nodePublishSecretRef; empty: AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.",
  ),
  timeout: flag(DURATION, "2m", "How long the mount may take; the kubelet gives one two minutes."),
  ...OUTPUT_FLAGS,
  ...CLASS_FLAGS,
  "construct-pem-chain": FLAGS["construct-pem-chain"],
  "custom-user-agent": FLAGS["custom-user-agent"],
  "token-proxy-url": FLAGS["token-proxy-url"],
  "sni-name": FLAGS["sni-name"],
  v: flag(
    FLAGS.v.type,
    "0",
    "Verbosity of the log on standard error: 0, or more for more; warnings are always written.",
  ),
  help: HELP,
} as const;

type ValuesOf<Table> = {
  readonly [Name in Exclude<keyof Table, "o" | "help">]: Table[Name] extends Flag<infer Value>
    ? Table[Name] extends { readonly isRepeatable: true }
      ? readonly Value[]
      : Value
    : never;
};

export interface ValidateOptions extends ValuesOf<typeof VALIDATE_FLAGS> {
  /** 1 or more: files, folders, or `-`. */
  readonly files: readonly string[];
}

export interface MountOptions extends ValuesOf<typeof MOUNT_FLAGS> {
  /** A file, or `-`. */
  readonly file: string;
}
