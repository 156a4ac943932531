import { expect } from "chai";
import {
  fileNameProblem,
  historyPath,
  MAX_FILE_NAME_BYTES,
  MAX_PART_BYTES,
  tidyFolderName,
} from "../../../src/parameters/file-name.js";

const DOTS = "file name must not contain '..'; write the path from the top of the volume";
const RELATIVE = "file name must be a relative path; take the / off its beginning";
const PARTS = "file name must not have empty parts or '.': write a/b, not a//b, a/./b, ./a or a/";
const LONG_PART = `file name must not have a part of more than ${MAX_PART_BYTES} bytes between its slashes`;
const LONG = `file name must not be longer than ${MAX_FILE_NAME_BYTES} bytes`;

/** A path of this many bytes, in parts of 100. */
const pathOf = (bytes: number): string => "x".repeat(bytes).replace(/(x{99})x(?=x)/g, "$1/");

describe("parameters/file-name fileNameProblem", () => {
  const good = [
    "a",
    "a.pem",
    ".env",
    "a/b/c",
    ".a/.b",
    "a.",
    "a b",
    " a",
    "пароль/файл",
    "😀",
    "a\\b",
    "C:/x",
    "a\nb",
    "__proto__",
    "...".slice(0, 1) + "a",
    "x".repeat(MAX_PART_BYTES - 1),
    "x".repeat(MAX_PART_BYTES),
    "é".repeat(127),
    `${"x".repeat(MAX_PART_BYTES)}/${"y".repeat(MAX_PART_BYTES)}`,
    pathOf(MAX_FILE_NAME_BYTES - 1),
    pathOf(MAX_FILE_NAME_BYTES),
  ];
  for (const name of good) {
    it(`takes ${JSON.stringify(name.slice(0, 30))} of ${name.length} characters`, () => {
      expect(fileNameProblem(name)).to.equal(undefined);
    });
  }

  const bad: readonly (readonly [string, string])[] = [
    ["", "file name must not be empty"],
    ["/", RELATIVE],
    ["/a", RELATIVE],
    ["//a", RELATIVE],
    ["/../a", RELATIVE],
    ["..", DOTS],
    ["../a", DOTS],
    ["a/..", DOTS],
    ["a/../b", DOTS],
    ["a..b", DOTS],
    ["..a", DOTS],
    ["...", DOTS],
    ["a/..b", DOTS],
    [".", PARTS],
    ["./a", PARTS],
    ["a/.", PARTS],
    ["a/./b", PARTS],
    ["a//b", PARTS],
    ["a/", PARTS],
    ["a\0b", "file name must not contain a NUL character"],
    ["\ud800", "file name must be valid Unicode"],
    ["a/\udc00", "file name must be valid Unicode"],
    ["x".repeat(MAX_PART_BYTES + 1), LONG_PART],
    [`a/${"x".repeat(MAX_PART_BYTES + 1)}/b`, LONG_PART],
    ["é".repeat(128), LONG_PART],
    [pathOf(MAX_FILE_NAME_BYTES + 1), LONG],
    ["x/".repeat(100_000), LONG],
  ];
  for (const [name, problem] of bad) {
    it(`refuses ${JSON.stringify(name.slice(0, 30))} of ${name.length} characters`, () => {
      expect(fileNameProblem(name)).to.equal(problem);
    });
  }
});

describe("parameters/file-name, the folder of a history", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["a", "a", "a/0"],
    ["a/b", "a/b", "a/b/0"],
    ["a/", "a", "a/0"],
    ["a//b", "a/b", "a/b/0"],
    ["./a/./b/.", "a/b", "a/b/0"],
    [".", "", "0"],
    ["./", "", "0"],
    // These stay as they are, to be refused.
    ["/a", "/a", "/a/0"],
    ["a/../b", "a/../b", "a/../b/0"],
  ];
  for (const [name, folder, first] of cases) {
    it(`of ${JSON.stringify(name)} is ${JSON.stringify(folder)}`, () => {
      expect(tidyFolderName(name)).to.equal(folder);
      expect(historyPath(folder, 0)).to.equal(first);
    });
  }
});
