import { expect } from "chai";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { MOUNT_FLAGS, VALIDATE_FLAGS } from "../../src/config/command-options.js";
import { FLAGS, KLOG_FLAGS } from "../../src/config/flags.js";

/** Flags in the text that are not the provider's, and pages that are about programs with flags of their own. */
const OTHERS = new Set([
  // the driver
  "rotation-poll-interval",
  "max-call-recv-msg-size",
  // helm, az
  "reuse-values",
  "reset-then-reuse-values",
  "values",
  "identities",
  "enable-oidc-issuer",
  // Node
  "inspect",
  "abort-on-uncaught-exception",
]);
const ABOUT_OTHER_PROGRAMS = new Set([
  "performance.md",
  "emulator.md",
  "coverage.md",
  "profiling.md",
  "conformance.md",
  "releasing.md",
  "validate.md",
  "walkthrough.md",
  "leaving-the-aks-add-on.md",
]);

describe("flags that the documentation names", () => {
  it("all exist", async () => {
    const tables = [FLAGS, KLOG_FLAGS, VALIDATE_FLAGS, MOUNT_FLAGS];
    const known = new Set(tables.flatMap((table) => Object.keys(table)));
    const unknown: string[] = [];
    for (const file of await readdir("docs")) {
      if (!file.endsWith(".md") || ABOUT_OTHER_PROGRAMS.has(file)) continue;
      const text = await readFile(join("docs", file), "utf8");
      for (const [span, name = ""] of text.matchAll(/`--([a-z][\w-]*)(?=[`= :])[^`\n]*`/g)) {
        if (name !== "flag" && !known.has(name) && !OTHERS.has(name)) unknown.push(`${file}: ${span}`);
      }
    }
    expect(unknown).to.deep.equal([]);
  });
});
