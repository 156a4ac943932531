import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { v1alpha1 } from "../../provider-proto/generated/messages.js";

/**
 * A provider that asks nobody and answers every Mount alike: what gRPC and the load generator cost by themselves.
 * Takes `--endpoint=unix:///path`, and ignores every other flag. Its one file is that of an object of 32 bytes.
 */
const endpoint = process.argv.find((flag) => flag.startsWith("--endpoint="))?.slice("--endpoint=".length);
if (endpoint === undefined) throw new Error("--endpoint is missing");

const VERSION = v1alpha1.VersionResponse.encode({
  version: "v1alpha1",
  runtimeName: "canned",
  runtimeVersion: "0.0.0",
}).finish();
const MOUNT = v1alpha1.MountResponse.encode({
  objectVersion: [{ id: "secret/object-0", version: "0f3f0b1c6a2e4d58b7c9e1a2d3f4b5c6" }],
  files: [{ path: "object-0", mode: 0o644, contents: Buffer.alloc(32, "v") }],
}).finish();

function unary(method: "Mount" | "Version", answer: Uint8Array) {
  return {
    path: `/v1alpha1.CSIDriverProvider/${method}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: (bytes: Buffer) => bytes,
    requestDeserialize: (bytes: Buffer) => bytes,
    responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
    responseDeserialize: (bytes: Buffer) => bytes,
    handle: (_: ServerUnaryCall<Buffer, Uint8Array>, callback: sendUnaryData<Uint8Array>) => {
      callback(null, answer);
    },
  };
}

const server = new Server();
const [mount, version] = [unary("Mount", MOUNT), unary("Version", VERSION)];
server.addService({ mount, version }, { mount: mount.handle, version: version.handle });
server.bindAsync(endpoint, ServerCredentials.createInsecure(), (error) => {
  if (error !== null) throw error;
});
process.once("SIGTERM", () => {
  server.forceShutdown();
});
