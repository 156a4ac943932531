import { expect } from "chai";
import { transform } from "esbuild";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** Runs a module in a process of its own, below the functions; no loader, which would start a thread. */
async function run(program: string): Promise<unknown> {
  const source = await readFile(new URL("../../../src/small-heap.ts", import.meta.url), "utf8");
  const { code } = await transform(source, { loader: "ts", format: "esm" });
  const text = `${code}\n${program}`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", text]);
  return JSON.parse(stdout);
}

/** Megabytes of V8's spaces after two million short-lived and some longer-lived objects, in a process of its own. */
async function spacesAfter(preparation: string): Promise<{ young: number; old: number }> {
  const program = `
    import { Worker } from "node:worker_threads";
    async function startThread() {
      const thread = new Worker("1", { eval: true });
      await new Promise((resolve) => thread.once("exit", resolve));
    }
    ${preparation}
    const kept = [];
    for (let count = 0; count < 2e6; count += 1) {
      kept.push({ count, list: [count] });
      if (kept.length > 50_000) kept.splice(0, 25_000);
    }
    const sizeOf = (name) =>
      v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === name).space_size / 2 ** 20;
    console.log(JSON.stringify({ young: sizeOf("new_space"), old: sizeOf("old_space") }));`;
  return (await run(program)) as { young: number; old: number };
}

describe("small-heap", () => {
  it("keeps the young generation at what it starts with, which V8 by itself does not", async () => {
    const [small, usual] = await Promise.all([spacesAfter("keepHeapSmall();"), spacesAfter("")]);
    expect(small.young).to.be.below(usual.young);
  });

  it("keeps it so when a worker thread has started, if it is called again", async () => {
    const [small, usual] = await Promise.all([
      spacesAfter("keepHeapSmall(); await startThread(); keepHeapSmall();"),
      spacesAfter("await startThread();"),
    ]);
    expect(small.young).to.be.below(usual.young);
  });

  it("collects garbage, and leaves no way to do so behind", async () => {
    const program = `
      const held = new WeakRef({});
      await new Promise((resolve) => setTimeout(resolve));
      const before = held.deref() !== undefined;
      await new Promise((resolve) => setTimeout(resolve));
      collectGarbage();
      console.log(JSON.stringify([before, held.deref() === undefined, typeof gc]));`;
    expect(await run(program)).to.deep.equal([true, true, "undefined"]);
  });
});
