import { copyFile, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { makeChain } from "../support/certificates/certificate.js";
import { makePfx } from "../support/certificates/pfx.js";
import { objectsYaml, secretYaml } from "../support/objects-yaml.js";
import { readPem } from "../support/pem.js";
import { World } from "../support/world.js";

/** As the image has it: the one file, in a folder of its own, under the name that tells Node what it is. */
describe("the built provider alone in a folder", () => {
  let folder: string;
  let world: World;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-one-file-"));
    const programPath = path.join(folder, "provider.mjs");
    await copyFile("dist/provider.js", programPath);
    world = await World.start({ programPath });
  });
  after(async () => {
    await world.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("reads a PFX in its worker thread", async () => {
    const { leaf, root } = makeChain();
    const pod = world.pod();
    const pfx = makePfx({ keys: [leaf.privateKeyDer], certificates: [leaf.der, root.der] });
    pod.vault.importCertificate("tls", { pfx, certificate: leaf.der });
    const { files } = await pod.mount(secretYaml("tls"));
    expect(readPem(files.get("tls")?.text ?? "").labels).to.deep.equal([
      "PRIVATE KEY",
      "CERTIFICATE",
      "CERTIFICATE",
    ]);
  });

  it("parses objects that are too long for the main thread", async () => {
    const pod = world.pod();
    const names = Array.from({ length: 120 }, (_, i) => `secret-${i}`);
    for (const name of names) pod.plantSecret(name);
    const { files } = await pod.mount(
      objectsYaml(...names.map((objectName) => ({ objectName, objectType: "secret" }))),
    );
    expect([...files.keys()]).to.have.members(names);
  });
});
