import { X509Certificate } from "node:crypto";
import { expect } from "chai";
import { MalformedBer } from "../../../src/content/ber.js";
import { readKeyIdentifiers } from "../../../src/content/key-identifiers.js";
import { makeCertificate, makeChain } from "../../support/certificates/certificate.js";
import {
  context,
  element,
  integer,
  objectIdentifier,
  octets,
  sequence,
} from "../../support/certificates/der.js";

const SUBJECT = objectIdentifier("2.5.29.14");
const AUTHORITY = objectIdentifier("2.5.29.35");
const withExtensions = (...extensions: Buffer[]) =>
  sequence(sequence(integer(1), context(3, sequence(...extensions))), sequence(), element(0x03));

describe("content/key-identifiers readKeyIdentifiers", () => {
  it("reads both of a certificate that OpenSSL accepts too", () => {
    const { intermediate, leaf } = makeChain();
    expect(new X509Certificate(leaf.der).checkIssued(new X509Certificate(intermediate.der))).to.equal(true);
    expect(readKeyIdentifiers(leaf.der)).to.deep.equal({
      subject: (leaf.subjectKeyId as Buffer).toString("hex"),
      authority: (intermediate.subjectKeyId as Buffer).toString("hex"),
    });
  });

  it("reads none where there is none", () => {
    const none = { subject: undefined, authority: undefined };
    const bare = makeCertificate({ commonName: "a", subjectKeyId: "none", authorityKeyId: "none" });
    expect(readKeyIdentifiers(bare.der)).to.deep.equal(none);
    expect(readKeyIdentifiers(withExtensions(sequence(AUTHORITY, octets(sequence()))))).to.deep.equal(none);
    expect(
      readKeyIdentifiers(withExtensions(sequence(SUBJECT, octets(octets(Buffer.alloc(0)))))),
    ).to.deep.equal(none);
  });

  it("reads extensions that are marked critical, and an issuer named beside the key", () => {
    const critical = element(0x01, Buffer.from([0xff]));
    const authority = sequence(
      element(0x80, Buffer.from("k")),
      element(0xa1),
      element(0x82, Buffer.from([1])),
    );
    expect(
      readKeyIdentifiers(
        withExtensions(
          sequence(SUBJECT, critical, octets(octets(Buffer.from("s")))),
          sequence(AUTHORITY, critical, octets(authority)),
        ),
      ),
    ).to.deep.equal({ subject: "73", authority: "6b" });
  });

  for (const { name, der } of [
    { name: "nothing", der: Buffer.alloc(0) },
    { name: "another type", der: octets(Buffer.from("x")) },
    { name: "an empty sequence", der: sequence() },
    { name: "a body that is no sequence", der: sequence(integer(1)) },
    { name: "extensions that are no list", der: sequence(sequence(context(3, integer(1)))) },
    { name: "an extension without a value", der: withExtensions(sequence(SUBJECT)) },
    { name: "a key identifier of another type", der: withExtensions(sequence(SUBJECT, octets(integer(1)))) },
    {
      name: "257 extensions",
      der: withExtensions(
        ...Array.from({ length: 257 }, () => sequence(objectIdentifier("2.5.29.1"), octets(Buffer.alloc(0)))),
      ),
    },
  ]) {
    it(`refuses ${name}`, () => {
      expect(() => readKeyIdentifiers(der)).to.throw(MalformedBer);
    });
  }
});
