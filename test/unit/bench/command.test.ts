import { expect } from "chai";
import { fillCommand, splitWords } from "../../../bench/provider/command.js";
import { nodeOfCommand } from "../../../bench/provider/bare-node.js";

const VALUES = { endpoint: "unix:///run/azure.sock", healthzPort: 8989, metricsPort: 8898 };

describe("bench/provider/command splitWords", () => {
  const cases = [
    { text: "node dist/provider.js", words: ["node", "dist/provider.js"] },
    { text: "  a \t b\n", words: ["a", "b"] },
    { text: `'a b' "c d"`, words: ["a b", "c d"] },
    { text: `--flag="a b"c`, words: ["--flag=a bc"] },
    { text: `"it's" 'say "x"'`, words: ["it's", 'say "x"'] },
    { text: `a ""`, words: ["a", ""] },
    { text: "a\\ b", words: ["a\\", "b"] },
    { text: "", words: [] },
  ];
  for (const { text, words } of cases) {
    it(`splits ${JSON.stringify(text)}`, () => {
      expect(splitWords(text)).to.deep.equal(words);
    });
  }

  for (const text of [`"a`, `a 'b`, `a "b' c`]) {
    it(`refuses ${JSON.stringify(text)}, whose quote is open`, () => {
      expect(() => splitWords(text)).to.throw(RangeError, "is not closed");
    });
  }
});

describe("bench/provider/command fillCommand", () => {
  it("puts the usual flags behind a template that places nothing", () => {
    expect(fillCommand("node dist/provider.js -v=2", VALUES)).to.deep.equal([
      "node",
      "dist/provider.js",
      "-v=2",
      "--endpoint=unix:///run/azure.sock",
      "--healthz-port=8989",
      "--prometheus-port=8898",
    ]);
  });

  it("fills in what the template places, and adds nothing then", () => {
    expect(fillCommand("p -e {endpoint} {healthzPort}:{metricsPort}", VALUES)).to.deep.equal([
      "p",
      "-e",
      "unix:///run/azure.sock",
      "8989:8898",
    ]);
  });

  const refused = [
    { template: "", message: "the provider's command is empty" },
    { template: "   ", message: "the provider's command is empty" },
    { template: "p {endpoint} {port}", message: '"{port}" in the provider\'s command is not known' },
    { template: "p {toString}", message: '"{toString}" in the provider\'s command is not known' },
    { template: "p '{endpoint}", message: "is not closed" },
  ];
  for (const { template, message } of refused) {
    it(`refuses ${JSON.stringify(template)}`, () => {
      expect(() => fillCommand(template, VALUES)).to.throw(RangeError, message);
    });
  }
});

describe("bench/provider/bare-node nodeOfCommand", () => {
  const cases = [
    { template: "node dist/provider.js", node: "node" },
    { template: "/opt/node-26/bin/node dist/provider.js", node: "/opt/node-26/bin/node" },
    { template: "sh bench/limited.sh 50m 100Mi node dist/provider.js", node: "node" },
    { template: "/usr/bin/provider-azure", node: undefined },
    { template: "./node-provider", node: undefined },
  ];
  for (const { template, node } of cases) {
    it(`finds ${String(node)} in "${template}"`, () => {
      expect(nodeOfCommand(template)).to.equal(node);
    });
  }
});
