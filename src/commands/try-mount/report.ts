import type { MountResult } from "../../model/secret-file.js";
import { printable } from "../../model/quote.js";
import { octal } from "../octal.js";

/** One file that a pod would see. Its contents are not part of it. */
interface ReportedFile {
  readonly path: string;
  readonly mode: string;
  readonly bytes: number;
  /** `secret/db-password`, with `/<index>` for a history. */
  readonly object: string;
  readonly version: string;
}

export interface MountReport {
  readonly class: string;
  readonly namespace: string;
  readonly target: string;
  readonly files: readonly ReportedFile[];
  readonly warnings: readonly string[];
}

/** What a mount brought, without a byte of it. */
export function reportedFiles({ files, versions }: MountResult): ReportedFile[] {
  return files.map(({ path, mode, contents }, index) => ({
    path,
    mode: octal(mode),
    bytes: contents.length,
    object: versions[index]?.id ?? "",
    version: versions[index]?.version ?? "",
  }));
}

/** For people: a table. */
export function textReport({ files }: MountReport): string {
  const rows = [
    ["FILE", "MODE", "BYTES", "OBJECT", "VERSION"],
    ...files.map(({ path, mode, bytes, object, version }) =>
      [path, mode, String(bytes), object, version].map((cell) => printable(cell, 4_096)),
    ),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("   ")
          .trimEnd()}\n`,
    )
    .join("");
}

/** For programs; its shape is documented in docs/validate.md. */
export function jsonReport(report: MountReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
