import { expect } from "chai";
import { dialOptions, formatEndpoint } from "../../../src/rpc/endpoint.js";

describe("rpc/endpoint", () => {
  const cases = [
    {
      endpoint: { kind: "unix", path: "/tmp/azure.sock" },
      text: "unix:///tmp/azure.sock",
      dial: { path: "/tmp/azure.sock" },
    },
    {
      endpoint: { kind: "tcp", host: "10.0.0.1", port: 8080 },
      text: "tcp://10.0.0.1:8080",
      dial: { host: "10.0.0.1", port: 8080 },
    },
    {
      endpoint: { kind: "tcp", host: "", port: 8080 },
      text: "tcp://:8080",
      dial: { host: "127.0.0.1", port: 8080 },
    },
    {
      endpoint: { kind: "tcp", host: "0.0.0.0", port: 8080 },
      text: "tcp://0.0.0.0:8080",
      dial: { host: "127.0.0.1", port: 8080 },
    },
    {
      endpoint: { kind: "tcp", host: "::", port: 8080 },
      text: "tcp://[::]:8080",
      dial: { host: "::1", port: 8080 },
    },
    {
      endpoint: { kind: "tcp", host: "fd00::1", port: 1 },
      text: "tcp://[fd00::1]:1",
      dial: { host: "fd00::1", port: 1 },
    },
  ] as const;
  for (const { endpoint, text, dial } of cases) {
    it(`writes ${text} and dials ${JSON.stringify(dial)}`, () => {
      expect(formatEndpoint(endpoint)).to.equal(text);
      expect(dialOptions(endpoint)).to.deep.equal(dial);
    });
  }
});
