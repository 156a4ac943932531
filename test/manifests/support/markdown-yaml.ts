/** A fenced block of a Markdown page. */
export interface YamlBlock {
  /** Of its first line of YAML, from 1. */
  readonly line: number;
  /** Without the indentation of a list that it stands in. */
  readonly text: string;
  /** What a comment `<!-- yaml: … -->` just before it says; empty when there is none. */
  readonly marker: string;
}

const OPENING = /^( *)(`{3,}|~{3,}) *ya?ml\b/;
const MARKER = /^<!-- *yaml: *(.*?) *-->$/;

/** Every block of a page whose language is yaml or yml. @throws Error for one that does not end */
export function yamlBlocks(markdown: string): YamlBlock[] {
  const lines = markdown.split("\n");
  const blocks: YamlBlock[] = [];
  for (let i = 0; i < lines.length; i += 1) {
    const [, indent = "", fence] = OPENING.exec(lines[i] ?? "") ?? [];
    if (fence === undefined) continue;
    const end = lines.findIndex((line, at) => at > i && line.trim() === fence);
    if (end === -1) throw new Error(`the block that begins at line ${i + 1} does not end`);
    const text = lines
      .slice(i + 1, end)
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
      .join("\n");
    const before = lines.slice(0, i).findLast((line) => line.trim() !== "") ?? "";
    blocks.push({ line: i + 2, text: `${text}\n`, marker: MARKER.exec(before.trim())?.[1] ?? "" });
    i = end;
  }
  return blocks;
}
