import { expect } from "chai";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ERROR_CODES, type Mender } from "../../../src/errors/codes.js";

const MENDERS: Readonly<Record<Mender, string>> = {
  "class author": "the class's author",
  administrator: "the administrator",
  project: "this project",
  nobody: "nobody",
};

/** `PERMISSION_DENIED` → `PermissionDenied`; Go spells CANCELLED with one L. */
function goName(status: string): string {
  const words = status.toLowerCase().split("_");
  return words
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("")
    .replace("Cancelled", "Canceled");
}

/** The code of src/ as one text without comments, in which the pieces of one message are joined. */
async function messagesOfSource(): Promise<string> {
  const files = await readdir("src", { recursive: true });
  const texts = await Promise.all(
    files.filter((file) => file.endsWith(".ts")).map((file) => readFile(join("src", file), "utf8")),
  );
  return texts
    .join("\n")
    .replace(/^\s*(?:\/\*\*|\*|\/\/).*$/gm, "")
    .replace(/["`'] \+\s+["`']/g, "");
}

/** What a message says in any case, as lists of words: without numbers, names of hosts and what is quoted. */
function fixedWords(seen: string): string[][] {
  const pieces = seen
    .split(/…|"[^"]*"|[\w-]+(?:\.[\w-]+){2,}|\S*\d\S*/)
    .map((words) => words.trim().split(/\s+/));
  const long = pieces.filter((words) => words.length >= 4);
  return long.length > 0 ? long : pieces.filter((words) => words.length === 3);
}

/** Whether three words in a row stand in the text: between others the code may put a value. */
function standsIn(text: string, words: readonly string[]): boolean {
  return words.some((_word, i) => i + 3 <= words.length && text.includes(words.slice(i, i + 3).join(" ")));
}

describe("docs/troubleshooting.md", () => {
  let entries: Map<string, string>;
  let messages: string;

  before(async () => {
    messages = await messagesOfSource();
    const text = await readFile("docs/troubleshooting.md", "utf8");
    const parts = text.split(/^### /m).slice(1);
    entries = new Map(parts.map((part) => [part.split("\n", 1)[0] ?? "", part]));
    expect(entries.size, "an entry stands twice").to.equal(parts.length);
  });

  it("has an entry for every code, and none for a code that does not exist", () => {
    expect([...entries.keys()].sort()).to.deep.equal(Object.keys(ERROR_CODES).sort());
  });

  for (const [code, { status, mender }] of Object.entries(ERROR_CODES)) {
    it(`says of ${code} what the code's table says, and what to do`, () => {
      const entry = entries.get(code) ?? "";
      expect(entry).to.include(`${goName(status)}; mended by ${MENDERS[mender]}.`);
      for (const label of ["You see", "Why", "Do"])
        expect(entry).to.match(new RegExp(`\\*\\*${label}:\\*\\* \\S`));
    });

    it(`shows of ${code} what the code says`, () => {
      const [, line = ""] = /\*\*You see:\*\* (.*)/.exec(entries.get(code) ?? "") ?? [];
      const shown = [...line.matchAll(/`([^`]+)`/g)].flatMap(([, text = ""]) => fixedWords(text));
      expect(shown, line).to.not.be.empty;
      // Nobody is left to see an event of a call that was given up.
      const unknown = shown.filter((words) => code !== "CALL_CANCELLED" && !standsIn(messages, words));
      expect(unknown.map((words) => words.join(" "))).to.deep.equal([]);
    });
  }
});

describe("errors/codes", () => {
  it("answers no status after which the kubelet keeps the folder and the driver takes it for a volume", () => {
    const uncertain: readonly string[] = [
      "DEADLINE_EXCEEDED",
      "UNAVAILABLE",
      "RESOURCE_EXHAUSTED",
      "ABORTED",
    ];
    const statuses = Object.entries(ERROR_CODES).map(([code, { status }]) => ({ code, status }));
    expect(statuses.filter(({ status }) => uncertain.includes(status))).to.deep.equal([]);
    // A cancelled call has nobody who hears the answer.
    expect(statuses.filter(({ status }) => status === "CANCELLED").map(({ code }) => code)).to.deep.equal([
      "CALL_CANCELLED",
    ]);
  });
});
