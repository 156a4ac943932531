import { randomBytes } from "node:crypto";
import { expect } from "chai";

/** Stands at the start of every planted value. Its length is a multiple of three, so that its base64 stands out too. */
const MARK = "hush-a-planted-value";
const MARK_BYTES = Buffer.from(`${MARK}-`); // 21 bytes

/** A value that must never be seen in a log, a metric or an error. */
export function plant(label = "secret"): string {
  return `${MARK_BYTES.toString()}${label}-${randomBytes(9).toString("hex")}`;
}

const FORBIDDEN: readonly (readonly [string, RegExp])[] = [
  ["a planted value", new RegExp(MARK, "i")],
  ["a planted value in base64", new RegExp(MARK_BYTES.toString("base64"))],
  ["a planted value in hex", new RegExp(MARK_BYTES.toString("hex"), "i")],
  ["a JSON Web Token", /\beyJ[\w-]{10,}/],
  ["a bearer token", /Bearer [\w.-]{20,}/i],
  ["a PEM block", /-----BEGIN/],
];

/** @throws AssertionError that names the kind of value and shows where it stands */
export function assertNothingLeaks(text: string): void {
  for (const [what, pattern] of FORBIDDEN) {
    const found = pattern.exec(text);
    const place = found === null ? "" : text.slice(Math.max(0, found.index - 200), found.index + 100);
    expect(found, `${what} was shown: …${place}…`).to.equal(null);
  }
}
