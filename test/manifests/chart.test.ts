import { expect } from "chai";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { CLIENT, TENANT } from "../../src/config/flag-types.js";
import { CHART, chartDocument, knownValues } from "../../scripts/docs/chart.js";

interface Chart {
  readonly version: string;
  readonly appVersion: string;
  readonly dependencies: readonly { name: string; version: string; repository: string; condition: string }[];
}

interface Lock {
  readonly dependencies: readonly { name: string; version: string; repository: string }[];
  readonly digest: string;
}

async function read(file: string): Promise<string> {
  return await readFile(file, "utf8");
}

/** What needs no Helm; that the values do what they say is in test/charts. */
describe("manifests/charts", () => {
  it("has the program's version", async () => {
    const { version } = JSON.parse(await read("package.json")) as { version: string };
    const chart = parse(await read(`${CHART}/Chart.yaml`)) as Chart;
    expect([chart.version, chart.appVersion]).to.deep.equal([version, version]);
  });

  it("has a lock that fits its dependencies, as `helm dependency build` checks it", async () => {
    const { dependencies } = parse(await read(`${CHART}/Chart.yaml`)) as Chart;
    const lock = parse(await read(`${CHART}/Chart.lock`)) as Lock;
    const inOrder = ({ name, version, repository }: Lock["dependencies"][number]): object => ({
      name,
      version,
      repository,
    });
    const wanted = dependencies.map((one) => ({ ...inOrder(one), condition: one.condition }));
    const hashed = JSON.stringify([wanted, lock.dependencies.map(inOrder)]);
    expect(lock.digest).to.equal(`sha256:${createHash("sha256").update(hashed).digest("hex")}`);
  });

  it("has the documentation and the list of known values that are made from values.yaml", async () => {
    const values = await read(`${CHART}/values.yaml`);
    const page = await read("docs/chart.md");
    expect(page).to.equal(chartDocument(page, values));
    expect(JSON.parse(await read(`${CHART}/files/known-values.json`))).to.deep.equal(knownValues(values));
  });

  it("has a schema that takes the tenants and clients that the program takes, and no other", async () => {
    const { properties } = JSON.parse(await read(`${CHART}/values.schema.json`)) as {
      properties: Record<string, { pattern: string; maxLength?: number }>;
    };
    const long = (length: number): string => "a".repeat(length);
    const texts = [
      "adfs",
      "contoso.example",
      "a.-b",
      "a--b",
      "a..b",
      "a...b",
      ".a",
      "a.",
      "-a",
      "a-",
      "a b",
      "é",
    ];
    texts.push(
      "a",
      "a\n",
      "a/b",
      "api://a",
      "",
      long(254),
      long(255),
      long(256),
      long(257),
      `a${".a".repeat(126)}`,
    );
    for (const [name, type] of [
      ["defaultTenantID", TENANT],
      ["defaultClientID", CLIENT],
    ] as const) {
      const { pattern = "", maxLength = Number.POSITIVE_INFINITY } = properties[name] ?? {};
      for (const text of texts) {
        const isTaken = new RegExp(pattern, "u").test(text) && text.length <= maxLength;
        expect(isTaken, `${name}=${text}`).to.equal(type.parse(text) !== undefined);
      }
      // Helm reads it with RE2, which knows no lookahead.
      expect(pattern).to.not.include("(?");
    }
  });

  it("has a schema that knows every value", async () => {
    const schema = JSON.parse(await read(`${CHART}/values.schema.json`)) as {
      properties: Record<string, { properties?: object }>;
    };
    for (const [block, keys] of Object.entries(knownValues(await read(`${CHART}/values.yaml`)))) {
      const inSchema = block
        .split(".")
        .filter((key) => key !== "")
        .reduce<{ properties?: object }>(
          (node, key) => (node.properties as typeof schema.properties)[key] ?? {},
          schema,
        );
      expect(Object.keys(inSchema.properties ?? {}), block).to.include.members(keys);
    }
  });
});
