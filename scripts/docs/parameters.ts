import { LEGACY_PARAMETERS, PARAMETER } from "../../src/parameters/attributes.js";
import { type Facts, FIELD_FACTS, PARAMETER_FACTS } from "./parameter-facts.js";

/** Longer examples say nothing that the words before them do not. */
const MAX_SHOWN = 60;
const HEAD = "| Name | Meaning | Takes | Without it | Refused, for example |\n|---|---|---|---|---|";

/** docs/parameters.md. */
export function parametersDocument(): string {
  const parameters = Object.entries(PARAMETER_FACTS).map(([key, facts]) =>
    row(PARAMETER[key as keyof typeof PARAMETER], facts),
  );
  const fields = Object.entries(FIELD_FACTS).map(([field, facts]) => row(field, facts));
  const legacy = [...LEGACY_PARAMETERS].map((name) => `- \`${name}\``);
  return [
    "# Parameters of a SecretProviderClass",
    "",
    "What stands under `spec.parameters`. Names are case-sensitive; all values are texts, so quote booleans; blanks around a",
    "value do not count. A pod's `volumeAttributes` override single ones: [usage.md](usage.md#per-pod-volumeattributes).",
    "Which of them choose how the pod signs in: [identity.md](identity.md#what-chooses-which).",
    "",
    HEAD,
    ...parameters,
    "",
    "Unknown parameters are ignored, with a warning in the provider's log that says which one was probably meant. These",
    "have had no effect for years, and are better removed:",
    "",
    ...legacy,
    "",
    "## Fields of one object",
    "",
    "Each entry of `objects` has these fields. `objects` is a text (`objects: |`); the list in it may be written as `array:`",
    "with blocks (`- |`), as `array:` with mappings, or as a plain list. Names are case-sensitive, and an unknown field is",
    "ignored with a warning. Scalars keep their text: `filePermission: 0644` and `objectVersion: 7e10` mean what they say.",
    "",
    HEAD,
    ...fields,
    "",
    "What the codes mean and who mends them: [troubleshooting.md](troubleshooting.md). All limits: [limits.md](limits.md).",
    "",
    "This page is made from the program's own tables: `npm run docs`.",
    "",
  ].join("\n");
}

function row(name: string, { meaning, takes, withoutIt, refused }: Facts): string {
  const examples = refused
    .filter(({ given }) => given !== "" && given.length <= MAX_SHOWN)
    .map(({ given, code }) => `\`${given}\` ([${code}](troubleshooting.md#${code.toLowerCase()}))`);
  const cells = [`\`${name}\``, meaning, takes, withoutIt, examples.join("; ")];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
