/** One column: its heading, and the cell of a row. */
export interface Column<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => string;
  /** Numbers stand at the right. */
  readonly align?: "left" | "right";
}

/** A Markdown table that also reads well as text; `|` in a cell is escaped. */
export function makeTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = [
    columns.map(({ heading }) => heading),
    ...rows.map((row) => columns.map(({ cell }) => cell(row).replaceAll("|", "\\|"))),
  ];
  const widths = columns.map((_, index) => Math.max(3, ...cells.map((line) => line[index]?.length ?? 0)));
  const line = (texts: readonly string[]): string =>
    `| ${columns
      .map(({ align }, index) => {
        const [text = "", width = 0] = [texts[index], widths[index]];
        return align === "left" ? text.padEnd(width) : text.padStart(width);
      })
      .join(" | ")} |`;
  const rule = `|${columns
    .map(({ align }, index) => {
      const dashes = "-".repeat((widths[index] ?? 0) + 1);
      return align === "left" ? `${dashes}-` : `${dashes}:`;
    })
    .join("|")}|`;
  const [head = [], ...body] = cells;
  return [line(head), rule, ...body.map(line)].join("\n");
}

/** A number in as many digits as mean something: 1234, 12.3, 1.23, 0; "–" when there is none. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 100) return value.toFixed(0);
  return value.toFixed(size >= 10 ? 1 : 2);
}

/** A share from 0 to 1 in per cent. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
