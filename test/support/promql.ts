import { parser } from "@prometheus-io/lezer-promql";

/** What a PromQL expression asks for, as Prometheus' own grammar reads it. */
export interface PromqlQuery {
  readonly selectors: readonly PromqlSelector[];
  /** `by (…)` of each aggregation, outermost first, with the selectors within it. */
  readonly groupings: readonly { readonly labels: readonly string[]; readonly metrics: readonly string[] }[];
}

export interface PromqlSelector {
  readonly metric: string;
  readonly matchers: readonly PromqlMatcher[];
}

export interface PromqlMatcher {
  readonly label: string;
  readonly op: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

interface Node {
  readonly name: string;
  readonly text: string;
  readonly children: readonly Node[];
}

/** @throws Error - the expression is not PromQL, or asks in a way that these tests do not follow */
export function parsePromql(expression: string): PromqlQuery {
  const root = toTree(expression);
  const broken = descendants(root, "⚠");
  if (broken.length > 0) throw new Error(`not PromQL, at "${broken[0]?.text ?? ""}": ${expression}`);
  // Labels that these name would go unchecked.
  for (const name of ["MatchingModifierClause", "QuotedLabelMatcher", "Without"]) {
    if (descendants(root, name).length > 0) throw new Error(`${name} is not followed: ${expression}`);
  }
  return {
    selectors: descendants(root, "VectorSelector").map(selectorOf),
    groupings: descendants(root, "AggregateExpr").map((aggregate) => ({
      labels: aggregate.children
        .filter(({ name }) => name === "AggregateModifier")
        .flatMap((modifier) => descendants(modifier, "LabelName"))
        .map(({ text }) => text),
      metrics: descendants(aggregate, "VectorSelector").map((selector) => selectorOf(selector).metric),
    })),
  };
}

/** Whether a matcher takes a label's value. Prometheus anchors its expressions at both ends. */
export function isMatched({ op, value }: PromqlMatcher, candidate: string): boolean {
  const isMet = op.includes("~") ? new RegExp(`^(?:${value})$`).test(candidate) : value === candidate;
  return op.startsWith("!") ? !isMet : isMet;
}

function selectorOf(node: Node): PromqlSelector {
  const metric = descendants(node, "Identifier")[0]?.text;
  if (metric === undefined) throw new Error(`a selector without a metric: ${node.text}`);
  return { metric, matchers: descendants(node, "UnquotedLabelMatcher").map(matcherOf) };
}

function matcherOf(node: Node): PromqlMatcher {
  const text = (name: string): string => descendants(node, name)[0]?.text ?? "";
  return {
    label: text("LabelName"),
    op: text("MatchOp") as PromqlMatcher["op"],
    value: JSON.parse(text("StringLiteral")) as string,
  };
}

function descendants(node: Node, name: string): Node[] {
  return node.children.flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...descendants(child, name),
  ]);
}

function toTree(expression: string): Node {
  interface Growing extends Node {
    readonly children: Growing[];
  }
  const root: Growing = { name: "", text: expression, children: [] };
  const open = [root];
  parser.parse(expression).iterate({
    enter({ name, from, to }) {
      const node: Growing = { name, text: expression.slice(from, to), children: [] };
      open.at(-1)?.children.push(node);
      open.push(node);
    },
    leave() {
      open.pop();
    },
  });
  return root;
}
