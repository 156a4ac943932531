import { expect } from "chai";
import fc from "fast-check";
import forge from "node-forge";
import {
  contentOf,
  encodingOf,
  expectTag,
  MalformedBer,
  readChildren,
  readCount,
  readElement,
  readObjectIdentifier,
  readOctets,
  TAG,
} from "../../../src/content/ber.js";
import {
  chunked,
  element,
  indefinite,
  integer,
  objectIdentifier,
  octets,
  sequence,
} from "../../support/certificates/der.js";

const bytes = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex");
const content = (hex: string) => Buffer.from(contentOf(readElement(bytes(hex)))).toString("hex");

describe("content/ber readElement", () => {
  for (const { name, input, expected, end } of [
    { name: "an empty element", input: "0500", expected: "", end: 2 },
    { name: "a short length", input: "0402aabb", expected: "aabb", end: 4 },
    { name: "a long length of one octet", input: "048102aabb", expected: "aabb", end: 5 },
    { name: "a long length with leading zeros", input: "048400000002aabb", expected: "aabb", end: 8 },
    { name: "nothing of what follows", input: "0401aa ffff", expected: "aa", end: 3 },
    { name: "an indefinite length", input: "3080 0401aa 0000", expected: "0401aa", end: 7 },
    { name: "an empty indefinite length", input: "3080 0000", expected: "", end: 4 },
    {
      name: "indefinite lengths inside each other",
      input: "3080 3080 0500 0000 0500 0000",
      expected: "3080050000000500",
      end: 12,
    },
    { name: "zeros inside a definite length", input: "3080 04020000 0000", expected: "04020000", end: 8 },
  ]) {
    it(`reads ${name}`, () => {
      expect(content(input)).to.equal(expected);
      expect(readElement(bytes(input)).end).to.equal(end);
    });
  }

  for (const { name, input } of [
    { name: "nothing", input: "" },
    { name: "a tag alone", input: "30" },
    { name: "a length beyond the end", input: "0402aa" },
    { name: "a long length that is cut off", input: "048202" },
    { name: "a length of four gibibytes", input: "0484ffffffff" },
    { name: "a length of five octets", input: "04850000000001aa" },
    { name: "a length of 127 octets", input: "04ff" },
    { name: "a tag of several octets", input: "1f8101 00" },
    { name: "a primitive element of indefinite length", input: "0480aa0000" },
    { name: "an indefinite length without its end", input: "30800401aa00" },
    { name: "an indefinite length whose inner one has no end", input: "308030800000" },
  ]) {
    it(`refuses ${name}`, () => {
      expect(() => readElement(bytes(input))).to.throw(MalformedBer);
    });
  }

  for (const { depth, isRead } of [
    { depth: 31, isRead: true },
    { depth: 32, isRead: true },
    { depth: 33, isRead: false },
  ]) {
    it(`${isRead ? "reads" : "refuses"} ${depth} indefinite lengths inside each other`, () => {
      const input = Buffer.concat([Buffer.from("3080".repeat(depth), "hex"), Buffer.alloc(2 * depth)]);
      if (isRead) expect(readElement(input).end).to.equal(input.length);
      else expect(() => readElement(input)).to.throw(MalformedBer, "nested too deeply");
    });
  }

  it("stays inside the limit it is given", () => {
    expect(() => readElement(bytes("0402aabb"), 0, 3)).to.throw(MalformedBer);
    expect(() => readElement(bytes("0500"), 2)).to.throw(MalformedBer);
  });

  it("sees the same elements as node-forge in whatever is valid DER", () => {
    const tree: fc.Memo<Buffer> = fc.memo((depth) =>
      depth <= 1
        ? fc.uint8Array({ maxLength: 300 }).map((value) => octets(value))
        : fc.oneof(
            fc.uint8Array({ maxLength: 20 }).map((value) => element(0x0c, value)),
            fc.array(tree(depth - 1), { maxLength: 4 }).map((parts) => sequence(...parts)),
            fc.array(tree(depth - 1), { maxLength: 4 }).map((parts) => element(0xa0, ...parts)),
          ),
    );
    fc.assert(
      fc.property(tree(4), (der) => {
        const theirs = forge.asn1.fromDer(der.toString("latin1"));
        expect(describeOurs(der)).to.deep.equal(describeTheirs(theirs));
      }),
    );
  });

  it("throws nothing but its own error, whatever the bytes are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (input) => {
        try {
          const read = readElement(input);
          expect(read.end).to.be.at.most(input.length);
          readChildren(read, 100);
        } catch (error) {
          expect(error).to.be.instanceOf(MalformedBer);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("content/ber readChildren", () => {
  it("gives the elements inside, as views of the same bytes", () => {
    const source = sequence(integer(1), octets(Buffer.from("a")));
    const children = readChildren(readElement(source), 2);
    expect(children.map(({ tag }) => tag)).to.deep.equal([TAG.integer, TAG.octetString]);
    expect(children.map(encodingOf).every(({ buffer }) => buffer === source.buffer)).to.equal(true);
  });

  for (const count of [4, 5, 6]) {
    it(`${count > 5 ? "refuses" : "reads"} ${count} elements of at most 5`, () => {
      const list = readElement(sequence(...Array.from({ length: count }, () => integer(0))));
      if (count > 5) expect(() => readChildren(list, 5)).to.throw(MalformedBer, "too many elements");
      else expect(readChildren(list, 5)).to.have.length(count);
    });
  }

  it("refuses a primitive element, and a child that ends outside", () => {
    expect(() => readChildren(readElement(octets(Buffer.from("0500", "hex"))), 5)).to.throw(MalformedBer);
    expect(() => readChildren(readElement(bytes("3003 0402aa bb")), 5)).to.throw(MalformedBer);
  });
});

describe("content/ber readOctets", () => {
  for (const { name, input, expected } of [
    { name: "one piece", input: octets(Buffer.from("abc")), expected: "abc" },
    { name: "chunks", input: chunked(Buffer.from("abcdefgh"), 3), expected: "abcdefgh" },
    { name: "no chunk", input: indefinite(0x24), expected: "" },
    {
      name: "chunks of chunks",
      input: element(0x24, chunked(Buffer.from("abc"), 1), octets(Buffer.from("d"))),
      expected: "abcd",
    },
    { name: "chunks under another tag", input: chunked(Buffer.from("abc"), 2, 0xa0), expected: "abc" },
  ]) {
    it(`joins ${name}`, () => {
      expect(Buffer.from(readOctets(readElement(input))).toString()).to.equal(expected);
    });
  }

  it("refuses chunks that are no octet strings", () => {
    expect(() => readOctets(readElement(element(0x24, integer(1))))).to.throw(MalformedBer);
  });

  it("refuses chunks nested more than four deep", () => {
    const nest = (levels: number) => {
      let nested = octets(Buffer.from("x"));
      for (let i = 0; i < levels; i++) nested = element(0x24, nested);
      return readElement(nested);
    };
    expect(Buffer.from(readOctets(nest(4))).toString()).to.equal("x");
    expect(() => readOctets(nest(5))).to.throw(MalformedBer, "nested too deeply");
  });

  it("refuses more than 10,000 chunks, also when they are spread", () => {
    const many = (count: number) => readElement(chunked(Buffer.alloc(count), 1));
    expect(readOctets(many(10_000))).to.have.length(10_000);
    expect(() => readOctets(many(10_001))).to.throw(MalformedBer);
    const half = chunked(Buffer.alloc(6_000), 1);
    expect(() => readOctets(readElement(element(0x24, half, half)))).to.throw(
      MalformedBer,
      "too many chunks",
    );
  });
});

describe("content/ber readObjectIdentifier", () => {
  for (const dotted of [
    "1.2.840.113549.1.7.1",
    "2.5.29.14",
    "0.9.2342",
    "2.16.840.1.101.3.4.1.42",
    "2.999.1",
  ]) {
    it(`reads ${dotted}`, () => {
      const encoded = objectIdentifier(dotted);
      expect(readObjectIdentifier(readElement(encoded))).to.equal(dotted);
      expect(forge.asn1.derToOid(encoded.subarray(2).toString("latin1"))).to.equal(dotted);
    });
  }

  for (const { name, input } of [
    { name: "no octet", input: "0600" },
    { name: "a last octet that says there is another", input: "06022a86" },
    { name: "33 octets", input: `0621${"01".repeat(33)}` },
    { name: "another type", input: "04012a" },
  ]) {
    it(`refuses ${name}`, () => {
      expect(() => readObjectIdentifier(readElement(bytes(input)))).to.throw(MalformedBer);
    });
  }

  it("refuses an element that is not there", () => {
    expect(() => readObjectIdentifier(undefined)).to.throw(MalformedBer);
  });
});

describe("content/ber readCount", () => {
  for (const { input, expected } of [
    { input: "020100", expected: 0 },
    { input: "02020000", expected: 0 },
    { input: "0201 7f", expected: 127 },
    { input: "020200ff", expected: 255 },
    { input: "02030f4240", expected: 1_000_000 },
    { input: "0206 7fffffffffff", expected: 0x7fffffffffff },
    { input: "0208 00000000000003e8", expected: 1000 },
    { input: "0207 01000000000000", expected: Infinity },
    { input: `0214 7f${"ff".repeat(19)}`, expected: Infinity },
  ]) {
    it(`reads ${input} as ${expected}`, () => {
      expect(readCount(readElement(bytes(input)))).to.equal(expected);
    });
  }

  for (const { name, input } of [
    { name: "a negative number", input: "0201ff" },
    { name: "no octet", input: "0200" },
    { name: "another type", input: "040101" },
  ]) {
    it(`refuses ${name}`, () => {
      expect(() => readCount(readElement(bytes(input)))).to.throw(MalformedBer);
    });
  }
});

describe("content/ber expectTag", () => {
  it("gives an element of one of the tags, refuses any other and none", () => {
    const number = readElement(integer(1));
    expect(expectTag(number, TAG.sequence, TAG.integer)).to.equal(number);
    expect(() => expectTag(number, TAG.sequence)).to.throw(MalformedBer);
    expect(() => expectTag(undefined, TAG.integer)).to.throw(MalformedBer);
  });
});

type Described = readonly [tag: number, value: string | readonly Described[]];

function describeOurs(der: Uint8Array): Described {
  const read = readElement(der);
  const isConstructed = (read.tag & 0x20) !== 0;
  return [
    read.tag,
    isConstructed
      ? readChildren(read, 1000).map((child) => describeOurs(encodingOf(child)))
      : Buffer.from(contentOf(read)).toString("latin1"),
  ];
}

function describeTheirs(node: forge.asn1.Asn1): Described {
  const tag = node.tagClass | node.type | (node.constructed ? 0x20 : 0);
  return [tag, typeof node.value === "string" ? node.value : node.value.map(describeTheirs)];
}
