import { expect } from "chai";
import { dialTarget, formatEndpoint } from "../../../src/rpc/endpoint.js";

describe("rpc/endpoint", () => {
  const cases = [
    {
      endpoint: { kind: "unix", path: "/tmp/azure.sock" },
      text: "unix:///tmp/azure.sock",
      target: "unix:/tmp/azure.sock",
    },
    {
      endpoint: { kind: "tcp", host: "10.0.0.1", port: 8080 },
      text: "tcp://10.0.0.1:8080",
      target: "10.0.0.1:8080",
    },
    { endpoint: { kind: "tcp", host: "", port: 8080 }, text: "tcp://:8080", target: "127.0.0.1:8080" },
    {
      endpoint: { kind: "tcp", host: "0.0.0.0", port: 8080 },
      text: "tcp://0.0.0.0:8080",
      target: "127.0.0.1:8080",
    },
    { endpoint: { kind: "tcp", host: "::", port: 8080 }, text: "tcp://[::]:8080", target: "[::1]:8080" },
    { endpoint: { kind: "tcp", host: "fd00::1", port: 1 }, text: "tcp://[fd00::1]:1", target: "[fd00::1]:1" },
  ] as const;
  for (const { endpoint, text, target } of cases) {
    it(`writes ${text} and dials ${target}`, () => {
      expect(formatEndpoint(endpoint)).to.equal(text);
      expect(dialTarget(endpoint)).to.equal(target);
    });
  }
});
