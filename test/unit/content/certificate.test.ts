import { X509Certificate } from "node:crypto";
import { expect } from "chai";
import { certificateToPem, MAX_CERTIFICATE_BYTES } from "../../../src/content/certificate.js";
import { makeCertificate, makeKeys } from "../../support/certificates/certificate.js";
import { integer, octets, sequence } from "../../support/certificates/der.js";
import { failureOf } from "./failure.js";

describe("content/certificate certificateToPem", () => {
  for (const kind of ["rsa", "prime256v1", "secp256k1", "ed25519"] as const) {
    it(`writes a certificate for a ${kind} key as OpenSSL does`, () => {
      const { der } = makeCertificate({ commonName: "web", keys: makeKeys(kind) });
      expect(certificateToPem(der)).to.equal(new X509Certificate(der).toString());
    });
  }

  it("passes on what only looks like a certificate: others decide what it is worth", () => {
    expect(certificateToPem(sequence(integer(1)))).to.contain("MAMCAQE=");
  });

  for (const bytes of [MAX_CERTIFICATE_BYTES - 1, MAX_CERTIFICATE_BYTES, MAX_CERTIFICATE_BYTES + 1]) {
    it(`${bytes > MAX_CERTIFICATE_BYTES ? "refuses" : "writes"} ${bytes} bytes`, async () => {
      const der = sequence(octets(Buffer.alloc(bytes - 10))); // two headers of five octets each
      expect(der).to.have.length(bytes);
      if (bytes <= MAX_CERTIFICATE_BYTES) {
        expect(certificateToPem(der)).to.match(/^-----BEGIN CERTIFICATE-----\n/);
      } else {
        const error = await failureOf(() => certificateToPem(der));
        expect(error.code).to.equal("CONTENT_CERTIFICATE_INVALID");
        expect(error.message).to.equal(
          "the certificate has 262145 bytes, at most 262144 are read; put a smaller certificate into the vault",
        );
      }
    });
  }

  for (const { name, der, message } of [
    {
      name: "no bytes",
      der: Buffer.alloc(0),
      message: "the vault gave no certificate bytes; read the object with objectType: secret",
    },
    {
      name: "PEM instead of DER",
      der: Buffer.from("-----BEGIN"),
      message: "the vault's certificate is not DER; put the certificate into the vault anew",
    },
    {
      name: "another type",
      der: octets(Buffer.from("x")),
      message: "the vault's certificate is not DER; put the certificate into the vault anew",
    },
    {
      name: "a cut-off sequence",
      der: Buffer.from("308203e8", "hex"),
      message: "the vault's certificate is not DER; put the certificate into the vault anew",
    },
  ]) {
    it(`refuses ${name}`, async () => {
      const error = await failureOf(() => certificateToPem(der));
      expect(error.code).to.equal("CONTENT_CERTIFICATE_INVALID");
      expect(error.message).to.equal(message);
    });
  }
});
