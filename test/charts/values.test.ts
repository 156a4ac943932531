import { expect } from "chai";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CHART, type ChartValue, chartValues } from "../../scripts/docs/chart.js";
import { readConfig } from "../../src/config/provider-config.js";
import { differences, flagsOf, type Objects, RELEASE, render, type Tree } from "./support/objects.js";
import { copyChart } from "./support/packed-chart.js";
import { NOTES, type Row } from "./support/row.js";
import { DRIVER_ROWS } from "./support/rows-driver.js";
import { SHARED_ROWS } from "./support/rows-shared.js";
import { SYSTEM_ROWS } from "./support/rows-systems.js";

const ROWS = [...SHARED_ROWS, ...SYSTEM_ROWS, ...DRIVER_ROWS];

/** What Microsoft's provider 1.8.2 knows, beside klog's. */
const FLAGS_OF_MICROSOFTS = new Set(
  (
    "version endpoint log-format-json enable-pprof pprof-port healthz-port healthz-path healthz-timeout metrics-backend " +
    "prometheus-port construct-pem-chain write-cert-and-key-in-separate-files cloud-name token-proxy-url sni-name " +
    "custom-user-agent"
  )
    .split(" ")
    .map((flag) => `--${flag}`)
    .concat("-v"),
);

describe("chart: every value does what values.yaml says", () => {
  let folder: string;
  let values: ChartValue[];
  const befores = new Map<string, Promise<Objects>>();
  const results = new Map<Row, Promise<{ before: Objects; after: Objects }>>();

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "chart-"));
    values = chartValues(await readFile(`${CHART}/values.yaml`, "utf8"));
    const chart = await copyChart(folder, { notes: true });
    for (const row of ROWS) {
      const key = JSON.stringify(row.besides);
      const before = befores.get(key) ?? render(chart, row.besides);
      befores.set(key, before);
      const after = render(chart, withValue(row.besides, row.value.split("."), row.to));
      const both = Promise.all([before, after]).then(([before, after]) => ({ before, after }));
      both.catch(() => undefined); // Its own test awaits it.
      results.set(row, both);
    }
  });
  after(async () => {
    await Promise.allSettled(results.values());
    await rm(folder, { recursive: true, force: true });
  });

  const resultOf = async (row: Row): Promise<{ before: Objects; after: Objects }> => {
    const result = await results.get(row);
    if (result === undefined) throw new Error(`${row.value} was not rendered`);
    return result;
  };

  it("has a row for every value, and no other", () => {
    const named = values.map(({ path }) => path.join("."));
    expect([...new Set(ROWS.map(({ value }) => value))].sort()).to.deep.equal(named.sort());
  });

  for (const row of ROWS) {
    it(`${row.value}: ${JSON.stringify(row.to).slice(0, 60)}`, async () => {
      const { before, after } = await resultOf(row);
      const found = differences(before, after);
      if (row.check) row.check(before, after);
      else if (row.changed) {
        const { objects, holding } = row.changed;
        expect([...new Set([...found.keys()].map((place) => place.split(" ")[0]))]).to.have.members(objects);
        const [first] = objects;
        if (first === undefined) return;
        expect(JSON.stringify(before.get(first))).not.to.include(holding);
        expect(JSON.stringify(after.get(first))).to.include(holding);
      } else expectChanges(found, row.changes);
    });
  }

  it("leaves nothing to a value but a note only where values.yaml says so", async () => {
    for (const row of ROWS) {
      const { before, after } = await resultOf(row);
      const places = [...differences(before, after).keys()];
      const said = values.find(({ path }) => path.join(".") === row.value)?.meaning ?? "";
      const isIdle = places.every((place) => place === NOTES);
      expect(isIdle, row.value).to.equal(
        /^Without effect|The provider does not use it; the notes warn/.test(said),
      );
    }
  });

  it("passes this provider only flags that it takes, and Microsoft's only those it knows", async () => {
    for (const row of ROWS) {
      const { after } = await resultOf(row);
      for (const [name, object] of after) {
        if (!name.startsWith("DaemonSet/") || (!name.includes("azure") && !name.includes("kv"))) continue;
        const flags = flagsOf(containerOf(object));
        if (name.endsWith("-windows"))
          expect([...FLAGS_OF_MICROSOFTS]).to.include.members(flags.map((flag) => flag.split("=")[0] ?? ""));
        else expect(readConfig(flags, {}).kind, `${row.value}: ${flags.join(" ")}`).to.equal("serve");
      }
    }
  });

  it("knows the program's defaults where it leaves them out", async () => {
    const [row] = SHARED_ROWS;
    if (row === undefined) throw new Error("there are no rows");
    const { before } = await resultOf(row);
    const command = readConfig(flagsOf(containerOf(before.get(`DaemonSet/${RELEASE}`) ?? {})), {});
    expect(command.kind === "serve" && command.config).to.deep.include({
      "log-format-json": false,
      v: 0,
      "vault-max-requests-per-second": 0,
      "object-cache-ttl": 60_000,
      "prometheus-port": 8898,
      "enable-pprof": false,
      "write-cert-and-key-in-separate-files": false,
      "cloud-name": "AzurePublicCloud",
    });
  });
});

function expectChanges(
  found: ReadonlyMap<string, unknown>,
  expected: Readonly<Record<string, unknown>>,
): void {
  expect([...found.keys()].sort()).to.deep.equal(Object.keys(expected).sort());
  for (const [place, wanted] of Object.entries(expected)) {
    const is = found.get(place);
    if (wanted instanceof RegExp) expect(is, place).to.match(wanted);
    else if (!place.includes(" ") && wanted !== undefined) expect(is, place).to.containSubset(wanted);
    else expect(is, place).to.deep.equal(wanted);
  }
}

function containerOf(daemonSet: Tree): Tree {
  const spec = daemonSet["spec"] as { template: { spec: { containers: Record<string, Tree> } } };
  return spec.template.spec.containers["provider-azure-installer"] ?? {};
}

function withValue(tree: Tree, [key = "", ...rest]: readonly string[], value: unknown): Tree {
  const below = rest.length === 0 ? value : withValue((tree[key] ?? {}) as Tree, rest, value);
  return { ...tree, [key]: below };
}
