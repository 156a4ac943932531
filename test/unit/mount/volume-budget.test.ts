import { expect } from "chai";
import { NodeBudget } from "../../../src/mount/node-budget.js";
import { MAX_VOLUME_BYTES, MAX_VOLUME_FILES, VolumeBudget } from "../../../src/mount/volume-budget.js";
import { thrownBy } from "../parameters/support.js";

describe("mount/volume-budget VolumeBudget", () => {
  it(`holds ${MAX_VOLUME_FILES} files, and not one more`, () => {
    const budget = new VolumeBudget(new NodeBudget().enter("shop"));
    budget.spendFiles(MAX_VOLUME_FILES - 1);
    budget.spendFiles(0);
    budget.spendFiles(1);
    const error = thrownBy(() => {
      budget.spendFiles(1);
    });
    expect(error.code).to.equal("MOUNT_TOO_LARGE");
    expect(error.message).to.match(
      /^the class makes more than 5000 files, .*; spread the objects over several/,
    );
  });

  it(`holds ${MAX_VOLUME_BYTES} bytes, and not one more`, () => {
    const budget = new VolumeBudget(new NodeBudget().enter("shop"));
    budget.spendBytes(MAX_VOLUME_BYTES - 1);
    budget.spendBytes(1);
    const error = thrownBy(() => {
      budget.spendBytes(1);
    });
    expect(error.code).to.equal("MOUNT_TOO_LARGE");
    expect(error.message).to.match(
      /^the objects of the class make more than 33554432 bytes, .*; spread the objects/,
    );
  });

  it("counts files and bytes apart, and each volume for itself", () => {
    const budget = new VolumeBudget(new NodeBudget().enter("shop"));
    budget.spendFiles(MAX_VOLUME_FILES);
    expect(() => {
      budget.spendBytes(MAX_VOLUME_BYTES);
      new VolumeBudget(new NodeBudget().enter("shop")).spendFiles(MAX_VOLUME_FILES);
    }).not.to.throw();
  });
});
