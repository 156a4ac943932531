import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { FLAGS, KLOG_FLAGS } from "../../../src/config/flags.js";
import { DRIVER_ATTRIBUTE, PARAMETER } from "../../../src/parameters/attributes.js";
import { OBJECT_FIELDS } from "../../../src/parameters/object-fields.js";
import { createMetrics } from "../../../src/telemetry/metrics.js";
import { FLAG_ROWS, KLOG_FLAG_ROWS } from "../../contract/flags.js";
import { METRIC_ROWS } from "../../contract/metrics.js";
import { OBJECT_FIELD_ROWS } from "../../contract/objects.js";
import { DRIVER_ATTRIBUTE_ROWS, PARAMETER_ROWS } from "../../contract/parameters.js";
import type { Section } from "../../contract/row.js";
import { SECTIONS } from "../../contract/rows.js";

const flagNames = (table: object): string[] => Object.keys(table).map((name) => `--${name}`);

/** Names of all metrics, and of the labels of those that have series only once something was observed. */
async function metricNames(): Promise<string[]> {
  const metrics = createMetrics({ version: "1.2.3" });
  metrics.observeKeyVaultRequest({ objectType: "secret", objectName: "a", error: "", seconds: 1 });
  metrics.observeGrpcRequest({ method: "/a", code: "OK", error: "", seconds: 1 });
  metrics.watchQueues(() => []);
  const text = await metrics.render();
  const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = ""]) => name);
  const labels = [...text.matchAll(/^(keyvault_request|grpc_request)_count\{(.*)\}/gm)].flatMap(
    ([, name = "", all = ""]) => [...all.matchAll(/(\w+)="/g)].map(([, label = ""]) => `${name}{${label}}`),
  );
  return [...names, ...labels];
}

describe("the rows of the contract", () => {
  const tables: [name: string, section: Section, names: () => Promise<string[]> | string[]][] = [
    ["parameters", PARAMETER_ROWS, () => Object.values(PARAMETER)],
    ["attributes of the driver", DRIVER_ATTRIBUTE_ROWS, () => Object.values(DRIVER_ATTRIBUTE)],
    ["fields of an object", OBJECT_FIELD_ROWS, () => [...OBJECT_FIELDS]],
    ["flags", FLAG_ROWS, () => flagNames(FLAGS)],
    ["flags of klog", KLOG_FLAG_ROWS, () => flagNames(KLOG_FLAGS)],
    ["metrics", METRIC_ROWS, metricNames],
  ];
  for (const [name, { rows }, names] of tables) {
    it(`are all ${name} of the source, and no others`, async () => {
      const howTo = "each needs a row in test/contract/ with a test that proves it; then npm run docs";
      expect(
        rows.map((row) => row.name),
        howTo,
      ).to.have.members(await names());
    });
  }

  it("have different names in each section", () => {
    for (const { title, rows } of SECTIONS) {
      expect(new Set(rows.map(({ name }) => name)).size, title).to.equal(rows.length);
    }
  });

  it("name code that stands in the source exactly once, and another in its place", async () => {
    const wrong: string[] = [];
    for (const { name, mutation } of SECTIONS.flatMap(({ rows }) => rows)) {
      const { file, code, replacement } = mutation;
      const count = (await readFile(file, "utf8")).split(code).length - 1;
      if (count !== 1) wrong.push(`${name}: ${file} has ${count} times ${code}`);
      if (code === replacement) wrong.push(`${name}: the replacement is the same`);
    }
    expect(wrong.join("\n"), "say anew in test/contract/ what takes these features away").to.equal("");
  });
});
