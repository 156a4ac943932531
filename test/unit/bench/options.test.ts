import { expect } from "chai";
import { parseOptions } from "../../../bench/options.js";
import { SCENARIOS } from "../../../bench/scenarios/all.js";

const parse = (...argv: string[]) => parseOptions(argv, SCENARIOS);

describe("bench/options parseOptions", () => {
  it("runs everything once for the built provider when nothing is said", () => {
    expect(parse()).to.deep.equal({
      providers: ["node dist/provider.js"],
      scenarios: SCENARIOS,
      scale: "full",
      repeat: 1,
      json: undefined,
      list: false,
    });
  });

  it("runs two providers twice each", () => {
    const { providers, repeat } = parse("--provider", "a", "--against=b {endpoint}");
    expect({ providers, repeat }).to.deep.equal({ providers: ["a", "b {endpoint}"], repeat: 2 });
  });

  it("takes scenarios by name and by the beginning of a name, in their own order", () => {
    const names = parse("--scenario", "leaks,mount-1-*,start").scenarios.map(({ name }) => name);
    expect(names).to.deep.equal(["start", "mount-1-20ms", "mount-1-0ms", "leaks"]);
  });

  for (const repeat of ["1", "100"]) {
    it(`repeats ${repeat} times`, () => {
      expect(parse("--repeat", repeat).repeat).to.equal(Number(repeat));
    });
  }

  const refused = [
    { argv: ["--repeat", "0"], message: '--repeat takes a whole number from 1 to 100, not "0"' },
    { argv: ["--repeat", "101"], message: '--repeat takes a whole number from 1 to 100, not "101"' },
    { argv: ["--repeat", "1.5"], message: '--repeat takes a whole number from 1 to 100, not "1.5"' },
    { argv: ["--repeat", "x"], message: '--repeat takes a whole number from 1 to 100, not "x"' },
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
      const [full, quick] = [plan("full"), plan("quick")];
      const pods = ({ world }: typeof full): number => world.principals * world.podsPerPrincipal;
      expect(pods(quick)).to.be.at.most(pods(full));
      expect(quick.starts).to.be.at.most(full.starts);
      expect(full.limitMs).to.be.within(1, 600_000);
      expect(pods(full)).to.be.within(1, 5_000);
    });
  }
});
