import { builtinModules } from "node:module";
import { expect } from "chai";
import { readPfx } from "../../../src/content/pfx/read-pfx.js";
import { OffloadPool } from "../../../src/offload/offload-pool.js";
import { parseObjects } from "../../../src/parameters/parse-objects.js";
import { bundleOffloadProgram } from "../../../scripts/bundle.js";
import { makeChain } from "../../support/certificates/certificate.js";
import { makePfx } from "../../support/certificates/pfx.js";
import { objectsYaml } from "../../support/objects-yaml.js";
import { failureOf } from "../content/failure.js";

/** The text that the build puts into the provider for its worker threads. */
describe("the program of the built provider's worker threads", () => {
  let program: string;
  let pool: OffloadPool;

  before(async () => {
    program = await bundleOffloadProgram();
    pool = new OffloadPool({ program });
  });

  after(async () => {
    await pool.close();
  });

  it("reads a PFX, with RC2 too", async () => {
    const { leaf, root } = makeChain();
    const pfx = makePfx({
      keys: [leaf.privateKeyDer],
      certificates: [leaf.der, root.der],
      certificateEncryption: { cipher: "rc2-40" },
    });
    const { certificatesDer } = await pool.run("read-pfx", pfx, { owner: "a" });
    expect(certificatesDer.map((der) => Buffer.from(der))).to.deep.equal(
      readPfx(pfx).certificatesDer.map((der) => Buffer.from(der)),
    );
  });

  it("parses long objects, with letters of every width", async () => {
    const objects = Array.from({ length: 300 }, (_, i) => ({
      objectName: `name-${i}`,
      objectType: "secret",
      objectAlias: `"ß–鍵-${i}"`,
    }));
    const text = objectsYaml(...objects);
    const outcome = await pool.run("parse-objects", text, { owner: "a" });
    expect(outcome).to.deep.equal(parseObjects(text));
    expect(outcome.entries).to.have.length(300);
  });

  it("gives a job's own error", async () => {
    const error = await failureOf(() => pool.run("read-pfx", Buffer.from("hush"), { owner: "a" }));
    expect(error.code).to.equal("CONTENT_PFX_INVALID");
  });

  it("needs nothing but Node, and holds no cloud, network or gRPC code", () => {
    const required = [...program.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = ""]) => name);
    expect(required).to.include("node:worker_threads");
    for (const name of required) expect(builtinModules).to.include(name.replace(/^node:/, ""));
    for (const name of ["http", "https", "http2", "net", "tls"])
      expect(required).not.to.include(`node:${name}`);
    expect(program).not.to.match(/grpc-js|msal|rest-pipeline/);
  });
});
