import { expect } from "chai";
import { encodePprof, type Frame, type Profile } from "../../../src/telemetry/pprof-format.js";
import { readPprof } from "./pprof-reader.js";

describe("telemetry/pprof-format encodePprof", () => {
  const inner: Frame = { functionName: "inner", scriptUrl: "file:///provider.mjs", line: 3, column: 14 };
  const outer: Frame = { functionName: "outer", scriptUrl: "file:///provider.mjs", line: 1, column: 2 };
  const cpu = { type: "cpu", unit: "nanoseconds" };
  const profile: Profile = {
    measures: [{ type: "samples", unit: "count" }, cpu],
    periodMeasure: cpu,
    period: 5_000_000,
    stacks: [
      { frames: [inner, outer], values: [2, 10_000_000] },
      { frames: [outer], values: [1, 3] },
    ],
    startedAtMs: 1_800_000_000_123,
    durationMs: 2_000.4,
  };

  it("says what pprof's own message says", () => {
    const read = readPprof(encodePprof(profile));
    expect(read.measures).to.deep.equal(["samples/count", "cpu/nanoseconds"]);
    expect(read.period).to.equal("5000000 cpu/nanoseconds");
    expect(read.samples).to.deep.equal([
      {
        frames: ["inner file:///provider.mjs:3:14", "outer file:///provider.mjs:1:2"],
        values: [2, 10_000_000],
      },
      { frames: ["outer file:///provider.mjs:1:2"], values: [1, 3] },
    ]);
    expect(read.timeNanos).to.equal(1_800_000_000_123_000_000);
    expect(read.durationNanos).to.equal(2_000_000_000);
  });

  it("has each text once, and the empty one first", () => {
    const { strings } = readPprof(encodePprof(profile));
    expect(strings[0]).to.equal("");
    expect(new Set(strings).size).to.equal(strings.length);
  });

  it("tells functions of one name apart by where they stand", () => {
    const frames = [inner, { ...inner, column: 99 }];
    const read = readPprof(encodePprof({ ...profile, stacks: [{ frames, values: [1, 1] }] }));
    expect(read.samples[0]?.frames).to.deep.equal([
      "inner file:///provider.mjs:3:14",
      "inner file:///provider.mjs:3:99",
    ]);
  });

  it("names what has no name, and cuts long ones", () => {
    const frames = [
      { ...inner, functionName: "" },
      { ...inner, functionName: "x".repeat(5_000) },
    ];
    const read = readPprof(encodePprof({ ...profile, stacks: [{ frames, values: [1, 1] }] }));
    expect(read.samples[0]?.frames.map((frame) => frame.split(" ")[0])).to.deep.equal([
      "(anonymous)",
      "x".repeat(256),
    ]);
  });

  it("can be empty", () => {
    const read = readPprof(encodePprof({ ...profile, stacks: [] }));
    expect(read.samples).to.deep.equal([]);
  });
});
