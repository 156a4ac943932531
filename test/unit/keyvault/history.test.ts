import { expect } from "chai";
import { ProviderError } from "../../../src/errors/provider-error.js";
import { selectVersions } from "../../../src/keyvault/history.js";
import type { VersionInfo } from "../../../src/keyvault/vault-reader.js";

/** v1 is the oldest; a trailing `-` marks a disabled one. */
function listed(...names: string[]): VersionInfo[] {
  return names.map((name, index) => ({
    version: name.replace("-", ""),
    createdOnMs: 1_000 * (index + 1),
    isEnabled: !name.endsWith("-"),
  }));
}

function selected(versions: readonly VersionInfo[], start: string, count: number): string[] {
  return selectVersions(versions, start, count).map(({ version }) => version);
}

function failure(work: () => unknown): ProviderError {
  try {
    work();
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("keyvault/history selectVersions", () => {
  const cases: {
    name: string;
    versions: VersionInfo[];
    start?: string;
    count: number;
    expected: string[];
  }[] = [
    { name: "N-1 in the vault", versions: listed("v1"), count: 2, expected: ["v1"] },
    { name: "N in the vault", versions: listed("v1", "v2"), count: 2, expected: ["v2", "v1"] },
    {
      name: "N+1 in the vault: all of them",
      versions: listed("v1", "v2", "v3"),
      count: 2,
      expected: ["v3", "v2", "v1"],
    },
    {
      name: "N+2 in the vault: N+1",
      versions: listed("v1", "v2", "v3", "v4"),
      count: 2,
      expected: ["v4", "v3", "v2"],
    },
    {
      name: "from a version back",
      versions: listed("v1", "v2", "v3", "v4", "v5"),
      start: "v4",
      count: 2,
      expected: ["v4", "v3", "v2"],
    },
    { name: "from the oldest", versions: listed("v1", "v2", "v3"), start: "v1", count: 2, expected: ["v1"] },
    {
      name: "disabled ones don't count",
      versions: listed("v1", "v2-", "v3", "v4-", "v5"),
      count: 2,
      expected: ["v5", "v3", "v1"],
    },
    { name: "a disabled newest", versions: listed("v1", "v2", "v3-"), count: 5, expected: ["v2", "v1"] },
    {
      name: "the start in another case",
      versions: listed("ab1", "ab2"),
      start: "AB1",
      count: 2,
      expected: ["ab1"],
    },
    {
      name: "a count far above the vault's",
      versions: listed("v1", "v2"),
      count: 2_147_483_647,
      expected: ["v2", "v1"],
    },
  ];
  for (const { name, versions, start = "", count, expected } of cases) {
    it(name, () => {
      expect(selected(versions, start, count)).to.deep.equal(expected);
      expect(selected(versions.toReversed(), start, count)).to.deep.equal(expected);
    });
  }

  it("orders versions of one second by id, whatever the vault's order", () => {
    const versions = ["c", "a", "d", "b"].map((version) => ({
      version,
      createdOnMs: 5_000,
      isEnabled: true,
    }));
    expect(selected(versions, "", 9)).to.deep.equal(["a", "b", "c", "d"]);
    expect(selected(versions.toReversed(), "", 9)).to.deep.equal(["a", "b", "c", "d"]);
    expect(selected(versions, "c", 9)).to.deep.equal(["c", "d"]);
  });

  it("leaves its argument as it is", () => {
    const versions = listed("v1", "v2", "v3");
    selectVersions(versions, "", 2);
    expect(versions).to.deep.equal(listed("v1", "v2", "v3"));
  });

  const failures: { name: string; versions: VersionInfo[]; start: string; code: string; message: string }[] =
    [
      {
        name: "nothing listed",
        versions: [],
        start: "",
        code: "VAULT_OBJECT_NOT_FOUND",
        message:
          "the vault lists no version of it: it does not exist or was deleted; check objectName, objectType and keyvaultName, or recover it in the vault",
      },
      {
        name: "nothing listed, a start named",
        versions: [],
        start: "v1",
        code: "VAULT_OBJECT_NOT_FOUND",
        message:
          "the vault lists no version of it: it does not exist or was deleted; check objectName, objectType and keyvaultName, or recover it in the vault",
      },
      {
        name: "an unknown start",
        versions: listed("v1", "v2"),
        start: "v3",
        code: "VAULT_VERSION_NOT_FOUND",
        message:
          "the version that the history begins with is none of the 2 that the vault lists; check objectVersion, or leave it out to begin with the newest",
      },
      {
        name: "a disabled start",
        versions: listed("v1", "v2-", "v3"),
        start: "v2",
        code: "VAULT_VERSION_NOT_FOUND",
        message:
          "the version that the history begins with is disabled; enable it in the vault, or name another objectVersion",
      },
      {
        name: "all disabled",
        versions: listed("v1-", "v2-"),
        start: "",
        code: "VAULT_VERSION_NOT_FOUND",
        message: "all 2 versions are disabled; enable one in the vault",
      },
    ];
  for (const { name, versions, start, code, message } of failures) {
    it(`${name}: ${code}`, () => {
      const error = failure(() => selectVersions(versions, start, 2));
      expect(error.code).to.equal(code);
      expect(error.message).to.equal(message);
    });
  }
});
