import { createPrivateKey, createPublicKey } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { encodePem, readPemBlocks } from "../../../src/content/pem.js";
import { makeKeys } from "../../support/certificates/certificate.js";

/** 49 bytes: one full line of 64 characters and 4 more. */
const BYTES = Buffer.from(Array.from({ length: 49 }, (_, i) => i));
const LINES = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v\nMA==\n";

const describeBlocks = (text: string) =>
  [...readPemBlocks(text)].map(({ type, headers, bytes }) => [
    type,
    Buffer.from(bytes).toString("utf8"),
    ...[...headers].map(([name, value]) => `${name}=${value}`),
  ]);
const block = (type: string, body = "QUJD") => `-----BEGIN ${type}-----\n${body}\n-----END ${type}-----\n`;

describe("content/pem encodePem", () => {
  it("breaks lines after 64 characters and ends with a line feed", () => {
    expect(encodePem("CERTIFICATE", BYTES)).to.equal(
      `-----BEGIN CERTIFICATE-----\n${LINES}-----END CERTIFICATE-----\n`,
    );
  });

  it("adds no empty line after full lines", () => {
    expect(encodePem("X", BYTES.subarray(0, 48)).split("\n")).to.have.length(4);
  });

  it("writes no line for no bytes", () => {
    expect(encodePem("X", new Uint8Array())).to.equal("-----BEGIN X-----\n-----END X-----\n");
  });

  it("writes only the bytes of a view", () => {
    expect(encodePem("X", BYTES.subarray(0, 3))).to.equal("-----BEGIN X-----\nAAEC\n-----END X-----\n");
  });

  it("puts Proc-Type before the other headers, those in alphabetical order", () => {
    const headers = new Map([
      ["Zone", "1"],
      ["DEK-Info", "AES"],
      ["Proc-Type", "4,ENCRYPTED"],
    ]);
    expect(encodePem("X", Buffer.from("ABC"), headers)).to.equal(
      "-----BEGIN X-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES\nZone: 1\n\nQUJD\n-----END X-----\n",
    );
  });

  it("writes keys as Node does", () => {
    const { publicKey, privateKey } = makeKeys("rsa");
    const spki = publicKey.export({ format: "der", type: "spki" });
    const pkcs8 = privateKey.export({ format: "der", type: "pkcs8" });
    expect(encodePem("PUBLIC KEY", spki)).to.equal(
      createPublicKey(publicKey.export({ format: "pem", type: "spki" })).export({
        format: "pem",
        type: "spki",
      }),
    );
    expect(encodePem("PRIVATE KEY", pkcs8)).to.equal(
      createPrivateKey(privateKey.export({ format: "pem", type: "pkcs8" })).export({
        format: "pem",
        type: "pkcs8",
      }),
    );
  });
});

/** Held against Go 1.26's encoding/pem. */
describe("content/pem readPemBlocks", () => {
  for (const { name, text, expected } of [
    { name: "nothing in an empty text", text: "", expected: [] },
    { name: "one block", text: block("A"), expected: [["A", "ABC"]] },
    {
      name: "blocks in their order",
      text: block("A") + block("B", "YQ==") + block("A"),
      expected: [
        ["A", "ABC"],
        ["B", "a"],
        ["A", "ABC"],
      ],
    },
    { name: "a block without bytes", text: "-----BEGIN A-----\n-----END A-----\n", expected: [["A", ""]] },
    { name: "a block without a last line feed", text: block("A").trimEnd(), expected: [["A", "ABC"]] },
    { name: "Windows line ends", text: block("A").replaceAll("\n", "\r\n"), expected: [["A", "ABC"]] },
    {
      name: "blanks in and behind lines",
      text: "-----BEGIN A----- \t\nQU \tJD \n-----END A-----  \n",
      expected: [["A", "ABC"]],
    },
    { name: "one long line", text: block("A", "QUJD".repeat(40)), expected: [["A", "ABC".repeat(40)]] },
    {
      name: "text around blocks",
      text: `Bag Attributes\n${block("A")}subject=CN = x\n${block("B")}end`,
      expected: [
        ["A", "ABC"],
        ["B", "ABC"],
      ],
    },
    {
      name: "headers",
      text: block("A", "Proc-Type: 4,ENCRYPTED\n DEK-Info :  AES,00\n\nQUJD"),
      expected: [["A", "ABC", "Proc-Type=4,ENCRYPTED", "DEK-Info=AES,00"]],
    },
    {
      name: "what follows a block that was never ended",
      text: `-----BEGIN A-----\nQUJD\n${block("B")}`,
      expected: [["B", "ABC"]],
    },
    {
      name: "what follows an END without a BEGIN",
      text: `x\n-----END A-----\n${block("B")}`,
      expected: [["B", "ABC"]],
    },
    {
      name: "what follows a block that is no base64",
      text: block("A", "QU-D") + block("B"),
      expected: [["B", "ABC"]],
    },
    {
      name: "what follows a block whose padding is missing",
      text: block("A", "QUI") + block("B"),
      expected: [["B", "ABC"]],
    },
    {
      name: "what follows a block that ends as another type",
      text: block("A").replace("END A", "END C") + block("B"),
      expected: [["B", "ABC"]],
    },
    { name: "no block that begins inside a line", text: `x${block("A")}`, expected: [] },
    {
      name: "no block with words behind its END",
      text: block("A").replace("END A-----", "END A----- x"),
      expected: [],
    },
    {
      name: "no block whose BEGIN lacks its dashes",
      text: block("A").replace("BEGIN A-----", "BEGIN A----"),
      expected: [],
    },
    {
      name: "no block whose headers run into its END",
      text: "-----BEGIN A-----\nB: c\n-----END A-----\n",
      expected: [],
    },
    { name: "no block that is cut off", text: block("A").slice(0, 30), expected: [] },
  ]) {
    it(`reads ${name}`, () => {
      expect(describeBlocks(text)).to.deep.equal(expected);
    });
  }

  it("takes back whatever was written", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (all) => {
        const text = all.map((bytes) => encodePem("DATA", bytes)).join("some text\n");
        expect([...readPemBlocks(text)].map(({ bytes }) => Buffer.from(bytes))).to.deep.equal(
          all.map((bytes) => Buffer.from(bytes)),
        );
      }),
    );
  });

  for (const lines of [99, 100, 101]) {
    it(`${lines > 100 ? "skips" : "reads"} a block with ${lines} header lines`, () => {
      const text = block("A", `${"name: value\n".repeat(lines)}\nQUJD`) + block("B");
      const types = [...readPemBlocks(text)].map(({ type }) => type);
      expect(types).to.deep.equal(lines > 100 ? ["B"] : ["A", "B"]);
    });
  }

  const MEBIBYTE = 1024 * 1024;
  for (const { name, text } of [
    { name: "beginnings", text: "-----BEGIN A-----\n".repeat(MEBIBYTE / 18) },
    { name: "beginnings inside one line", text: "-----BEGIN ".repeat(MEBIBYTE / 11) },
    { name: "ends", text: "\n-----END A-----".repeat(MEBIBYTE / 16) },
    { name: "headers", text: `-----BEGIN A-----\n${"a: b\n".repeat(MEBIBYTE / 5)}-----END A-----` },
    { name: "blanks", text: `-----BEGIN A-----\n${" ".repeat(MEBIBYTE)}x\n-----END A-----` },
    { name: "empty blocks", text: "-----BEGIN A-----\n-----END A-----\n".repeat(MEBIBYTE / 34) },
    {
      name: "base64 that turns out wrong",
      text: `-----BEGIN A-----\n${"QUJD".repeat(MEBIBYTE / 4)}*\n-----END A-----`,
    },
  ]) {
    it(`takes time in proportion to a mebibyte of ${name}`, () => {
      const started = performance.now();
      for (const { type } of readPemBlocks(text)) expect(type).to.equal("A");
      expect(performance.now() - started).to.be.below(1500);
    });
  }
});
