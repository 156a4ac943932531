import { expect } from "chai";
import { AddressLimit } from "../../../src/telemetry/address-limit.js";

describe("telemetry/address-limit AddressLimit", () => {
  it("lets as many connections be open as the limit says", () => {
    const limit = new AddressLimit({ maxOpen: 2, burst: 100, perSecond: 1 }, () => 0);
    expect([1, 2, 3].map(() => limit.admit("10.0.0.1"))).to.deep.equal([true, true, false]);
    limit.release("10.0.0.1");
    expect(limit.admit("10.0.0.1")).to.equal(true);
    expect(limit.admit("10.0.0.1")).to.equal(false);
  });

  it("lets a burst in, and then as many as come to it by time", () => {
    let nowMs = 0;
    const limit = new AddressLimit({ maxOpen: 100, burst: 3, perSecond: 2 }, () => nowMs);
    const come = (): boolean => limit.admit("10.0.0.1");
    expect([1, 2, 3, 4].map(come)).to.deep.equal([true, true, true, false]);
    nowMs = 499;
    expect(come()).to.equal(false);
    nowMs = 500;
    expect([1, 2].map(come)).to.deep.equal([true, false]);
    nowMs = 1e9;
    expect([1, 2, 3, 4].map(come)).to.deep.equal([true, true, true, false]);
  });

  it("holds one address's connections against no other", () => {
    const limit = new AddressLimit({ maxOpen: 1, burst: 1, perSecond: 0 }, () => 0);
    expect(limit.admit("10.0.0.1")).to.equal(true);
    expect(limit.admit("10.0.0.1")).to.equal(false);
    expect(limit.admit("10.0.0.2")).to.equal(true);
  });

  it("remembers 1,024 addresses and forgets the one longest unseen", () => {
    const limit = new AddressLimit({ maxOpen: 9, burst: 1, perSecond: 0 }, () => 0);
    for (let i = 0; i < 1024; i++) limit.admit(`a${i}`);
    expect(limit.admit("a0")).to.equal(false);
    limit.admit("one more"); // drops a1, since a0 was seen again
    expect(limit.admit("a0")).to.equal(false);
    expect(limit.admit("a1")).to.equal(true);
  });

  it("takes a release that belongs to nothing", () => {
    const limit = new AddressLimit({ maxOpen: 1, burst: 9, perSecond: 0 }, () => 0);
    limit.release("10.0.0.1");
    limit.admit("10.0.0.1");
    limit.release("10.0.0.1");
    limit.release("10.0.0.1");
    expect(limit.admit("10.0.0.1")).to.equal(true);
    expect(limit.admit("10.0.0.1")).to.equal(false);
  });
});
