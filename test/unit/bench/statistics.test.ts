import { expect } from "chai";
import fc from "fast-check";
import { mean, percentile, slope } from "../../../bench/measure/statistics.js";

describe("bench/measure/statistics percentile", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  const cases = [
    { sample: [7], share: 0.5, expected: 7 },
    { sample: [1, 2], share: 0.5, expected: 1 },
    { sample: [3, 1, 2], share: 0.5, expected: 2 },
    { sample: [10, 9, 1], share: 1, expected: 10 },
    { sample: hundred, share: 0.5, expected: 50 },
    { sample: hundred, share: 0.99, expected: 99 },
    { sample: hundred, share: 0.991, expected: 100 },
    { sample: hundred, share: 0.001, expected: 1 },
  ];
  for (const { sample, share, expected } of cases) {
    it(`is ${expected} for share ${share} of ${sample.length} values`, () => {
      expect(percentile(sample, share)).to.equal(expected);
    });
  }

  it("is NaN of an empty sample", () => {
    expect(percentile([], 0.5)).to.be.NaN;
  });

  it("sorts by value, not by text, and leaves the sample as it was", () => {
    const sample = [9, 10, 100];
    expect(percentile(sample, 0.5)).to.equal(10);
    expect(sample).to.deep.equal([9, 10, 100]);
  });

  it("is a value of the sample with enough values at or below it", () => {
    const share = fc.double({ min: 0.001, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), share, (sample, part) => {
        const value = percentile(sample, part);
        const below = sample.filter((other) => other <= value).length;
        return sample.includes(value) && below >= part * sample.length - 1e-9;
      }),
    );
  });
});

describe("bench/measure/statistics slope", () => {
  it("is that of a straight line", () => {
    const line = [1, 2, 5, 9].map((x) => ({ x, y: 3 * x - 4 }));
    expect(slope(line)).to.be.closeTo(3, 1e-12);
  });

  it("is 0 of a level one", () => {
    expect(slope([1, 2, 3].map((x) => ({ x, y: 7 })))).to.equal(0);
  });

  it("goes between points that do not lie on a line", () => {
    const points = [
      { x: 0, y: 0 },
      { x: 1, y: 2 },
      { x: 2, y: 1 },
    ];
    expect(slope(points)).to.equal(0.5);
  });

  for (const points of [
    [],
    [{ x: 1, y: 2 }],
    [
      { x: 1, y: 2 },
      { x: 1, y: 5 },
    ],
  ]) {
    it(`is NaN of ${points.length} points that make no line`, () => {
      expect(slope(points)).to.be.NaN;
    });
  }
});

describe("bench/measure/statistics mean", () => {
  it("is the sum by the count", () => {
    expect(mean([1, 2, 6])).to.equal(3);
  });

  it("is NaN of an empty sample", () => {
    expect(mean([])).to.be.NaN;
  });
});
