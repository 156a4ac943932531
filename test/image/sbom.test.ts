import { expect } from "chai";
import { filesOfProvider } from "../../scripts/bundle.js";
import { packageFolders } from "../../scripts/image/bundled-packages.js";
import type { SpdxDocument, SpdxPackage } from "../../scripts/image/spdx.js";
import { Image } from "./support/image.js";

describe("the image's bill of materials", () => {
  let image: Image;
  let sbom: SpdxDocument;
  before(async () => {
    image = await Image.open("provider");
    sbom = JSON.parse(await image.read("sbom.spdx.json")) as SpdxDocument;
  });

  const purls = ({ externalRefs = [] }: SpdxPackage): string[] =>
    externalRefs.filter(({ referenceType }) => referenceType === "purl").map((ref) => ref.referenceLocator);
  const ofKind = (kind: string): SpdxPackage[] =>
    sbom.packages.filter((one) => purls(one).some((purl) => purl.startsWith(`pkg:${kind}/`)));

  it("is SPDX 2.3: each field that is a must, each reference leads somewhere", () => {
    expect(sbom).to.include({ spdxVersion: "SPDX-2.3", dataLicense: "CC0-1.0", SPDXID: "SPDXRef-DOCUMENT" });
    expect(sbom.documentNamespace).to.match(/^https:\/\/[^#\s]+$/);
    expect(sbom.creationInfo.created).to.equal("2026-01-01T00:00:00Z");
    expect(
      sbom.creationInfo.creators.every((creator) => /^(?:Tool|Organization|Person): /.test(creator)),
    ).to.equal(true);
    const ids = sbom.packages.map(({ SPDXID }) => SPDXID);
    expect(new Set(ids).size, "ids are unique").to.equal(ids.length);
    for (const { SPDXID, name, versionInfo, downloadLocation } of sbom.packages) {
      expect(SPDXID).to.match(/^SPDXRef-[a-zA-Z0-9.-]+$/);
      expect([name, versionInfo, downloadLocation]).to.not.include("");
    }
    const known = new Set(["SPDXRef-DOCUMENT", ...ids]);
    for (const { spdxElementId, relatedSpdxElement, relationshipType } of sbom.relationships) {
      expect(known).to.include(spdxElementId).and.to.include(relatedSpdxElement);
      expect(relationshipType).to.match(/^[A-Z_]+$/);
    }
  });

  it("lists the npm packages that the bundler has put into the program, and no other", async () => {
    const listed = ofKind("npm").map(({ packageFileName }) => packageFileName ?? "");
    const bundled = packageFolders(await filesOfProvider());
    expect(listed.filter((folder) => folder !== "").sort()).to.deep.equal(bundled);
    expect(bundled).to.include.members(["node_modules/protobufjs", "node_modules/@azure/identity"]);
    expect(bundled).to.not.include("node_modules/mocha");
  });

  it("names Node's version as the program that is there names it", () => {
    const [node] = sbom.packages.filter(({ name }) => name === "node");
    const cache = image.files.find(({ name }) => /^\/compile-cache\/v[\d.]+-x64-/.test(name));
    expect(cache?.name).to.include(`/v${node?.versionInfo ?? "?"}-x64-`);
    expect(sbom.packages.map(({ name }) => name)).to.include.members(["openssl", "v8", "zlib"]);
  });

  it("lists every Debian package that a file of the image is from", () => {
    const listed = ofKind("deb").map(({ name }) => name);
    const documented = image.files
      .map(({ name }) => /^\/usr\/share\/doc\/([^/]+)\/copyright$/.exec(name)?.[1])
      .filter((name) => name !== undefined);
    expect(documented).to.include("libc6");
    expect(listed).to.include.members(documented);
    expect(listed).to.include("libatomic1");
    for (const one of ofKind("deb")) expect(purls(one)[0]).to.match(/\?arch=(?:amd64|all)$/);
  });
});
