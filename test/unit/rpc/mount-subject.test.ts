import { expect } from "chai";
import { readMountSubject } from "../../../src/rpc/mount-subject.js";

const NOBODY = { pod: undefined, namespace: undefined, className: undefined };
const POD = "csi.storage.k8s.io/pod.name";

describe("rpc/mount-subject readMountSubject", () => {
  it("finds pod, namespace and class among the attributes that the driver sends", () => {
    const attributes = {
      keyvaultName: "vault",
      [POD]: "web-0",
      "csi.storage.k8s.io/pod.namespace": "shop",
      "csi.storage.k8s.io/pod.uid": "u",
      "csi.storage.k8s.io/serviceAccount.tokens": '{"api://AzureADTokenExchange":{"token":"t"}}',
      secretProviderClass: "web-secrets",
    };
    const expected = { pod: "web-0", namespace: "shop", className: "web-secrets" };
    expect(readMountSubject(JSON.stringify(attributes))).to.deep.equal(expected);
    expect(readMountSubject(JSON.stringify(attributes, undefined, 2))).to.deep.equal(expected);
  });

  it("is not misled by a value that holds the text of a key", () => {
    const attributes = { objects: `"${POD}":"forged"`, a: POD, b: "forged", [POD]: "real" };
    expect(readMountSubject(JSON.stringify(attributes)).pod).to.equal("real");
    expect(readMountSubject(JSON.stringify({ objects: `"${POD}":"forged"` }))).to.deep.equal(NOBODY);
  });

  it("is not misled by a name that ends like a key, which a class may have and Go writes before the driver's own", () => {
    const forged = `!"${POD}`;
    const attributes = JSON.stringify({ [forged]: "forged", [`!\\"${POD}`]: "forged", [POD]: "real" });
    expect(readMountSubject(attributes).pod).to.equal("real");
    const all = [POD, "csi.storage.k8s.io/pod.namespace", "secretProviderClass"];
    const none = Object.fromEntries(all.map((key) => [`!"${key}`, "forged"]));
    expect(readMountSubject(JSON.stringify(none))).to.deep.equal(NOBODY);
  });

  const nameless = [
    { name: "no JSON", attributes: "%%%" },
    { name: "an empty text", attributes: "" },
    { name: "JSON null", attributes: "null" },
    { name: "an empty name", attributes: JSON.stringify({ [POD]: "" }) },
    { name: "a name with a line end", attributes: JSON.stringify({ [POD]: "a\nb" }) },
    { name: "a name with a quote", attributes: JSON.stringify({ [POD]: 'a"b' }) },
    { name: "a name that is a number", attributes: JSON.stringify({ [POD]: 1 }) },
    { name: "a name of 254 characters", attributes: JSON.stringify({ [POD]: "x".repeat(254) }) },
  ];
  for (const { name, attributes } of nameless) {
    it(`finds nobody in ${name}`, () => {
      expect(readMountSubject(attributes)).to.deep.equal(NOBODY);
    });
  }

  it("takes a name of 253 characters", () => {
    expect(readMountSubject(JSON.stringify({ [POD]: "x".repeat(253) })).pod).to.have.length(253);
  });

  const bombs = [
    { name: "quotes", attributes: '"'.repeat(3_000_000) },
    { name: "keys without a value", attributes: `"${POD}":`.repeat(100_000) },
    { name: "keys and spaces", attributes: `"${POD}"${" ".repeat(3_000_000)}` },
    { name: "unended names", attributes: `"${POD}":"${"x".repeat(250)} `.repeat(10_000) },
  ];
  for (const { name, attributes } of bombs) {
    it(`is quick with three megabytes of ${name}`, () => {
      const startedAt = performance.now();
      expect(readMountSubject(attributes)).to.deep.equal(NOBODY);
      expect(performance.now() - startedAt).to.be.below(250);
    });
  }
});
