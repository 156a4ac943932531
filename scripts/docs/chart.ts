import { isMap, isScalar, LineCounter, type Pair, parseDocument } from "yaml";

export const CHART = "manifests/charts/csi-secrets-store-provider-azure";

const BEGIN = "<!-- Made from values.yaml: npm run docs -->";
const END = "<!-- End of what is made -->";
/** Longer defaults are shown in values.yaml alone. */
const MAX_SHOWN = 60;

/** A value of the chart: what can be set on its own and has a meaning. */
export interface ChartValue {
  readonly path: readonly string[];
  readonly meaning: string;
  readonly default: unknown;
}

/**
 * The values of a values.yaml, in its order. A map without comments inside it (`resources`) is one value.
 * @throws {Error} for a value without a comment
 */
export function chartValues(text: string): ChartValue[] {
  const lines = text.split("\n");
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const defaults: unknown = document.toJS();

  const commentOf = ({ key }: Pair): string => {
    if (!isScalar(key) || !key.range) throw new Error("a key of values.yaml is no text");
    const keyLine = counter.linePos(key.range[0]).line - 1;
    let first = keyLine;
    while (/^ *# /.test(lines[first - 1] ?? "")) first -= 1;
    const comment = lines.slice(first, keyLine).map((line) => line.replace(/^ *# /, ""));
    return comment.join(" ");
  };
  const partsOf = ({ value }: Pair): readonly Pair[] => (isMap(value) ? value.items : []);
  const isBlock = (pair: Pair): boolean =>
    partsOf(pair).some((part) => commentOf(part) !== "" || isBlock(part));
  const valuesIn = (pair: Pair, above: readonly string[]): ChartValue[] => {
    const path = [...above, String(pair.key)];
    if (isBlock(pair)) return partsOf(pair).flatMap((part) => valuesIn(part, path));
    const meaning = commentOf(pair);
    if (meaning === "") throw new Error(`values.yaml does not say what ${path.join(".")} means`);
    return [{ path, meaning, default: at(defaults, path) }];
  };

  if (!isMap(document.contents)) throw new Error("values.yaml is no map");
  return document.contents.items.flatMap((pair) => valuesIn(pair, []));
}

function at(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], root);
}

/**
 * What the notes compare a user's values with, to name those that are not known: the keys of the blocks that existed
 * before this chart and so may hold anything.
 */
export function knownValues(text: string): Record<string, string[]> {
  const root: unknown = parseDocument(text).toJS();
  const blocks = ["", "linux", "linux.image", "windows", "windows.image", "rbac"];
  return Object.fromEntries(
    blocks.map((block) => [block, Object.keys(at(root, block === "" ? [] : block.split(".")) as object)]),
  );
}

/** A page with its table of values made anew. */
export function chartDocument(page: string, valuesYaml: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the page lacks "${BEGIN}" … "${END}"`);
  const table = ["| Value | Default | Meaning |", "|---|---|---|", ...chartValues(valuesYaml).map(row)].join(
    "\n",
  );
  return `${page.slice(0, begin)}${BEGIN}\n\n${table}\n\n${page.slice(end)}`;
}

function row({ path, meaning, default: byDefault }: ChartValue): string {
  const shown = JSON.stringify(byDefault);
  const cells = [
    `\`${path.join(".")}\``,
    shown.length <= MAX_SHOWN ? `\`${shown}\`` : "see values.yaml",
    meaning,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
