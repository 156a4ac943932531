import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import { readPfx } from "../../../src/content/pfx/read-pfx.js";
import { OffloadPool } from "../../../src/offload/offload-pool.js";
import { parseObjects } from "../../../src/parameters/parse-objects.js";
import { makeChain } from "../../support/certificates/certificate.js";
import { makePfx } from "../../support/certificates/pfx.js";
import { failureOf } from "../content/failure.js";

const SOURCE_WORKER = new URL("../../support/offload/source-worker.js", import.meta.url);

/** The real jobs in real threads. */
describe("offload/worker-main", () => {
  let pool: OffloadPool;
  const { leaf, root } = makeChain();
  const pfx = makePfx({ keys: [leaf.privateKeyDer], certificates: [leaf.der, root.der] });

  before(() => {
    pool = new OffloadPool({ program: SOURCE_WORKER });
  });

  after(async () => {
    await pool.close();
  });

  it("reads a PFX as the function itself does, and leaves the caller its bytes", async () => {
    const before = Buffer.from(pfx);
    const { privateKeysDer, certificatesDer } = await pool.run("read-pfx", pfx, { owner: "a" });
    const expected = readPfx(pfx);
    expect(privateKeysDer.map((der) => Buffer.from(der))).to.deep.equal(
      expected.privateKeysDer.map((der) => Buffer.from(der)),
    );
    expect(certificatesDer.map((der) => Buffer.from(der))).to.deep.equal(
      expected.certificatesDer.map((der) => Buffer.from(der)),
    );
    expect(pfx).to.deep.equal(before);
  });

  it("reads a PFX that is a view of a larger buffer", async () => {
    const outer = Buffer.concat([Buffer.alloc(100, 1), pfx, Buffer.alloc(100, 2)]);
    const view = outer.subarray(100, 100 + pfx.length);
    expect((await pool.run("read-pfx", view, { owner: "a" })).certificatesDer).to.have.length(2);
  });

  it("gives a PFX's own error", async () => {
    const error = await failureOf(() => pool.run("read-pfx", Buffer.from("hush"), { owner: "a" }));
    expect(error.code).to.equal("CONTENT_PFX_INVALID");
    expect(error.message).to.equal(
      "the PFX is cut off or damaged; import the certificate into the vault anew",
    );
  });

  for (const text of [
    "array:\n  - |\n    objectName: one\n    objectType: secret\n",
    "array: {",
    "",
    "array: [a]",
  ]) {
    it(`parses ${JSON.stringify(text)} as the function itself does`, async () => {
      expect(await pool.run("parse-objects", text, { owner: "a" })).to.deep.equal(parseObjects(text));
    });
  }

  it("answers an unforeseen error by its class alone", async () => {
    const error = await failureOf(() => pool.run("parse-objects", 7 as unknown as string, { owner: "a" }));
    expect(error.code).to.equal("INTERNAL");
    expect(error.message).to.equal("parse-objects failed unexpectedly (TypeError)");
  });

  it("lets the main thread and other owners go on while a bomb is computed", async () => {
    const bomb = makePfx({
      keys: [leaf.privateKeyDer],
      mac: { kind: "none" },
      certificateEncryption: { cipher: "none" },
      keyEncryption: { cipher: "3des", iterations: 1, claims: 900_000 },
    });
    const controller = new AbortController();
    const bombs = [1, 2, 3].map(() =>
      failureOf(() => pool.run("read-pfx", bomb, { owner: "a", signal: controller.signal })),
    );
    let longestMs = 0;
    let last = performance.now();
    const ticking = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - last);
      last = performance.now();
    }, 5);
    const read = await Promise.all([1, 2, 3].map(() => pool.run("read-pfx", pfx, { owner: "b" })));
    clearInterval(ticking);
    expect(read.map(({ privateKeysDer }) => privateKeysDer.length)).to.deep.equal([1, 1, 1]);
    expect(pool.load.running + pool.load.queued, "bombs left").to.be.above(0);
    expect(longestMs).to.be.below(1500);
    controller.abort();
    await Promise.all(bombs);
  });
});

describe("offload/offload-pool and the process", () => {
  it("does not keep the process when its threads are idle", async function () {
    this.timeout(30_000);
    const program = new URL("../../support/offload/idle-process.ts", import.meta.url).pathname;
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", program], {
      timeout: 25_000,
    });
    expect(stdout).to.equal("done, 1 thread\n");
  });
});
