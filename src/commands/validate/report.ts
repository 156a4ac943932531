import { printable } from "../../model/quote.js";
import { octal } from "../octal.js";
import type { Checked } from "./check-manifests.js";
import type { Finding } from "./finding.js";

/** How many findings of each severity there are. */
export interface Tally {
  readonly errors: number;
  readonly warnings: number;
}

export function tally(findings: readonly Finding[]): Tally {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  return { errors, warnings: findings.length - errors };
}

/** For people: one line for each finding, `file:line: error: …`, as editors and CI read compilers, and a last line that counts. */
export function textReport({ classes, findings, counts }: Checked): string {
  const { errors, warnings } = tally(findings);
  const ignored = [
    ...(counts.otherKinds > 0
      ? [plural(counts.otherKinds, "object of another kind", "objects of other kinds")]
      : []),
    ...(counts.otherProviders > 0
      ? [plural(counts.otherProviders, "class of another provider", "classes of other providers")]
      : []),
  ];
  return [
    ...findings.map(lineOf),
    `${plural(classes.length, "class", "classes")} checked: ${plural(errors, "error", "errors")}, ` +
      plural(warnings, "warning", "warnings") +
      (ignored.length === 0 ? "" : `; beside ${ignored.join(" and ")}`),
    "",
  ].join("\n");
}

function lineOf({ severity, code, file, line, object, field, message }: Finding): string {
  const place = [printable(file, 400), ...(line === undefined ? [] : [line])].join(":");
  const subject = [object, printable(field, 400)].filter((part) => part !== "").join(": ");
  return `${place}: ${severity}: ${subject === "" ? "" : `${subject}: `}${oneLine(message)} [${code}]`;
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** For programs. Its shape is documented in docs/validate.md; fields are added, never renamed. */
export function jsonReport(checked: Checked): string {
  const { classes, findings, counts } = checked;
  return `${JSON.stringify(
    {
      summary: { ...counts, classes: classes.length, ...tally(findings) },
      classes: classes.map(({ object, files, secrets }) => ({
        name: object.name,
        namespace: object.namespace ?? null,
        file: object.file,
        line: object.node.line,
        document: object.document,
        files: [...files.files.values()].map(({ path, object: { type, name, fileMode }, isWritten }) => ({
          path,
          mode: octal(fileMode),
          object: `${type}/${name}`,
          written: isWritten,
        })),
        secrets: secrets.map(({ name }) => name),
      })),
      findings: findings.map(({ severity, code, file, line, document, object, field, message }) => ({
        severity,
        code,
        file,
        line: line ?? null,
        document: document ?? null,
        object,
        field,
        message,
      })),
    },
    null,
    2,
  )}\n`;
}
