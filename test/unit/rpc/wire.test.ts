import { expect } from "chai";
import fc from "fast-check";
import { grpc, v1alpha1 } from "../../../provider-proto/generated/messages.js";
import {
  decodeHealth,
  decodeHealthCheckRequest,
  decodeMountRequest,
  encodeHealth,
  encodeHealthCheckRequest,
  encodeHealthList,
  encodeMountResult,
  encodeVersion,
} from "../../../src/rpc/wire.js";

const REQUEST = {
  attributes: '{"a":"ü"}',
  secrets: "null",
  targetPath: "/var/lib/kubelet/x",
  permission: "420",
};
const MAX_BYTES = 3 * 1024 * 1024;

describe("rpc/wire decodeMountRequest", () => {
  it("reads the four fields and leaves the current versions", () => {
    const bytes = v1alpha1.MountRequest.encode({
      ...REQUEST,
      currentObjectVersion: [{ id: "secret/a", version: "1" }],
    }).finish();
    expect(decodeMountRequest(bytes, MAX_BYTES)).to.deep.equal({
      kind: "message",
      message: REQUEST,
      bytes: bytes.length,
    });
  });

  it("reads absent fields as empty and passes over unknown ones", () => {
    const unknown = Buffer.from([0x98, 0x06, 0x01]); // field 99, varint 1
    expect(decodeMountRequest(unknown, MAX_BYTES)).to.deep.equal({
      kind: "message",
      message: { attributes: "", secrets: "", targetPath: "", permission: "" },
      bytes: 3,
    });
  });

  const junk = [
    { name: "a length beyond the end", bytes: Buffer.from([0x0a, 0xff, 0x01]) },
    { name: "an unended varint", bytes: Buffer.from([0xff, 0xff]) },
    { name: "a wire type that there is not", bytes: Buffer.from([0x0f]) },
    { name: "an unended group", bytes: Buffer.from([0x0b, 0x0b]) },
    { name: "three megabytes of nested groups", bytes: Buffer.alloc(MAX_BYTES, 0x0b) },
    { name: "three megabytes of ones", bytes: Buffer.alloc(MAX_BYTES, 0xff) },
    { name: "JSON", bytes: Buffer.from('{"attributes":"{}"}') },
  ];
  for (const { name, bytes } of junk) {
    it(`finds no message in ${name}`, () => {
      const startedAt = performance.now();
      expect(decodeMountRequest(bytes, MAX_BYTES)).to.deep.equal({ kind: "malformed" });
      expect(performance.now() - startedAt).to.be.below(500);
    });
  }

  for (const [length, kind] of [
    [99, "message"],
    [100, "message"],
    [101, "too-large"],
  ] as const) {
    it(`says ${kind} of ${length} bytes where 100 are the most`, () => {
      const bytes = Buffer.concat([Buffer.from([0x0a, length - 2]), Buffer.alloc(length - 2, 0x78)]);
      expect(decodeMountRequest(bytes, 100).kind).to.equal(kind);
    });
  }

  for (const [count, kind] of [
    [9_999, "message"],
    [10_000, "message"],
    [10_001, "malformed"],
    [1_500_000, "malformed"],
  ] as const) {
    it(`says ${kind} of ${count} fields, without making them`, () => {
      const bytes = Buffer.alloc(2 * count);
      for (let i = 0; i < bytes.length; i += 2) bytes[i] = 0x2a;
      const startedAt = performance.now();
      expect(decodeMountRequest(bytes, MAX_BYTES).kind).to.equal(kind);
      expect(performance.now() - startedAt).to.be.below(250);
    });
  }

  it("takes any bytes without throwing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeMountRequest(bytes, MAX_BYTES).kind).to.be.oneOf(["message", "malformed"]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("rpc/wire encodeMountResult", () => {
  const files = [
    { path: "a/0", mode: 0o644, contents: Buffer.from([0, 255]) },
    { path: "b", mode: 0, contents: Buffer.alloc(0) },
  ];
  const versions = [
    { id: "secret/a/0", version: "v2" },
    { id: "secret/a/0", version: "v1" },
  ];

  it("keeps the order of files and versions, and sends no error", () => {
    const answer = v1alpha1.MountResponse.decode(encodeMountResult({ files, versions }));
    expect(answer.error).to.equal(null);
    expect(answer.objectVersion.map(({ id, version }) => ({ id, version }))).to.deep.equal(versions);
    expect(answer.files.map(({ path, mode }) => [path, mode])).to.deep.equal([
      ["a/0", 0o644],
      ["b", 0],
    ]);
    expect([...(answer.files[0]?.contents ?? [])]).to.deep.equal([0, 255]);
  });

  it("gives exactly the bytes that a reader of the protocol wants", () => {
    const bytes = encodeMountResult({
      files: [{ path: "p", mode: 420, contents: Buffer.from("v") }],
      versions: [{ id: "i", version: "1" }],
    });
    expect(bytes.toString("hex")).to.equal("0a060a01691201311a090a017010a4031a0176");
    expect(Buffer.isBuffer(bytes)).to.equal(true);
  });
});

describe("rpc/wire health and version", () => {
  it("writes and reads the states", () => {
    expect(encodeHealth("SERVING").toString("hex")).to.equal("0801");
    expect(encodeHealth("NOT_SERVING").toString("hex")).to.equal("0802");
    expect(encodeHealth("SERVICE_UNKNOWN").toString("hex")).to.equal("0803");
    expect(decodeHealth(Buffer.from("0801", "hex"))).to.equal("SERVING");
    for (const other of ["", "0800", "0802", "0803", "0863"]) {
      expect(decodeHealth(Buffer.from(other, "hex")), other).to.equal("NOT_SERVING");
    }
  });

  it("reads a service's name and finds none in junk", () => {
    expect(decodeHealthCheckRequest(encodeHealthCheckRequest("a.b"))).to.include({
      kind: "message",
      message: "a.b",
    });
    expect(decodeHealthCheckRequest(Buffer.from([0x0a, 0x05]))).to.deep.equal({ kind: "malformed" });
  });

  it("lists the services", () => {
    const list = grpc.health.v1.HealthListResponse.decode(
      encodeHealthList(
        new Map([
          ["", "SERVING"],
          ["a", "NOT_SERVING"],
        ]),
      ),
    );
    expect(Object.keys(list.statuses)).to.deep.equal(["", "a"]);
    expect(list.statuses["a"]?.status).to.equal(grpc.health.v1.HealthCheckResponse.ServingStatus.NOT_SERVING);
  });

  it("tells the version in the driver's fields", () => {
    const bytes = encodeVersion({ version: "v1alpha1", runtimeName: "n", runtimeVersion: "1.2.3" });
    expect(v1alpha1.VersionResponse.decode(bytes).toJSON()).to.deep.equal({
      version: "v1alpha1",
      runtimeName: "n",
      runtimeVersion: "1.2.3",
    });
  });
});
