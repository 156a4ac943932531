import { expect } from "chai";
import { formatKlogLine } from "../../../src/telemetry/klog-line.js";

const TIME_MS = new Date(2026, 10, 24, 7, 54, 40, 123).getTime();

describe("telemetry/klog-line formatKlogLine", () => {
  it("has klog's header, the quoted message and its fields", () => {
    const line = formatKlogLine({
      severity: "I",
      timeMs: TIME_MS,
      processId: 1,
      message: "Mounted",
      fields: [
        ["pod", "web-0"],
        ["durationMs", 12.5],
        ["cached", true],
      ],
    });
    expect(line).to.equal(
      'I1124 07:54:40.123000       1 provider.js:0] "Mounted" pod="web-0" durationMs=12.5 cached=true\n',
    );
  });

  it("is read by the pattern that log shippers use for klog", () => {
    const pattern =
      /^(?<severity>[IWEF])(?<time>\d{4} [^\s]+)\s+(?<pid>\d+)\s+(?<source>[^\s:]+:\d+)\]\s(?<message>.*)\n$/;
    for (const processId of [1, 4_194_304]) {
      const line = formatKlogLine({ severity: "E", timeMs: TIME_MS, processId, message: "m", fields: [] });
      expect(pattern.exec(line)?.groups).to.include({
        severity: "E",
        pid: String(processId),
        message: '"m"',
      });
    }
  });

  it("pads every part of an early time", () => {
    const timeMs = new Date(2026, 0, 2, 3, 4, 5, 6).getTime();
    const line = formatKlogLine({ severity: "W", timeMs, processId: 12, message: "m", fields: [] });
    expect(line).to.equal('W0102 03:04:05.006000      12 provider.js:0] "m"\n');
  });

  it("stays one line whatever the message and values hold", () => {
    const line = formatKlogLine({
      severity: "I",
      timeMs: TIME_MS,
      processId: 1,
      message: "a\nb",
      fields: [["pod", 'x" forged="1\r\n\u2028E1124']],
    });
    expect(line.trimEnd()).to.not.match(/[\n\r\u2028]/);
    expect(line).to.contain(' pod="x\\" forged=\\"1\\r\\n\\u2028E1124"\n');
  });
});
