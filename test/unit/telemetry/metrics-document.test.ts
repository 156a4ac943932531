import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { createMetrics } from "../../../src/telemetry/metrics.js";

describe("docs/metrics.md", () => {
  it("names every metric that there is, and no other, each with its labels", async () => {
    const metrics = createMetrics({ version: "1.2.3" });
    metrics.watchQueues(() => [["a.vault.azure.net", 1]]);
    const rendered = await metrics.render();
    const known = [...rendered.matchAll(/^# TYPE (\w+) /gm)].map(([, name = ""]) => name);
    const document = await readFile("docs/metrics.md", "utf8");
    // The first cell of a row may name several.
    const rows = [...document.matchAll(/^\| (`[a-z_]+`(?:, `[a-z_]+`)*) \| ([^|]*)\|/gm)];
    const named = rows.flatMap(([, names = ""]) => names.match(/[a-z_]+/g) ?? []);
    expect(named.sort()).to.deep.equal([...known].sort());
    for (const label of [
      "vault",
      "from",
      "mode",
      "outcome",
      "service",
      "grpc_code",
      "grpc_message",
      "object_name",
    ])
      expect(document).to.include(`\`${label}\``);
  });
});
