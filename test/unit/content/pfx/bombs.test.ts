import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import {
  MAX_PFX_BAGS,
  MAX_PFX_BYTES,
  MAX_PFX_CERTIFICATES,
  MAX_PFX_ITERATIONS,
  MAX_PFX_NESTING,
} from "../../../../src/content/pfx/limits.js";
import { readPfx } from "../../../../src/content/pfx/read-pfx.js";
import { ProviderError } from "../../../../src/errors/provider-error.js";
import { makeCertificate, makeChain } from "../../../support/certificates/certificate.js";
import {
  chunked,
  context,
  element,
  integer,
  objectIdentifier,
  octets,
  sequence,
} from "../../../support/certificates/der.js";
import {
  bag,
  certificateBag,
  makePfx,
  type PfxRequest,
  safeContentsBag,
} from "../../../support/certificates/pfx.js";
import { failureOf } from "../failure.js";

const { leaf } = makeChain();
const KEY = leaf.privateKeyDer;
const ANEW = "; import the certificate into the vault anew";
/** Far below what a million iterations take; far above what saying no takes. */
const AT_ONCE_MS = 1000;

async function refusalOf(pfx: Uint8Array): Promise<ProviderError> {
  const started = performance.now();
  const error = await failureOf(() => readPfx(pfx));
  expect(performance.now() - started, "milliseconds").to.be.below(AT_ONCE_MS);
  return error;
}

describe("content/pfx: files made to cost", () => {
  const tooMany = (asked: string) =>
    `the PFX asks for ${asked} or more iterations of key derivation, at most 1000000 are computed; ` +
    "export it with fewer iterations (OpenSSL writes 2048) and import it into the vault anew";
  const TEN_MILLION = 10_000_000;
  for (const { name, request, asked } of [
    { name: "its MAC", request: { mac: { kind: "hmac", claims: TEN_MILLION } }, asked: "10000000" },
    {
      name: "its PBMAC1",
      request: { mac: { kind: "pbmac1", digest: "sha256", claims: TEN_MILLION } },
      asked: "10000000",
    },
    {
      name: "an old key",
      request: {
        mac: { kind: "none" },
        keyEncryption: { cipher: "3des", claims: TEN_MILLION },
        certificateEncryption: { cipher: "none" },
      },
      asked: "10000000",
    },
    {
      name: "old certificates",
      request: { mac: { kind: "none" }, certificateEncryption: { cipher: "rc2-40", claims: TEN_MILLION } },
      asked: "10000000",
    },
    {
      name: "a modern key",
      request: {
        mac: { kind: "none" },
        keyEncryption: { cipher: "aes256", claims: TEN_MILLION },
        certificateEncryption: { cipher: "none" },
      },
      asked: "10000000",
    },
    {
      name: "a number without end",
      request: { mac: { kind: "hmac", claims: 1n << 2000n } },
      asked: "an absurd number of",
    },
  ] satisfies { name: string; request: PfxRequest; asked: string }[]) {
    it(`computes nothing when ${name} asks for too many iterations`, async () => {
      const error = await refusalOf(makePfx({ keys: [KEY], certificates: [leaf.der], ...request }));
      expect(error.code).to.equal("CONTENT_PFX_TOO_COSTLY");
      expect(error.message).to.equal(tooMany(asked));
    });
  }

  it("adds up what the parts ask for: one iteration too many is refused, the most is computed", async () => {
    // PBKDF2 runs natively: the whole million in half a second or less.
    const rest = MAX_PFX_ITERATIONS - 100 - 100;
    const request = (iterations: number): PfxRequest => ({
      keys: [KEY],
      certificates: [leaf.der],
      mac: { kind: "hmac", digest: "sha256", iterations: 100 },
      certificateEncryption: { cipher: "3des", iterations: 100 },
      keyEncryption: { cipher: "aes256", digest: "sha256", iterations },
    });
    expect(readPfx(makePfx(request(rest))).privateKeysDer).to.have.length(1);
    expect(readPfx(makePfx(request(rest - 1))).privateKeysDer).to.have.length(1);
    const error = await failureOf(() => readPfx(makePfx(request(rest + 1))));
    expect(error.message).to.equal(tooMany("1000001"));
  });

  it("tries both empty passwords on a quarter of the most iterations within some seconds", async () => {
    const pfx = makePfx({
      keys: [KEY],
      mac: { kind: "none" },
      certificateEncryption: { cipher: "none" },
      keyEncryption: { cipher: "3des", iterations: 1, claims: MAX_PFX_ITERATIONS / 4 }, // opens with neither
    });
    const started = performance.now();
    const error = await failureOf(() => readPfx(pfx));
    expect(error.code).to.equal("CONTENT_PFX_INVALID");
    expect(performance.now() - started).to.be.below(15_000);
  });

  for (const count of [MAX_PFX_CERTIFICATES - 1, MAX_PFX_CERTIFICATES, MAX_PFX_CERTIFICATES + 1]) {
    it(`${count > MAX_PFX_CERTIFICATES ? "refuses" : "reads"} ${count} certificates`, async () => {
      const pfx = makePfx({ certificates: Array.from({ length: count }, () => leaf.der) });
      if (count <= MAX_PFX_CERTIFICATES) {
        expect(readPfx(pfx).certificatesDer).to.have.length(count);
      } else {
        const error = await refusalOf(pfx);
        expect(error.code).to.equal("CONTENT_PFX_TOO_COSTLY");
        expect(error.message).to.equal(`the PFX holds more than 100 certificates${ANEW}`);
      }
    });
  }

  for (const count of [MAX_PFX_BAGS - 1, MAX_PFX_BAGS, MAX_PFX_BAGS + 1]) {
    it(`${count > MAX_PFX_BAGS ? "refuses" : "reads"} ${count} bags, wherever they are`, async () => {
      const strange = bag("1.2.3.4", octets(Buffer.from("x")));
      const some = Array.from({ length: 100 }, () => strange);
      const rest = Array.from({ length: count - 101 }, () => strange);
      const pfx = makePfx({ bags: [safeContentsBag(...some), ...rest] });
      if (count <= MAX_PFX_BAGS) {
        expect(readPfx(pfx).certificatesDer).to.have.length(0);
      } else {
        const error = await refusalOf(pfx);
        expect(error.code).to.equal("CONTENT_PFX_TOO_COSTLY");
        expect(error.message).to.equal(`the PFX holds more than 300 bags${ANEW}`);
      }
    });
  }

  const nested = (levels: number) => {
    let inner = certificateBag(leaf.der);
    for (let i = 0; i < levels; i++) inner = safeContentsBag(inner);
    return makePfx({ bags: [inner] });
  };
  for (const levels of [MAX_PFX_NESTING - 2, MAX_PFX_NESTING - 1, MAX_PFX_NESTING, 100]) {
    it(`${levels < MAX_PFX_NESTING ? "reads" : "refuses"} bags inside ${levels} bags`, async () => {
      if (levels < MAX_PFX_NESTING) {
        expect(readPfx(nested(levels)).certificatesDer).to.have.length(1);
      } else {
        const error = await refusalOf(nested(levels));
        expect(error.code).to.equal("CONTENT_PFX_TOO_COSTLY");
        expect(error.message).to.equal(`the PFX nests bags more than 4 deep${ANEW}`);
      }
    });
  }

  it("reads files up to the most bytes and not one more", async () => {
    const sized = (bytes: number) => {
      const empty = makePfx({
        certificates: [makeCertificate({ commonName: "a", paddingBytes: 200_000 }).der],
      });
      const { der } = makeCertificate({ commonName: "a", paddingBytes: 200_000 + bytes - empty.length });
      return makePfx({ certificates: [der] });
    };
    // Signatures and encryption differ by a few bytes: what is beyond the file itself does not count as certificate.
    const large = sized(MAX_PFX_BYTES - 100);
    expect(large.length).to.be.within(MAX_PFX_BYTES - 200, MAX_PFX_BYTES);
    for (const bytes of [MAX_PFX_BYTES - 1, MAX_PFX_BYTES]) {
      const padded = Buffer.concat([large, Buffer.alloc(bytes - large.length)]);
      expect(readPfx(padded).certificatesDer).to.have.length(1);
    }
    const error = await refusalOf(Buffer.concat([large, Buffer.alloc(MAX_PFX_BYTES + 1 - large.length)]));
    expect(error.code).to.equal("CONTENT_PFX_TOO_COSTLY");
    expect(error.message).to.equal(`the PFX has 262145 bytes, at most 262144 are read${ANEW}`);
  });

  const data = (content: Buffer) => sequence(objectIdentifier("1.2.840.113549.1.7.1"), context(0, content));
  const deep = (levels: number, open: string, close: string) =>
    Buffer.concat([Buffer.from(open.repeat(levels), "hex"), Buffer.from(close.repeat(levels), "hex")]);
  const repeat = (hex: string, times: number) => Buffer.alloc((hex.length / 2) * times, hex, "hex");
  const HALF = MAX_PFX_BYTES / 2 - 100;
  for (const { name, pfx } of [
    { name: "sequences of indefinite length inside each other", pfx: deep(HALF / 2, "3080", "0000") },
    {
      name: "octet strings of indefinite length inside each other",
      pfx: sequence(integer(3), data(deep(HALF / 2, "2480", "0000"))),
    },
    { name: "a length of four gibibytes", pfx: Buffer.from("3084ffffffff0201033000", "hex") },
    {
      name: "a length of 126 octets",
      pfx: Buffer.concat([Buffer.from("30fe", "hex"), Buffer.alloc(126, 0xff)]),
    },
    {
      name: "a hundred thousand elements",
      pfx: sequence(repeat("0500", 100_000)),
    },
    {
      name: "a hundred thousand parts",
      pfx: sequence(integer(3), data(octets(sequence(repeat("3000", 100_000))))),
    },
    {
      name: "a hundred thousand chunks of no byte",
      pfx: sequence(integer(3), data(element(0x24, repeat("0400", 100_000)))),
    },
    { name: "chunks of one byte", pfx: sequence(integer(3), data(chunked(Buffer.alloc(80_000), 1))) },
    { name: "nothing but zeros", pfx: Buffer.alloc(MAX_PFX_BYTES) },
    { name: "nothing but ones", pfx: Buffer.alloc(MAX_PFX_BYTES, 0xff) },
  ]) {
    it(`ends at once: ${name}`, async () => {
      expect(pfx.length).to.be.at.most(MAX_PFX_BYTES);
      const error = await refusalOf(pfx);
      expect(error.code).to.equal("CONTENT_PFX_INVALID");
      expect(error.message).to.equal(`the PFX is cut off or damaged${ANEW}`);
    });
  }

  it("says no to a file that is cut off, wherever", () => {
    for (const name of ["legacy-rc2-128", "no-mac", "plain-key"]) {
      const whole = readFileSync(new URL(`../../../fixtures/pfx/${name}.pfx`, import.meta.url));
      for (let length = 0; length < whole.length; length++) {
        expect(() => readPfx(whole.subarray(0, length)), `${name}, ${length} bytes`).to.throw(ProviderError);
      }
    }
  });

  it("throws nothing but its own errors, whichever bytes are changed", () => {
    const files = (["der", "windows"] as const).flatMap((layout) =>
      ([{ cipher: "none" }, { cipher: "aes128" }, { cipher: "3des" }] as const).map((keyEncryption) =>
        makePfx({ keys: [KEY], certificates: [leaf.der], keyEncryption, layout, mac: { kind: "none" } }),
      ),
    );
    const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (file, changes) => {
          const changed = Buffer.from(file);
          for (const { at, to } of changes) changed[at % changed.length] = to;
          try {
            readPfx(changed);
          } catch (error) {
            expect(error).to.be.instanceOf(ProviderError);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("throws nothing but its own errors, whatever the bytes are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(() => readPfx(bytes)).to.throw(ProviderError);
      }),
      { numRuns: 1000 },
    );
  });
});
