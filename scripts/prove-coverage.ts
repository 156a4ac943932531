import { cp, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { SECTIONS } from "../test/contract/rows.js";
import { drawRows } from "./prove-coverage/draw.js";
import { proveRows } from "./prove-coverage/prove-rows.js";

/**
 * Shows that the rows of docs/coverage.md count: takes each drawn row's feature out of a copy of the project, and looks
 * whether the row's own test fails then. Ends with 1 when one does not.
 *
 *     npm run prove-coverage -- --rows 10 --seed 1      ten rows, drawn at random
 *     npm run prove-coverage -- --all                   every row, in half an hour or so
 *     npm run prove-coverage -- --like 'objectFormat'   the rows whose names match
 */
const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "10" },
    seed: { type: "string", default: String(Date.now() % 100_000) },
    all: { type: "boolean", default: false },
    like: { type: "string", default: "" },
  },
});

const NOT_COPIED: ReadonlySet<string> = new Set(["node_modules", ".git", ".node", "coverage", "demo-output"]);

const rows = SECTIONS.flatMap((section) => section.rows).filter(({ name }) =>
  new RegExp(values.like).test(name),
);
const isDraw = !values.all && values.like === "";
const chosen = isDraw ? drawRows(rows, Number(values.rows), Number(values.seed)) : rows;
console.log(`${chosen.length} of ${rows.length} rows${isDraw ? `, drawn with seed ${values.seed}` : ""}`);

const startedAt = performance.now();
const folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-proof-"));
let proven = 0;
try {
  for (const entry of await readdir(".")) {
    if (!NOT_COPIED.has(entry)) await cp(entry, path.join(folder, entry), { recursive: true });
  }
  await symlink(path.resolve("node_modules"), path.join(folder, "node_modules"));
  for await (const { row, isProven, said } of proveRows(chosen, folder)) {
    if (isProven) proven += 1;
    console.log(`${isProven ? "proven    " : "NOT PROVEN"}  ${row.name}`);
    console.log(`            ${row.test.file}: ${row.test.title}`);
    console.log(`            without it in ${row.mutation.file}: ${said}`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
const seconds = Math.round((performance.now() - startedAt) / 1000);
console.log(`${proven} of ${chosen.length} proven, in ${seconds} s`);
process.exitCode = proven === chosen.length && proven > 0 ? 0 : 1;
