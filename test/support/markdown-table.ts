import { readFile } from "node:fs/promises";

/**
 * The rows of the table under a heading of a Markdown file, without its head.
 * @returns each row as its cells, by the names of the columns
 */
export async function readTable(file: string, heading: string): Promise<Record<string, string>[]> {
  const lines = (await readFile(file, "utf8")).split("\n");
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, "") === heading);
  if (start < 0) throw new Error(`${file} has no heading "${heading}"`);
  const first = lines.findIndex((line, i) => i > start && line.startsWith("|"));
  const end = lines.findIndex((line, i) => i > first && !line.startsWith("|"));
  const [columns = [], , ...rows] = lines.slice(first, end).map(cellsOf);
  return rows.map((cells) => Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? ""])));
}

function cellsOf(line: string): string[] {
  return line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** What stands in code spans in a cell. */
export function codeSpans(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}
