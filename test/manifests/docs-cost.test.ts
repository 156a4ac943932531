import { expect } from "chai";
import { readTable } from "../support/markdown-table.js";

const HOURS_A_MONTH = 730;
const USD_PER_OPERATION = 0.03 / 10_000;
const COMES_ROUND = 48;
const DEFAULT_TTL_S = 60;

/** Of a table's cell, as the page writes numbers. */
const whole = (text = ""): number => Number(text.replaceAll(",", ""));

interface Example {
  readonly before: number;
  readonly now: number;
}

/** Requests a month by the formulas of the page. */
function requestsOf(row: Readonly<Record<string, string>>): Example {
  const name = row[""] ?? "";
  const comesRound = name.includes("without rotation") ? 0 : COMES_ROUND;
  const ttl = /TTL of (\d+) min/.exec(name)?.[1];
  const renewals = 3_600 / (ttl === undefined ? DEFAULT_TTL_S : Number(ttl) * 60);
  const [nodes, pods, objects, identities, starts] = [
    "nodes N",
    "pods P",
    "objects O",
    "identities I",
    "starts s",
  ].map((column) => whole(row[column])) as [number, number, number, number, number];
  const starting = starts * objects;
  const podsTogether = pods / (nodes * identities);
  const shared = nodes * identities * objects * Math.min(renewals, podsTogether * comesRound);
  return {
    before: HOURS_A_MONTH * (pods * objects * comesRound + starting),
    now: HOURS_A_MONTH * (shared + starting),
  };
}

describe("docs/cost.md", () => {
  let examples: Record<string, string>[];
  let prices: Record<string, string>[];
  before(async () => {
    examples = await readTable("docs/cost.md", "Examples");
    prices = await readTable("docs/cost.md", "Price");
  });

  it("has the examples that its formulas give", () => {
    expect(examples).to.have.length(5);
    for (const row of examples) {
      const { before, now } = requestsOf(row);
      const shown = [row["Go: requests a month"], row["here, at most"]].map(whole);
      expect(shown, row[""]).to.deep.equal([Math.round(before), Math.round(now)]);
      const percent = (now / before) * 100;
      expect(row["of it"], row[""]).to.equal(`${percent.toFixed(percent < 10 ? 1 : 0)} %`);
    }
  });

  it("has their price", () => {
    const expected = examples.map((row) => {
      const { before, now } = requestsOf(row);
      return { "": row[""], "Go: USD a month": usd(before), "here, at most": usd(now) };
    });
    expect(prices).to.deep.equal(expected);
  });
});

function usd(requests: number): string {
  return (requests * USD_PER_OPERATION).toLocaleString("en-US", {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
}
