import { expect } from "chai";
import { fromCpuProfile, fromHeapProfile } from "../../../src/telemetry/v8-profiles.js";

const TIMES = { startedAtMs: 1, durationMs: 2 };
const frame = (functionName: string, lineNumber = 0) => ({
  functionName,
  scriptId: "1",
  url: "file:///a.js",
  lineNumber,
  columnNumber: 4,
});

describe("telemetry/v8-profiles", () => {
  describe("fromCpuProfile", () => {
    const nodes = [
      { id: 1, callFrame: frame("(root)", -1), children: [2, 4] },
      { id: 2, callFrame: frame("outer"), children: [3] },
      { id: 3, callFrame: frame("inner", 9) },
      { id: 4, callFrame: frame("(idle)", -1) },
    ];

    it("gives each stack its samples and its time, the innermost frame first", () => {
      const { stacks, measures, period } = fromCpuProfile(
        {
          nodes,
          startTime: 1_000,
          endTime: 1_200,
          samples: [3, 3, 2, 3],
          timeDeltas: [10, 20, 30, 40],
        },
        5_000,
        TIMES,
      );
      const at = { scriptUrl: "file:///a.js", column: 5 };
      expect(stacks).to.deep.equal([
        {
          frames: [
            { ...at, functionName: "inner", line: 10 },
            { ...at, functionName: "outer", line: 1 },
          ],
          // 20 and 30 µs, and the last sample until the end: 100.
          values: [3, 150_000],
        },
        { frames: [{ ...at, functionName: "outer", line: 1 }], values: [1, 40_000] },
      ]);
      expect(measures.map(({ type }) => type)).to.deep.equal(["samples", "cpu"]);
      expect(period).to.equal(5_000_000);
    });

    it("leaves out waiting, and the root alone", () => {
      const { stacks } = fromCpuProfile(
        { nodes, startTime: 0, endTime: 90, samples: [4, 1, 4], timeDeltas: [10, 10, 10] },
        5_000,
        TIMES,
      );
      expect(stacks).to.deep.equal([]);
    });

    it("counts no time that ran backwards", () => {
      const { stacks } = fromCpuProfile(
        { nodes, startTime: 0, endTime: 5, samples: [2, 2], timeDeltas: [10, -3] },
        5_000,
        TIMES,
      );
      expect(stacks.map(({ values }) => values)).to.deep.equal([[2, 0]]);
    });

    it("is empty when nothing was sampled", () => {
      const { stacks } = fromCpuProfile({ nodes, startTime: 0, endTime: 5 }, 5_000, TIMES);
      expect(stacks).to.deep.equal([]);
    });
  });

  describe("fromHeapProfile", () => {
    it("gives each stack that allocated its bytes", () => {
      const { stacks, measures, periodMeasure, period } = fromHeapProfile(
        {
          head: {
            callFrame: frame("(root)", -1),
            selfSize: 7,
            children: [
              {
                callFrame: frame("outer"),
                selfSize: 0,
                children: [{ callFrame: frame("inner", 9), selfSize: 4096, children: [] }],
              },
              { callFrame: frame("alone"), selfSize: 100, children: [] },
            ],
          },
        },
        32_768,
        TIMES,
      );
      const read = stacks.map(({ frames, values }) => [
        frames.map(({ functionName }) => functionName),
        values,
      ]);
      expect(read).to.have.deep.members([
        [["inner", "outer"], [4096]],
        [["alone"], [100]],
      ]);
      expect([...measures, periodMeasure]).to.deep.equal([
        { type: "inuse_space", unit: "bytes" },
        { type: "space", unit: "bytes" },
      ]);
      expect(period).to.equal(32_768);
    });
  });
});
