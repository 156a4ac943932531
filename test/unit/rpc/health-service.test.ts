import { status, type ServerWritableStream } from "@grpc/grpc-js";
import { expect } from "chai";
import { EventEmitter } from "node:events";
import { HealthService } from "../../../src/rpc/health-service.js";
import { decodeHealth, type Decoded } from "../../../src/rpc/wire.js";

/** A call of Watch as the gRPC library hands it over, with what it was told. */
function watchOf(service: string) {
  const told: string[] = [];
  const stream = Object.assign(new EventEmitter(), {
    request: { kind: "message", message: service, bytes: 0 },
    write: (bytes: Buffer) => told.push(decodeHealth(bytes)),
  });
  stream.on("error", ({ code }: { code: status }) => told.push(status[code]));
  return { call: stream as unknown as ServerWritableStream<Decoded<string>, Buffer>, told };
}

describe("rpc/health-service HealthService", () => {
  it("ends a watch that comes while the server drains, so that it holds nothing up", () => {
    const health = new HealthService();
    const before = watchOf("");
    health.watch(before.call);
    health.shutDown();
    expect(before.told).to.deep.equal(["SERVING", "NOT_SERVING", "UNAVAILABLE"]);
    const late = watchOf("v1alpha1.CSIDriverProvider");
    health.watch(late.call);
    expect(late.told).to.deep.equal(["NOT_SERVING", "UNAVAILABLE"]);
    const unknown = watchOf("none");
    health.watch(unknown.call);
    expect(unknown.told).to.deep.equal(["UNAVAILABLE"]);
  });
});
