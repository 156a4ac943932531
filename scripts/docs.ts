import { mkdir, readFile, writeFile } from "node:fs/promises";
import { flagsDocument } from "../src/config/flags-help.js";
import { SECTIONS } from "../test/contract/rows.js";
import { coverageTable } from "../test/contract/table.js";
import { CHART, chartDocument, knownValues } from "./docs/chart.js";
import { parametersDocument } from "./docs/parameters.js";
import { classSchema, objectSchema, schemaText } from "./docs/schema.js";

/** Writes the documents that are made from the program's own tables; tests hold them equal. */
await writeFile("docs/flags.md", flagsDocument());
await writeFile("docs/parameters.md", parametersDocument());
await mkdir("schemas", { recursive: true });
await writeFile("schemas/secretproviderclass.schema.json", schemaText(classSchema()));
await writeFile("schemas/object.schema.json", schemaText(objectSchema()));
await writeFile(
  "docs/coverage.md",
  coverageTable(SECTIONS, () => true),
);

const values = await readFile(`${CHART}/values.yaml`, "utf8");
await writeFile("docs/chart.md", chartDocument(await readFile("docs/chart.md", "utf8"), values));
await writeFile(`${CHART}/files/known-values.json`, `${JSON.stringify(knownValues(values), undefined, 2)}\n`);
