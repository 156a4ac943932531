import protobuf from "protobufjs/minimal.js";
import { grpc, v1alpha1 } from "../../provider-proto/generated/messages.js";
import type { MountRequest } from "../model/mount-request.js";
import type { MountResult } from "../model/secret-file.js";

/**
 * A message as it came in. Bytes that are none are not thrown on: the gRPC library would answer them with words of
 * its own, past our metrics and our log.
 */
export type Decoded<T> =
  | { readonly kind: "message"; readonly message: T; readonly bytes: number }
  | { readonly kind: "malformed" }
  | { readonly kind: "too-large"; readonly bytes: number };

/**
 * The most fields of a request, entries of a repeated one counted each. An entry of `current_object_version`, which
 * this provider does not use, costs two bytes on the wire and a hundred in memory.
 */
const MAX_FIELDS = 10_000;

/** Decodes a MountRequest of at most `maxBytes`. */
export function decodeMountRequest(bytes: Uint8Array, maxBytes: number): Decoded<MountRequest> {
  if (bytes.length > maxBytes) return { kind: "too-large", bytes: bytes.length };
  return decode(bytes, () => {
    const { attributes, secrets, targetPath, permission } = v1alpha1.MountRequest.decode(bytes);
    return { attributes, secrets, targetPath, permission };
  });
}

/** Decodes a message whose content does not matter: only that it is one. */
export function decodeVersionRequest(bytes: Uint8Array): Decoded<undefined> {
  return decode(bytes, () => void v1alpha1.VersionRequest.decode(bytes));
}

/** Decodes the name of the service that is asked for. */
export function decodeHealthCheckRequest(bytes: Uint8Array): Decoded<string> {
  return decode(bytes, () => grpc.health.v1.HealthCheckRequest.decode(bytes).service);
}

export function decodeHealthListRequest(bytes: Uint8Array): Decoded<undefined> {
  return decode(bytes, () => void grpc.health.v1.HealthListRequest.decode(bytes));
}

/**
 * The answer to a Mount. `error` is always left out: the driver fails the mount when it is set, and shows no more
 * of it than a code.
 */
export function encodeMountResult({ files, versions }: MountResult): Buffer {
  return finish(
    v1alpha1.MountResponse.encode({
      objectVersion: versions.map(({ id, version }) => ({ id, version })),
      files: files.map(({ path, mode, contents }) => ({ path, mode, contents })),
    }),
  );
}

export interface VersionAnswer {
  readonly version: string;
  readonly runtimeName: string;
  readonly runtimeVersion: string;
}

export function encodeVersion(answer: VersionAnswer): Buffer {
  return finish(v1alpha1.VersionResponse.encode(answer));
}

export type ServingStatus = "SERVING" | "NOT_SERVING" | "SERVICE_UNKNOWN";

export function encodeHealth(status: ServingStatus): Buffer {
  return finish(grpc.health.v1.HealthCheckResponse.encode({ status: healthNumber(status) }));
}

/** @param statuses - service → its status */
export function encodeHealthList(statuses: ReadonlyMap<string, ServingStatus>): Buffer {
  const entries = [...statuses].map(
    ([service, status]) => [service, { status: healthNumber(status) }] as const,
  );
  return finish(grpc.health.v1.HealthListResponse.encode({ statuses: Object.fromEntries(entries) }));
}

/** The other side of Check, for asking another process. */
export function encodeHealthCheckRequest(service: string): Buffer {
  return finish(grpc.health.v1.HealthCheckRequest.encode({ service }));
}

/** @throws when the bytes are no HealthCheckResponse */
export function decodeHealth(bytes: Uint8Array): ServingStatus {
  const { status } = grpc.health.v1.HealthCheckResponse.decode(bytes);
  return status === grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING ? "SERVING" : "NOT_SERVING";
}

function healthNumber(status: ServingStatus): grpc.health.v1.HealthCheckResponse.ServingStatus {
  return grpc.health.v1.HealthCheckResponse.ServingStatus[status];
}

function decode<T>(bytes: Uint8Array, read: () => T): Decoded<T> {
  try {
    checkFields(bytes);
    return { kind: "message", message: read(), bytes: bytes.length };
  } catch {
    // The parser's own message may quote what it read.
    return { kind: "malformed" };
  }
}

/**
 * Walks over the fields before anything is made of them. That costs next to nothing, and finds what the generated
 * decoders take: a text whose end is missing.
 * @throws when the bytes are no message, or one of too many fields
 */
function checkFields(bytes: Uint8Array): void {
  const reader = protobuf.Reader.create(bytes);
  for (let fields = 0; reader.pos < reader.len; fields++) {
    if (fields === MAX_FIELDS) throw new RangeError("too many fields");
    reader.skipType(reader.uint32() & 7);
  }
}

/** The gRPC library wants a Buffer; this makes one of the same memory. */
function finish(writer: { finish(): Uint8Array }): Buffer {
  const bytes = writer.finish();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
