import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { expect } from "chai";

/** What a PEM file holds, each kind in its order. */
export interface PemFile {
  /** Labels of the blocks, in the order of the file. */
  readonly labels: readonly string[];
  readonly certificates: readonly X509Certificate[];
  readonly privateKeys: readonly KeyObject[];
}

const BLOCK = /-----BEGIN ([A-Z ]+)-----\n(?:[A-Za-z0-9+/=]{1,64}\n)+-----END \1-----\n/g;

/** Reads a file that must hold PEM blocks as OpenSSL and Go write them, and nothing else. */
export function readPem(text: string): PemFile {
  expect(text.replaceAll(BLOCK, ""), "text beside the PEM blocks").to.equal("");
  const blocks = [...text.matchAll(BLOCK)].map(([pem, label = ""]) => ({ pem, label }));
  return {
    labels: blocks.map(({ label }) => label),
    certificates: blocks
      .filter(({ label }) => label === "CERTIFICATE")
      .map(({ pem }) => new X509Certificate(pem)),
    privateKeys: blocks
      .filter(({ label }) => label.endsWith("PRIVATE KEY"))
      .map(({ pem }) => createPrivateKey(pem)),
  };
}

/** The common names of a file's certificates, in its order. */
export function commonNames(file: PemFile): string[] {
  return file.certificates.map(({ subject }) => /CN=(.*)/.exec(subject)?.[1] ?? "");
}
