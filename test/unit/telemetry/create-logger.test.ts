import { expect } from "chai";
import { createLogger } from "../../../src/telemetry/create-logger.js";
import type { LogFields, Logger } from "../../../src/telemetry/logger.js";
import { Sensitive } from "../../../src/model/sensitive.js";

const TIME_MS = new Date(2026, 10, 24, 7, 54, 40, 123).getTime();

function capture(options: { verbosity?: number; json?: boolean }): {
  log: Logger;
  out: string[];
  err: string[];
} {
  const out: string[] = [];
  const err: string[] = [];
  const log = createLogger({
    verbosity: options.verbosity ?? 0,
    json: options.json ?? false,
    write: { out: (line) => out.push(line), err: (line) => err.push(line) },
    clock: () => TIME_MS,
  });
  return { log, out, err };
}

describe("telemetry/create-logger text", () => {
  it("writes every level to standard error, as klog does", () => {
    const { log, out, err } = capture({});
    log.info(0, "up", { port: 1 });
    log.warn("odd");
    log.error("broken", { code: "EIO" });
    expect(out).to.be.empty;
    const pid = String(process.pid).padStart(7);
    expect(err).to.deep.equal([
      `I1124 07:54:40.123000 ${pid} provider.js:0] "up" port=1\n`,
      `W1124 07:54:40.123000 ${pid} provider.js:0] "odd"\n`,
      `E1124 07:54:40.123000 ${pid} provider.js:0] "broken" code="EIO"\n`,
    ]);
  });

  it("drops info lines above -v and never a warning or an error", () => {
    for (const [verbosity, expected] of [
      [0, ["0", "w", "e"]],
      [4, ["0", "4", "w", "e"]],
      [5, ["0", "4", "5", "w", "e"]],
    ] as const) {
      const { log, err } = capture({ verbosity });
      log.info(0, "0");
      log.info(4, "4");
      log.info(5, "5");
      log.warn("w");
      log.error("e");
      expect(err.map((line) => /\] "(.)"\n$/.exec(line)?.[1])).to.deep.equal(expected);
    }
  });

  it("carries the fields of with(), the nearer ones first in force", () => {
    const { log, err } = capture({});
    const pod = log.with({ pod: "a", namespace: "n" });
    pod.with({ pod: "b" }).info(0, "m", { vault: "v" });
    pod.info(0, "m");
    expect(err.map((line) => line.slice(line.indexOf("] ") + 2))).to.deep.equal([
      '"m" pod="b" namespace="n" vault="v"\n',
      '"m" pod="a" namespace="n"\n',
    ]);
  });

  it("cannot be made to forge a line", () => {
    const { log, err } = capture({});
    log
      .with({ pod: 'x\nE1124 07:54:40.123000       1 provider.js:0] "all secrets lost"' })
      .error("m\n\nE1124");
    expect(err).to.have.length(1);
    expect(err[0]?.indexOf("\n")).to.equal((err[0]?.length ?? 0) - 1);
  });
});

describe("telemetry/create-logger JSON", () => {
  it("writes errors to standard error and the rest to standard output", () => {
    const { log, out, err } = capture({ json: true, verbosity: 2 });
    log.info(2, "up", { port: 1 });
    log.warn("odd");
    log.error("broken", { code: "EIO" });
    expect(out.map((line) => JSON.parse(line) as unknown)).to.deep.equal([
      { level: "info", ts: TIME_MS, v: 2, port: 1, msg: "up" },
      { level: "warn", ts: TIME_MS, msg: "odd" },
    ]);
    expect(err.map((line) => JSON.parse(line) as unknown)).to.deep.equal([
      { level: "error", ts: TIME_MS, code: "EIO", msg: "broken" },
    ]);
  });

  it("keeps its own keys whatever the fields are called", () => {
    const { log, out } = capture({ json: true });
    log.info(0, "true", { msg: "false", level: "fatal", ts: 1, v: 9, __proto__: 1 });
    expect(out[0]?.match(/"msg":/g)).to.have.length(1);
    expect(JSON.parse(out[0] ?? "")).to.deep.include({
      msg: "true",
      level: "info",
      ts: TIME_MS,
      v: 0,
      msg_: "false",
    });
  });

  it("is one line of plain JSON whatever a value holds", () => {
    const value = 'a"b\\\n\r\u2028\u202e\u009b\ud800';
    const { log, out } = capture({ json: true });
    log.info(0, "m", { pod: value });
    expect(out[0]).to.match(/^[^\n\r\u2028\u202e\u009b]*\n$/);
    expect(JSON.parse(out[0] ?? "")).to.have.property("pod", value.replace("\ud800", "\ufffd"));
  });
});

describe("telemetry/create-logger in either form", () => {
  for (const json of [false, true]) {
    it(`bounds a line of huge values (json: ${String(json)})`, () => {
      const { log, out, err } = capture({ json });
      const fields = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, "x".repeat(1e6)]));
      log.info(0, "y".repeat(1e7), fields);
      expect([...out, ...err].join("").length).to.be.within(32 * 4096, 33 * 4200);
    });

    it(`never throws on what a caller got wrong (json: ${String(json)})`, () => {
      const { log, out, err } = capture({ json });
      const wrong = {
        a: null,
        b: { toString: () => "s3cret" },
        c: new Sensitive("s3cret"),
        d: 10n,
        e: Symbol("s3cret"),
      };
      log.error("m", wrong as unknown as LogFields);
      expect([...out, ...err]).to.have.length(1);
      expect([...out, ...err].join("")).to.not.contain("s3cret");
    });
  }
});
