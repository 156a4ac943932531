/**
 * Holds the pinned versions of what speaks to Azure and to the driver against the registry. To be run once a week.
 *
 * Exit code 0: each is the newest that Node 20 takes (what newer ones ask for is printed); 1: a newer one would do; 2: the
 * registry cannot be asked.
 */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const OLDEST_NODE_MAJOR = 20;
const WATCHED = /^@azure\/|^@grpc\//;

interface Release {
  readonly version: string;
  readonly node: string;
}

const { dependencies } = JSON.parse(await readFile("package.json", "utf8")) as {
  dependencies: Record<string, string>;
};
const watched = Object.entries(dependencies).filter(([name]) => WATCHED.test(name));
const findings = await Promise.all(watched.map(([name, pinned]) => compare(name, pinned))).catch(
  (error: unknown) => {
    process.stdout.write(`the registry cannot be asked: ${error instanceof Error ? error.message : "?"}\n`);
    process.exit(2);
  },
);
for (const { words } of findings) process.stdout.write(`${words}\n`);
process.exit(findings.some(({ isBehind }) => isBehind) ? 1 : 0);

async function compare(
  name: string,
  pinned: string,
): Promise<{ readonly words: string; readonly isBehind: boolean }> {
  const newer = (await releases(name)).filter(({ version }) => isNewer(version, pinned));
  const usable = newer.filter(({ node }) => takesOldestNode(node)).at(-1);
  const newest = newer.at(-1);
  if (usable !== undefined) {
    return {
      isBehind: true,
      words: `${name} ${pinned}: ${usable.version} takes Node 20 too; update the pin`,
    };
  }
  const why =
    newest === undefined ? "the newest" : `behind ${newest.version}, which needs Node ${newest.node}`;
  return { isBehind: false, words: `${name} ${pinned}: ${why}` };
}

/** Stable releases, oldest first. */
async function releases(name: string): Promise<Release[]> {
  const { stdout } = await promisify(execFile)(
    "npm",
    ["view", `${name}@*`, "version", "engines.node", "--json"],
    {
      maxBuffer: 16 * 1024 * 1024,
    },
  );
  const rows = [JSON.parse(stdout)].flat() as { version: string; "engines.node"?: string }[];
  return rows
    .map((row) => ({ version: row.version, node: row["engines.node"] ?? "" }))
    .filter(({ version }) => /^\d+\.\d+\.\d+$/.test(version))
    .sort((a, b) => (isNewer(a.version, b.version) ? 1 : -1));
}

function isNewer(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split(".").map(Number)) as [number[], number[]];
  const index = a.findIndex((part, i) => part !== b[i]);
  return index >= 0 && (a[index] ?? 0) > (b[index] ?? 0);
}

/** Azure's packages ask for a smallest version: `>=20.0.0`. */
function takesOldestNode(engines: string): boolean {
  const smallest = /^\s*(?:>=|\^)\s*v?(\d+)/.exec(engines)?.[1];
  return smallest === undefined || Number(smallest) <= OLDEST_NODE_MAJOR;
}
