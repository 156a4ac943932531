import { expect } from "chai";
import { NetworkError, findNetworkError, type NetworkErrorKind } from "../../../src/network/network-error.js";
import { describeSocketFailure, type Stage } from "../../../src/network/socket-failure.js";

const failure = (code: unknown): Error => Object.assign(new Error("QUOTED from the wire"), { code });

describe("network/socket-failure describeSocketFailure", () => {
  const cases: { code: unknown; stage?: Stage; kind: NetworkErrorKind; message: string }[] = [
    {
      code: "ENOTFOUND",
      kind: "dns",
      message: "the name h:1 cannot be resolved (ENOTFOUND); check the name and the node's DNS",
    },
    {
      code: "EAI_AGAIN",
      kind: "dns",
      message: "the name h:1 cannot be resolved (EAI_AGAIN); check the name and the node's DNS",
    },
    {
      code: "EHOSTUNREACH",
      kind: "connect",
      message: "cannot connect to h:1 (EHOSTUNREACH); check firewall, route and proxy settings",
    },
    {
      code: "ECONNRESET",
      stage: "securing",
      kind: "reset",
      message:
        "h:1 closed the connection (ECONNRESET) during the TLS handshake; if it goes on, check firewall and proxy settings",
    },
    {
      code: "CERT_HAS_EXPIRED",
      stage: "securing",
      kind: "tls",
      message: "the certificate of h:1 is not accepted (CERT_HAS_EXPIRED)",
    },
    {
      code: "SELF_SIGNED_CERT_IN_CHAIN",
      stage: "securing",
      kind: "tls",
      message:
        "the certificate of h:1 is signed by an authority that is not trusted here (SELF_SIGNED_CERT_IN_CHAIN); " +
        "add the authority's certificate by SSL_CERT_FILE, SSL_CERT_DIR or NODE_EXTRA_CA_CERTS",
    },
    {
      code: "ERR_SSL_WRONG_VERSION_NUMBER",
      stage: "securing",
      kind: "tls",
      message: "the TLS handshake with h:1 failed (ERR_SSL_WRONG_VERSION_NUMBER)",
    },
    {
      code: "HPE_HEADER_OVERFLOW",
      stage: "waiting",
      kind: "too-large",
      message: "the answer of h:1 has larger headers than this provider reads",
    },
    {
      code: "HPE_INVALID_CONSTANT",
      stage: "waiting",
      kind: "invalid-answer",
      message: "the answer of h:1 is not valid HTTP (HPE_INVALID_CONSTANT)",
    },
    { code: "EWHATEVER", kind: "connect", message: "cannot connect to h:1 (EWHATEVER)" },
    {
      code: "EWHATEVER",
      stage: "reading",
      kind: "reset",
      message: "the connection to h:1 broke (EWHATEVER) while reading the answer",
    },
    { code: undefined, kind: "connect", message: "cannot connect to h:1" },
    { code: 42, kind: "connect", message: "cannot connect to h:1" },
    { code: "not a code\n", kind: "connect", message: "cannot connect to h:1" },
  ];
  for (const { code, stage = "connecting", kind, message } of cases) {
    it(`${String(code).trim()} ${stage}: ${kind}`, () => {
      const described = describeSocketFailure(failure(code), "h:1", stage);
      expect(described.kind).to.equal(kind);
      expect(described.message).to.equal(message);
      expect(described.host).to.equal("h:1");
    });
  }

  it("understands the error of all addresses of a name", () => {
    const all = Object.assign(new AggregateError([failure("ECONNREFUSED")]), { code: "ECONNREFUSED" });
    expect(describeSocketFailure(all, "h", "connecting")).to.include({
      kind: "connect",
      systemCode: "ECONNREFUSED",
    });
  });

  for (const thrown of [undefined, null, "text", 7]) {
    it(`understands ${String(thrown)}, which is no error`, () => {
      expect(describeSocketFailure(thrown, "h", "reading").kind).to.equal("reset");
    });
  }

  it("leaves an error of its own kind as it is", () => {
    const own = new NetworkError("too-large", "m", { host: "h" });
    expect(describeSocketFailure(own, "other", "reading")).to.equal(own);
  });
});

describe("network/network-error findNetworkError", () => {
  const own = new NetworkError("reset", "m", { host: "h" });
  const wrapped = (depth: number): Error => {
    let error: Error = own;
    for (let i = 0; i < depth; i += 1) error = new Error("wrapper", { cause: error });
    return error;
  };
  for (const depth of [0, 1, 5]) {
    it(`finds it ${String(depth)} causes deep`, () => {
      expect(findNetworkError(wrapped(depth))).to.equal(own);
    });
  }
  it("looks no deeper, and ends in a circle", () => {
    expect(findNetworkError(wrapped(6))).to.equal(undefined);
    const circle = new Error("a");
    circle.cause = circle;
    expect(findNetworkError(circle)).to.equal(undefined);
  });
  for (const other of [undefined, null, "text", new Error("x")]) {
    it(`finds none in ${String(other)}`, () => {
      expect(findNetworkError(other)).to.equal(undefined);
    });
  }
});
