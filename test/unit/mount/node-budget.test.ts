import { expect } from "chai";
import { DEFAULT_NODE_BUDGET, NodeBudget } from "../../../src/mount/node-budget.js";
import { MAX_VOLUME_BYTES } from "../../../src/mount/volume-budget.js";
import { thrownBy } from "../parameters/support.js";

describe("mount/node-budget NodeBudget", () => {
  it("holds so many bytes of all volumes together, until their mounts have ended", () => {
    const budget = new NodeBudget({ maxBytes: 100, maxBytesPerNamespace: 60 });
    const first = budget.enter("a");
    first.spend(60);
    const second = budget.enter("b");
    second.spend(40);
    const error = thrownBy(() => {
      second.spend(1);
    });
    expect(error.code).to.equal("PROVIDER_OVERLOADED");
    expect(error.message).to.match(/^the volumes that are being made for this node's pods fill/);
    first.leave();
    second.spend(20);
  });

  it("keeps room for the pods of other namespaces", () => {
    const budget = new NodeBudget({ maxBytes: 100, maxBytesPerNamespace: 60 });
    budget.enter("greedy").spend(60);
    const more = budget.enter("greedy");
    const error = thrownBy(() => {
      more.spend(1);
    });
    expect(error.message).to.match(/^the volumes that are being made for pods of namespace "greedy" fill/);
    more.leave();
    budget.enter("other").spend(40);
  });

  it("gives back once what was spent, and nothing of what was refused", () => {
    const budget = new NodeBudget({ maxBytes: 10, maxBytesPerNamespace: 10 });
    const room = budget.enter("a");
    room.spend(4);
    thrownBy(() => {
      room.spend(7);
    });
    room.leave();
    room.leave();
    const other = budget.enter("a");
    other.spend(10);
    thrownBy(() => {
      other.spend(1);
    });
  });

  it("has room for the largest volume, and for others beside it", () => {
    expect(DEFAULT_NODE_BUDGET.maxBytesPerNamespace).to.be.at.least(MAX_VOLUME_BYTES);
    expect(DEFAULT_NODE_BUDGET.maxBytes).to.be.above(DEFAULT_NODE_BUDGET.maxBytesPerNamespace);
  });
});
