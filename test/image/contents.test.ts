import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { Image } from "./support/image.js";

/** Shells, package managers, and what else helps whoever got in. */
const UNWANTED =
  /\/(?:(?:ba|da|z|k|a)?sh|busybox|toybox|apt(?:-get)?|dpkg(?:-deb)?|apk|rpm|npm|npx|corepack|perl|python[\d.]*|curl|wget|su|sudo|mount|ld\.so|getent|gdb)$/;

describe("what is in the image", () => {
  let image: Image;
  before(async () => {
    image = await Image.open("provider");
  });

  it("Node is the only program", () => {
    const programs = image.files.filter(({ name, mode }) => /^-.*x/.test(mode) && !/\.so(?:\.|$)/.test(name));
    expect(programs.map(({ name }) => name)).to.deep.equal(["/usr/local/bin/node"]);
    const links = image.files.filter(({ name, mode }) => mode.startsWith("l") && /\/s?bin\//.test(name));
    expect(links).to.deep.equal([]);
  });

  it("no shell, no package manager, no tool", () => {
    const files = image.files.filter(({ mode }) => !mode.startsWith("d"));
    expect(files.filter(({ name }) => UNWANTED.test(name))).to.deep.equal([]);
    expect(image.files.filter(({ name }) => name.includes("/node_modules"))).to.deep.equal([]);
  });

  it("nothing that gives more rights, nothing that everybody may write but /tmp", () => {
    expect(image.files.filter(({ mode }) => /^-(?:.{2}s|.{5}s)/.test(mode))).to.deep.equal([]);
    const writable = image.files.filter(({ mode }) => /^[^l].{7}w/.test(mode));
    expect(
      writable.map(({ name }) => name).filter((name) => !/^\/(?:var\/)?(?:tmp|lock)$/.test(name)),
    ).to.deep.equal([]);
  });

  it("every uid can read all that it needs", () => {
    const needed = image.files.filter(({ name }) => /^\/(?:provider\.mjs|compile-cache|usr|lib)/.test(name));
    expect(needed).to.not.be.empty;
    expect(needed.filter(({ mode }) => mode[7] !== "r")).to.deep.equal([]);
  });

  it("environment and entry point", () => {
    const { Env, Entrypoint } = image.config.config;
    expect(Env.filter((entry) => !entry.startsWith("PATH="))).to.have.members([
      "NODE_ENV=production",
      "NODE_COMPILE_CACHE=/compile-cache",
      "MALLOC_ARENA_MAX=1",
      "MALLOC_TRIM_THRESHOLD_=131072",
    ]);
    expect(Entrypoint).to.deep.equal(["/usr/local/bin/node", "/provider.mjs"]);
  });

  it("labels, by the names of the OCI", () => {
    expect(image.config.config.Labels).to.deep.equal({
      "org.opencontainers.image.title": "secrets-store-csi-provider-azure",
      "org.opencontainers.image.description": "Azure Key Vault provider for the Secrets Store CSI Driver",
      "org.opencontainers.image.licenses": "MIT",
      "org.opencontainers.image.version": "1.2.3-test",
      "org.opencontainers.image.created": "2026-01-01T00:00:00Z",
    });
    expect(image.config).to.include({ os: "linux", architecture: "amd64" });
  });

  it("the authorities that Mozilla trusts, and none of the machine that built it", async () => {
    const bundle = await image.read("etc/ssl/certs/ca-certificates.crt");
    const count = (text: string): number => text.split("-----BEGIN CERTIFICATE-----").length - 1;
    const single = image.files.filter(({ name }) => /^\/usr\/share\/ca-certificates\/.*\.crt$/.test(name));
    expect(count(bundle)).to.equal(single.length).and.to.be.greaterThan(50);
  });

  it("the licences of Node and of what is bundled", async () => {
    expect(await image.read("usr/share/doc/node/LICENSE")).to.match(/Node\.js is licensed/);
    const notices = await image.read("NOTICES.txt");
    const { dependencies } = JSON.parse(await readFile("package.json", "utf8")) as {
      dependencies: Record<string, string>;
    };
    for (const [name, version] of Object.entries(dependencies)) {
      expect(notices).to.include(`\n${name} ${version} (`);
    }
  });
});
