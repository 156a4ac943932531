import { expect } from "chai";
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";

/** The text without what only shows code: no link stands in it. */
function withoutCode(markdown: string): string {
  return markdown.replace(/^( *)(`{3,})[^\n]*\n[\s\S]*?^\1\2 *$/gm, "").replace(/`[^`\n]*`/g, "");
}

/** Anchors as the hosts of such pages make them: lower case, punctuation left out, blanks to hyphens. */
function anchorsOf(markdown: string): Set<string> {
  const headings = markdown
    .replace(/^( *)(`{3,})[^\n]*\n[\s\S]*?^\1\2 *$/gm, "")
    .matchAll(/^#{1,6} +(.+?) *#* *$/gm);
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const [, heading = ""] of headings) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return anchors;
}

/** Targets of links and of link definitions, without those of other hosts. */
function relativeLinks(markdown: string): string[] {
  const text = withoutCode(markdown);
  const inline = [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const defined = [...text.matchAll(/^\[[^\]]+\]:\s*<?(\S+?)>?\s*$/gm)];
  return [...inline, ...defined]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target));
}

async function pages(): Promise<string[]> {
  const found = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "SECURITY.md"];
  for (const folder of ["docs", "manifests"]) {
    const files = await readdir(folder, { recursive: true });
    // What tools put beside the sources is not ours.
    found.push(...files.filter((file) => file.endsWith(".md")).map((file) => join(folder, file)));
  }
  return found;
}

/** What is wrong with a link of a page; undefined when it leads somewhere. */
async function problemOf(page: string, target: string): Promise<string | undefined> {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : normalize(join(dirname(page), decodeURIComponent(path)));
  if (file.startsWith("..")) return `${target} leads out of the project`;
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return `${target}: there is no ${file}`;
  if (anchor === undefined) return undefined;
  if (found.isDirectory()) return `${target}: a folder has no headings`;
  if (!file.endsWith(".md")) return undefined;
  return anchorsOf(await readFile(file, "utf8")).has(anchor)
    ? undefined
    : `${target}: ${file} has no such heading`;
}

describe("links between the pages", () => {
  it("are found, with what is wrong with them", async () => {
    const text =
      "[a](flags.md#flags) `[b](gone.md)` [c](gone.md) [d](flags.md#gone) [e](https://x.example/)\n";
    const problems = await Promise.all(relativeLinks(text).map((link) => problemOf("docs/x.md", link)));
    expect(problems.map((problem) => problem?.split(":")[0])).to.deep.equal([
      undefined,
      "gone.md",
      "flags.md#gone",
    ]);
    expect([...anchorsOf("# The trade of --serve, `x` & more\n## A\n## A\n")]).to.deep.equal([
      "the-trade-of---serve-x--more",
      "a",
      "a-1",
    ]);
  });

  it("all lead somewhere", async () => {
    const problems: string[] = [];
    for (const page of await pages()) {
      for (const link of relativeLinks(await readFile(page, "utf8"))) {
        const problem = await problemOf(page, link);
        if (problem !== undefined) problems.push(`${page}: ${problem}`);
      }
    }
    expect(problems).to.deep.equal([]);
  });

  it("in the index reach every page of docs/", async () => {
    const index = relativeLinks(await readFile("docs/README.md", "utf8"));
    const files = (await readdir("docs")).filter((file) => file.endsWith(".md") && file !== "README.md");
    expect(files.filter((file) => !index.includes(file))).to.deep.equal([]);
  });
});
