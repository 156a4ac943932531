import { expect } from "chai";
import { readConfig } from "../../../src/config/provider-config.js";
import { readSubcommand, type Subcommand } from "../../../src/config/subcommands.js";
import { UsageError } from "../../../src/config/usage-error.js";

function optionsOf(...argv: readonly string[]): Extract<Subcommand, { options: unknown }>["options"] {
  const command = readSubcommand(argv);
  if (command === undefined || command.kind === "help") throw new Error("no command");
  return command.options;
}

function usageError(...argv: readonly string[]): string {
  try {
    readSubcommand(argv);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error("nothing was wrong");
}

describe("config/subcommands readSubcommand", () => {
  it("leaves what begins with a flag, or with any other word, to serving", () => {
    for (const argv of [[], ["--v=1", "validate"], ["true"], ["sh"], ["-"]]) {
      expect(readSubcommand(argv)).to.equal(undefined);
      expect(readConfig(argv, {}).kind).to.equal("serve");
    }
  });

  it("takes flags before and after the files, and after -- none", () => {
    expect(optionsOf("validate", "-o", "json", "a.yaml", "--strict", "b.yaml")).to.deep.include({
      files: ["a.yaml", "b.yaml"],
      output: "json",
      strict: true,
      "cloud-name": "AzurePublicCloud",
      "default-tenant-id": "",
    });
    expect(optionsOf("validate", "--strict", "--", "-o", "--strict")).to.deep.include({
      files: ["-o", "--strict"],
      output: "text",
      strict: true,
    });
    expect(optionsOf("validate", "-")).to.deep.include({ files: ["-"] });
  });

  it("keeps every --attribute in order, the value with all of its equals signs", () => {
    expect(
      optionsOf(
        "mount",
        "--attribute",
        "a=1",
        "f.yaml",
        "--attribute=b=2=3",
        "--target=x",
        "--attribute",
        "c=",
      ),
    ).to.deep.include({
      file: "f.yaml",
      attribute: [
        ["a", "1"],
        ["b", "2=3"],
        ["c", ""],
      ],
      timeout: 120_000,
    });
  });

  it("answers --help anywhere", () => {
    for (const argv of [
      ["validate", "-h"],
      ["validate", "x", "--help"],
    ]) {
      const command = readSubcommand(argv);
      expect(command?.kind === "help" && command.text).to.include("validate [flags] FILE…");
    }
    const mount = readSubcommand(["mount", "--help"]);
    expect(mount?.kind === "help" && mount.text).to.include("--secrets-file");
  });

  const wrong: readonly [argv: string[], words: string][] = [
    [["validate"], "validate needs a FILE"],
    [["mount", "--target=x"], "mount needs a FILE"],
    [["mount", "a.yaml"], "mount needs --target DIR"],
    [["mount", "a.yaml", "b.yaml", "--target=x"], '"b.yaml" is too many'],
    [["validate", "a", "-o", "xml"], '"xml" is not right; it must be text or json'],
    [["validate", "a", "--endpoint=x"], "unknown flag"],
    [["mount", "a", "--target=x", "--attribute", "x"], "it must be name=value"],
    [["validte", "a"], "did you mean validate?"],
    [["Mount", "a"], "did you mean mount?"],
  ];
  for (const [argv, words] of wrong) {
    it(`says what is wrong with ${argv.join(" ")}`, () => {
      expect(usageError(...argv)).to.include(words);
    });
  }
});
