import { expect } from "chai";
import type { ServedFrom, ServedRead } from "../../../src/keyvault/shared-vaults.js";
import { logServed } from "../../../src/mount/served-log.js";
import { RecordingLogger } from "../network/recording-logger.js";

const VERSION = "0123456789abcdef0123456789abcdef";

function given(from: ServedFrom, changes: Partial<ServedRead["reference"]> = {}): ServedRead {
  return {
    reference: { type: "secret", name: "db", version: VERSION, ...changes },
    from,
    requestId: "r-1",
  };
}

function logged(
  served: readonly ServedRead[],
  isStarting = true,
): { readonly level: string; readonly vault: string; readonly objects: string }[] {
  const log = new RecordingLogger();
  logServed(log, served, { vault: "kv", isStarting });
  return log.lines.map((line) => JSON.parse(line) as { level: string; vault: string; objects: string });
}

describe("mount/served-log logServed", () => {
  it("names each object with version, source and the request of the vault's own log", () => {
    const lines = logged([
      given("vault"),
      given("shared", { type: "key", name: "sign" }),
      { ...given("stale"), requestId: undefined },
      given("vault", { version: undefined }),
    ]);
    expect(lines).to.have.length(1);
    expect(lines[0]?.vault).to.equal("kv");
    expect(lines[0]?.objects.split(" ")).to.deep.equal([
      `secret/db:${VERSION}=vault:r-1`,
      `key/sign:${VERSION}=shared:r-1`,
      `secret/db:${VERSION}=stale:-`,
      "secret/db:versions=vault:r-1",
    ]);
  });

  const LEVELS: readonly [isStarting: boolean, from: ServedFrom[], level: string][] = [
    [true, ["cache"], "info 0"],
    [true, ["vault"], "info 0"],
    [false, ["cache", "vault"], "info 0"],
    [false, ["shared"], "info 0"],
    [false, ["cache", "cache"], "info 2"],
  ];
  for (const [isStarting, from, level] of LEVELS) {
    it(`${isStarting ? "a first mount" : "a remount"} from ${from.join(" and ")}: verbosity ${level.slice(5)}`, () => {
      expect(
        logged(
          from.map((source) => given(source)),
          isStarting,
        )[0]?.level,
      ).to.equal(level);
    });
  }

  it("takes more lines for many objects, and none for nothing", () => {
    const many = Array.from({ length: 41 }, (_, i) => given("vault", { name: `n${i}` }));
    expect(logged(many).map(({ objects }) => objects.split(" ").length)).to.deep.equal([20, 20, 1]);
    expect(logged([])).to.deep.equal([]);
  });

  it("cuts what no vault would have, and lets no control character into the log", () => {
    const [line] = logged([
      given("vault", { name: `a\n${"x".repeat(500)}`, version: `v\u001b${"y".repeat(5_000)}` }),
    ]);
    expect(line?.objects).to.match(/^[ -~…]+$/);
    expect(line?.objects.length).to.be.lessThan(500);
  });
});
