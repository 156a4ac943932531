import { expect } from "chai";
import type { ReadPfx } from "../../../src/content/to-files.js";
import { ProviderError } from "../../../src/errors/provider-error.js";
import { OpenedPfx } from "../../../src/mount/opened-pfx.js";
import { rejectedBy, secretValue } from "./support.js";

type Contents = Awaited<ReturnType<ReadPfx>>;

const PFX = new Uint8Array([1]);

/** A reader that counts, and ends as the test says, one after the other. */
function counting(...ends: (Contents | Error)[]): {
  readonly readPfx: ReadPfx;
  readonly count: () => number;
} {
  let count = 0;
  return {
    readPfx: () => {
      const end = ends[Math.min(count, ends.length - 1)];
      count += 1;
      return end instanceof Error || end === undefined
        ? Promise.reject(end ?? new Error())
        : Promise.resolve(end);
    },
    count: () => count,
  };
}

const CONTENTS = { marker: "what is in it" } as unknown as Contents;

describe("mount/opened-pfx OpenedPfx", () => {
  it("opens a value's PFX once, however often the value comes", async () => {
    const opened = new OpenedPfx();
    const { readPfx, count } = counting(CONTENTS);
    const value = secretValue("v1");
    for (let i = 0; i < 3; i += 1) expect(await opened.reader(value, readPfx)(PFX)).to.equal(CONTENTS);
    expect(count()).to.equal(1);
  });

  it("opens another value's anew, though it looks the same", async () => {
    const opened = new OpenedPfx();
    const { readPfx, count } = counting(CONTENTS);
    await opened.reader(secretValue("v1"), readPfx)(PFX);
    await opened.reader(secretValue("v1"), readPfx)(PFX);
    expect(count()).to.equal(2);
  });

  it("remembers that a PFX is none", async () => {
    const opened = new OpenedPfx();
    const { readPfx, count } = counting(new ProviderError("CONTENT_PFX_INVALID", "no PFX"));
    const value = secretValue("v1");
    for (let i = 0; i < 2; i += 1) {
      expect((await rejectedBy(opened.reader(value, readPfx)(PFX))).code).to.equal("CONTENT_PFX_INVALID");
    }
    expect(count()).to.equal(1);
  });

  for (const code of ["CALL_CANCELLED", "CALL_DEADLINE_EXCEEDED", "WORKER_OVERLOADED"] as const) {
    it(`does not take ${code} for a property of the value`, async () => {
      const opened = new OpenedPfx();
      const { readPfx, count } = counting(new ProviderError(code, "not now"), CONTENTS);
      const value = secretValue("v1");
      expect((await rejectedBy(opened.reader(value, readPfx)(PFX))).code).to.equal(code);
      expect(await opened.reader(value, readPfx)(PFX)).to.equal(CONTENTS);
      expect(count()).to.equal(2);
    });
  }
});
