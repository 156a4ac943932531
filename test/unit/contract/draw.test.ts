import { expect } from "chai";
import { drawRows } from "../../../scripts/prove-coverage/draw.js";
import { SECTIONS } from "../../contract/rows.js";

describe("prove-coverage drawRows", () => {
  const rows = SECTIONS.flatMap((section) => section.rows);

  it("draws the same rows with the same seed, and others with another", () => {
    expect(drawRows(rows, 10, 7)).to.deep.equal(drawRows(rows, 10, 7));
    expect(drawRows(rows, 10, 7)).not.to.deep.equal(drawRows(rows, 10, 8));
  });

  it("draws no row twice, and never more than there are", () => {
    const all = drawRows(rows, rows.length + 1, 7);
    expect(new Set(all).size).to.equal(rows.length);
    expect(all).to.have.length(rows.length);
  });
});
