import { createHash, randomBytes } from "node:crypto";
import { expect } from "chai";
import { iterateSha1 } from "../../../../src/content/pfx/iterated-sha1.js";

describe("content/pfx/iterated-sha1 iterateSha1", () => {
  for (const times of [0, 1, 2, 3, 1000]) {
    it(`gives what Node's digest gives after ${times}`, () => {
      for (const start of [Buffer.alloc(20), Buffer.alloc(20, 0xff), randomBytes(20), randomBytes(20)]) {
        let expected = start;
        for (let i = 0; i < times; i++) expected = createHash("sha1").update(expected).digest();
        expect(Buffer.from(iterateSha1(start, times))).to.deep.equal(expected);
      }
    });
  }

  it("leaves its argument as it was, a view in a larger buffer too", () => {
    const outer = randomBytes(60);
    const before = Buffer.from(outer);
    const digested = iterateSha1(outer.subarray(20, 40), 5);
    expect(outer).to.deep.equal(before);
    expect(Buffer.from(digested)).to.deep.equal(
      Buffer.from(iterateSha1(Uint8Array.from(before.subarray(20, 40)), 5)),
    );
  });
});
