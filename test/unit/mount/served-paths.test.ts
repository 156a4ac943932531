import { expect } from "chai";
import { ServedPaths } from "../../../src/mount/served-paths.js";

const PATH = "/var/lib/kubelet/pods/u-1/volumes/kubernetes.io~csi/secrets/mount";
const HOUR_MS = 3_600_000;

describe("mount/served-paths ServedPaths", () => {
  it("knows the paths that it was told, and no others", () => {
    const paths = new ServedPaths();
    expect(paths.has(PATH)).to.equal(false);
    paths.add(PATH);
    expect(paths.has(PATH)).to.equal(true);
    expect(paths.has(`${PATH}/`)).to.equal(false);
  });

  for (const [what, path] of [
    ["an empty path, which any call may have", ""],
    ["one that is longer than paths can be", "/".padEnd(4_097, "x")],
  ] as const) {
    it(`does not remember ${what}`, () => {
      const paths = new ServedPaths();
      paths.add(path);
      expect(paths.has(path)).to.equal(false);
    });
  }

  it("forgets the path served longest ago when there are too many, or they are too long together", () => {
    const few = new ServedPaths({ maxPaths: 2 });
    for (const path of ["/a", "/b", "/c"]) few.add(path);
    expect(["/a", "/b", "/c"].map((path) => few.has(path))).to.deep.equal([false, true, true]);
    const long = new ServedPaths();
    const names = Array.from({ length: 300 }, (_, i) => `/${i}/`.padEnd(4_096, "x"));
    for (const path of names) long.add(path);
    expect(names.filter((path) => long.has(path))).to.deep.equal(names.slice(-256));
  });

  it("forgets a path that has not come round for six hours; each success counts anew", async () => {
    let nowMs = 1_000;
    const paths = new ServedPaths({ now: () => nowMs });
    /** The table looks at the clock once a millisecond. */
    const pass = async (ms: number): Promise<void> => {
      nowMs += ms;
      await new Promise((resolve) => setTimeout(resolve, 10));
    };
    paths.add(PATH);
    await pass(5 * HOUR_MS);
    paths.add(PATH);
    await pass(5 * HOUR_MS);
    expect(paths.has(PATH)).to.equal(true);
    await pass(1 * HOUR_MS + 1);
    expect(paths.has(PATH)).to.equal(false);
  });
});
