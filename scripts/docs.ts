import { writeFile } from "node:fs/promises";
import { flagsDocument } from "../src/config/flags-help.js";
import { SECTIONS } from "../test/contract/rows.js";
import { coverageTable } from "../test/contract/table.js";
import { parametersDocument } from "./docs/parameters.js";

/** Writes the documents that are made from the program's own tables; tests hold them equal. */
await writeFile("docs/flags.md", flagsDocument());
await writeFile("docs/parameters.md", parametersDocument());
await writeFile(
  "docs/coverage.md",
  coverageTable(SECTIONS, () => true),
);
