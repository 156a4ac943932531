import { expect } from "chai";
import { orderChain } from "../../../src/content/chain.js";
import { type Certificate, makeCertificate, makeKeys } from "../../support/certificates/certificate.js";
import { failureOf } from "./failure.js";

const KEYS = makeKeys();

/** A certificate with one-letter key identifiers: whose key it holds, whose key signed it; `-` leaves one out. */
function certificate(identifiers: string): Certificate {
  const [subject = "-", authority = "-"] = identifiers;
  const identifier = (letter: string) => (letter === "-" ? "none" : Buffer.from(letter));
  return makeCertificate({
    commonName: identifiers,
    keys: KEYS,
    subjectKeyId: identifier(subject),
    authorityKeyId: identifier(authority),
  });
}

/** `li ir rr` is a leaf `l` signed by `i`, signed by the root `r`, which signed itself. */
function order(words: string) {
  const made = new Map<string, Certificate>();
  const all = words.split(" ").map((word) => {
    const known = made.get(word) ?? certificate(word);
    made.set(word, known);
    return known;
  });
  const { certificates, isComplete } = orderChain(all.map(({ der }) => der));
  const names = certificates.map((der) => all.find((one) => one.der === der)?.commonName);
  return { order: names.join(" "), isComplete };
}

describe("content/chain orderChain", () => {
  for (const { name, given, expected, isComplete } of [
    { name: "a chain in order", given: "li ir rr", expected: "li ir rr", isComplete: true },
    { name: "a chain from root to leaf", given: "rr ir li", expected: "li ir rr", isComplete: true },
    {
      name: "a shuffled chain of five",
      given: "cd rr li dr ic",
      expected: "li ic cd dr rr",
      isComplete: true,
    },
    { name: "a root that names no issuer", given: "r- ir li", expected: "li ir r-", isComplete: true },
    { name: "a leaf without a subject key", given: "ir rr -i", expected: "-i ir rr", isComplete: true },
    { name: "a chain that ends below its root", given: "ir li", expected: "li ir", isComplete: true },
    { name: "a self-signed certificate alone", given: "rr", expected: "rr", isComplete: true },
    { name: "a certificate alone without identifiers", given: "--", expected: "--", isComplete: true },
    { name: "a missing intermediate", given: "rr li", expected: "rr li", isComplete: false },
    { name: "two leaves", given: "rr li mi ir", expected: "rr li mi ir", isComplete: false },
    { name: "a stranger", given: "rr li ir ss", expected: "rr li ir ss", isComplete: false },
    { name: "cross-signed issuers", given: "li ir is rr ss", expected: "li ir is rr ss", isComplete: false },
    { name: "no identifiers", given: "-- -- --", expected: "-- -- --", isComplete: false },
    { name: "a leaf twice", given: "li li ir", expected: "li li ir", isComplete: false },
    { name: "a root twice", given: "li ir rr rr", expected: "li ir rr rr", isComplete: false },
    { name: "a root twice and nothing else", given: "rr rr", expected: "rr rr", isComplete: false },
  ]) {
    it(`${isComplete ? "orders" : "leaves as they came:"} ${name}`, () => {
      expect(order(given)).to.deep.equal({ order: expected, isComplete });
    });
  }

  it("takes a certificate with two possible issuers to be the first one's", () => {
    expect(order("li rr ir is").order).to.equal("li rr ir is");
    expect(order("is li sr rr").order).to.equal("li is sr rr");
  });

  const REMEDY = "; import it with its whole chain, or start the provider with --construct-pem-chain=false";
  for (const { name, given, message } of [
    {
      name: "everyone is someone's issuer",
      given: "ab ba",
      message: "the certificate chain has no leaf: each of its certificates is the issuer of another",
    },
    {
      name: "issuers go round in a circle",
      given: "la ab bc ca",
      message: "the issuers of the certificate chain go round in a circle",
    },
  ]) {
    it(`refuses a chain in which ${name}`, async () => {
      const error = await failureOf(() => order(given));
      expect(error.code).to.equal("CONTENT_CHAIN_INVALID");
      expect(error.message).to.equal(message + REMEDY);
    });
  }

  it("refuses no certificate at all", async () => {
    const error = await failureOf(() => orderChain([]));
    expect(error.code).to.equal("CONTENT_CHAIN_INVALID");
    expect(error.message).to.equal(
      `the certificate has no leaf: its PFX holds no certificate at all${REMEDY}`,
    );
  });

  it("says which certificate cannot be read", async () => {
    const error = await failureOf(() => orderChain([certificate("rr").der, Buffer.from("300100", "hex")]));
    expect(error.code).to.equal("CONTENT_CERTIFICATE_INVALID");
    expect(error.message).to.equal(
      "certificate 2 of the PFX is not a DER-encoded X.509 certificate; import the PFX into the vault anew",
    );
  });

  it("orders a hundred certificates quickly", () => {
    const id = (i: number) => Buffer.from([i]);
    const all = Array.from(
      { length: 100 },
      (_, i) =>
        makeCertificate({ commonName: String(i), keys: KEYS, subjectKeyId: id(i), authorityKeyId: id(i + 1) })
          .der,
    );
    const started = performance.now();
    const { certificates, isComplete } = orderChain(all.toReversed());
    expect(performance.now() - started).to.be.below(2000);
    expect(isComplete).to.equal(true);
    expect(certificates.map((der) => all.indexOf(der as Buffer))).to.deep.equal([...all.keys()]);
  });
});
