import { expect } from "chai";
import { parseOptions } from "../../../bench/options.js";
import { SCENARIOS } from "../../../bench/scenarios/all.js";

const parse = (...argv: string[]) => parseOptions(argv, SCENARIOS);

describe("bench/options parseOptions", () => {
  it("runs everything once for the built provider when nothing is said", () => {
    expect(parse()).to.deep.equal({
      action: "run",
      providers: ["node dist/provider.js"],
      scenarios: SCENARIOS,
      scale: "full",
      delayMs: 20,
      repeat: 1,
      json: undefined,
    });
  });

  it("runs two providers twice each", () => {
    const { providers, repeat } = parse("--provider", "a", "--against=b {endpoint}");
    expect({ providers, repeat }).to.deep.equal({ providers: ["a", "b {endpoint}"], repeat: 2 });
  });

  it("runs two providers once each when quick, unless it is told otherwise", () => {
    const { scale, repeat } = parse("--against", "b", "--quick");
    expect({ scale, repeat }).to.deep.equal({ scale: "quick", repeat: 1 });
    expect(parse("--against", "b", "--quick", "--repeat", "3").repeat).to.equal(3);
  });

  const actions = [
    { argv: ["--list"], action: "list" },
    { argv: ["--help"], action: "help" },
    { argv: ["--help", "--list"], action: "help" },
  ];
  for (const { argv, action } of actions) {
    it(`${argv.join(" ")} asks for ${action}`, () => {
      expect(parse(...argv).action).to.equal(action);
    });
  }

  it("takes scenarios by name and by the beginning of a name, in their own order", () => {
    const names = parse("--scenario", "leaks-*,mount-1-*,mount-1,start").scenarios.map(({ name }) => name);
    expect(names).to.deep.equal([
      "start",
      "mount-1",
      "mount-1-no-delay",
      "leaks-new-pods",
      "leaks-same-pods",
    ]);
  });

  for (const repeat of ["1", "100"]) {
    it(`repeats ${repeat} times`, () => {
      expect(parse("--repeat", repeat).repeat).to.equal(Number(repeat));
    });
  }

  for (const delay of ["0", "10000"]) {
    it(`takes a delay of ${delay} ms`, () => {
      expect(parse("--delay-ms", delay).delayMs).to.equal(Number(delay));
    });
  }

  const refused = [
    { argv: ["--repeat", "0"], message: '--repeat takes a whole number from 1 to 100, not "0"' },
    { argv: ["--repeat", "101"], message: '--repeat takes a whole number from 1 to 100, not "101"' },
    { argv: ["--repeat", "1.5"], message: '--repeat takes a whole number from 1 to 100, not "1.5"' },
    { argv: ["--repeat", "x"], message: '--repeat takes a whole number from 1 to 100, not "x"' },
    { argv: ["--repeat", ""], message: '--repeat takes a whole number from 1 to 100, not ""' },
    {
      argv: ["--delay-ms", "10001"],
      message: '--delay-ms takes a whole number from 0 to 10000, not "10001"',
    },
    { argv: ["--delay-ms=-1"], message: '--delay-ms takes a whole number from 0 to 10000, not "-1"' },
    { argv: ["--scenario", "start,nothing"], message: 'no scenario is called "nothing"; there are start, ' },
    { argv: ["--scenario", "zz*"], message: 'no scenario is called "zz*"' },
    { argv: ["--provider", " "], message: "the provider's command is empty" },
    { argv: ["--against", "p {socket}"], message: '"{socket}" in the provider\'s command is not known' },
    { argv: ["--fast"], message: "--fast" },
    { argv: ["start"], message: "start" },
    { argv: ["--json"], message: "--json" },
  ];
  for (const { argv, message } of refused) {
    it(`refuses ${argv.join(" ")}`, () => {
      expect(() => parse(...argv)).to.throw(RangeError, message);
    });
  }
});

describe("bench/scenarios", () => {
  it("have names of their own", () => {
    const names = SCENARIOS.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
  });

  for (const { name, plan } of SCENARIOS) {
    it(`${name} is smaller when quick, and bounded in both sizes`, () => {
      const [full, quick] = [plan({ scale: "full", delayMs: 20 }), plan({ scale: "quick", delayMs: 20 })];
      const pods = ({ world }: typeof full): number => world.principals * world.podsPerPrincipal;
      expect(pods(quick)).to.be.at.most(pods(full));
      expect(quick.starts).to.be.at.most(full.starts);
      expect(full.limitMs).to.be.within(1, 600_000);
      expect(pods(full)).to.be.within(1, 5_000);
      expect(Number.isInteger(quick.world.podsPerPrincipal)).to.equal(true);
    });

    it(`${name} has the delay that was asked for, or none`, () => {
      const delays = [5, 70].map((delayMs) => plan({ scale: "full", delayMs }).behaviour.delayMs);
      expect(delays).to.be.deep.oneOf([
        [5, 70],
        [0, 0],
      ]);
    });
  }
});
