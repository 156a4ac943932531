import {
  type handleUnaryCall,
  logVerbosity,
  Server,
  ServerCredentials,
  setLogVerbosity,
  status,
} from "@grpc/grpc-js";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { MountRequest } from "../model/mount-request.js";
import type { Logger } from "../telemetry/logger.js";
import type { Metrics } from "../telemetry/metrics.js";
import type { Admission } from "./admission.js";
import { HealthService } from "./health-service.js";
import { MOUNT_METHOD, MountCalls, type MountFunction } from "./mount-calls.js";
import {
  type Decoded,
  decodeHealthCheckRequest,
  decodeHealthListRequest,
  decodeMountRequest,
  decodeVersionRequest,
  encodeVersion,
} from "./wire.js";

export interface ProviderServerParts {
  readonly mount: MountFunction;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** The build's semantic version, which Version answers with. */
  readonly version: string;
  readonly maxRequestBytes?: number;
  readonly admission?: Admission;
}

const RUNTIME_NAME = "secrets-store-csi-driver-provider-azure";
const VERSION_METHOD = "/v1alpha1.CSIDriverProvider/Version";

/**
 * Kubernetes takes a SecretProviderClass of at most 1.5 MiB and a Secret of at most 1 MiB, and with a pod's tokens no
 * request has more than this.
 */
const MAX_REQUEST_BYTES = 3 * 1024 * 1024;
/** Beyond this the gRPC library answers by itself, before it has read the message. */
const MAX_RECEIVED_BYTES = 4 * 1024 * 1024;
/** The driver has one connection, and a node some 250 pods. */
const MAX_STREAMS_PER_CONNECTION = 1024;
/** How long calls that were told to end have for their answers. */
const LAST_ANSWERS_MS = 500;

/**
 * The gRPC services of this provider. It listens nowhere by itself: connections are handed to it, so that a socket's
 * file can be made, lost and made again while calls go on.
 */
export class ProviderServer {
  readonly #server: Server;
  readonly #inject: (socket: Socket) => void;
  readonly #mounts: MountCalls;
  readonly #health = new HealthService();
  readonly #sockets = new Set<Socket>();

  constructor(parts: ProviderServerParts) {
    // The library's own lines go to the console past our logger. It has nothing to say that our calls don't.
    setLogVerbosity(logVerbosity.NONE);
    const maxRequestBytes = parts.maxRequestBytes ?? MAX_REQUEST_BYTES;
    this.#mounts = new MountCalls({ ...parts, maxRequestBytes });
    this.#server = new Server({
      "grpc.max_receive_message_length": MAX_RECEIVED_BYTES,
      "grpc.max_concurrent_streams": MAX_STREAMS_PER_CONNECTION,
      "grpc.enable_channelz": 0,
    });
    this.#addServices(parts, maxRequestBytes);
    const injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    this.#inject = injector.injectConnection.bind(injector);
  }

  /** How many mounts are running. */
  get mounts(): number {
    return this.#mounts.running;
  }

  /** Serves a connection. */
  readonly accept = (socket: Socket): void => {
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#sockets.delete(socket);
    });
    this.#inject(socket);
  };

  /**
   * Ends in peace: watchers hear NOT_SERVING, every connection is told to go away, new calls are refused, and running
   * mounts finish or meet their deadline. After `limitMs`, or as soon as `hurry` aborts, those that still run are
   * answered SHUTTING_DOWN, and the kubelet has the driver ask the next provider.
   */
  async drain(limitMs: number, hurry: AbortSignal): Promise<void> {
    this.#mounts.close();
    this.#health.shutDown();
    const toldToGo = new Promise<void>((resolve) => {
      this.#server.tryShutdown(() => {
        resolve();
      });
    });
    // The library counts a session as ended once it is told to close, which Node does before it does, from 24 on. A
    // connection that is told to go away closes when the last of its calls is answered.
    const ended = Promise.all([toldToGo, ...[...this.#sockets].map(closed)]);
    await withinTime(ended, limitMs, hurry);
    this.#mounts.abortAll();
    await withinTime(ended, LAST_ANSWERS_MS);
    this.#server.forceShutdown();
    for (const socket of this.#sockets) socket.destroy();
  }

  #addServices(parts: ProviderServerParts, maxRequestBytes: number): void {
    const decodeMount = (bytes: Buffer): Decoded<MountRequest> => decodeMountRequest(bytes, maxRequestBytes);
    // Answers are encoded already when they reach the library.
    const asIs = (bytes: Buffer): Buffer => bytes;
    const server = this.#server;
    server.register(MOUNT_METHOD, this.#mounts.handle, asIs, decodeMount, "unary");
    server.register(VERSION_METHOD, answerVersion(parts), asIs, decodeVersionRequest, "unary");
    server.register(
      "/grpc.health.v1.Health/Check",
      this.#health.check,
      asIs,
      decodeHealthCheckRequest,
      "unary",
    );
    server.register("/grpc.health.v1.Health/List", this.#health.list, asIs, decodeHealthListRequest, "unary");
    server.register(
      "/grpc.health.v1.Health/Watch",
      this.#health.watch,
      asIs,
      decodeHealthCheckRequest,
      "serverStream",
    );
  }
}

function answerVersion({
  metrics,
  version,
}: ProviderServerParts): handleUnaryCall<Decoded<undefined>, Buffer> {
  const answer = encodeVersion({ version: "v1alpha1", runtimeName: RUNTIME_NAME, runtimeVersion: version });
  return ({ request }, callback) => {
    const isGood = request.kind === "message";
    metrics.observeGrpcRequest({
      method: VERSION_METHOD,
      code: isGood ? "OK" : "InvalidArgument",
      error: isGood ? "" : "REQUEST_MALFORMED",
      seconds: 0, // the answer is at hand
    });
    if (isGood) callback(null, answer);
    else callback({ code: status.INVALID_ARGUMENT, details: "the request is no v1alpha1 VersionRequest" });
  };
}

async function closed(socket: Socket): Promise<void> {
  if (socket.closed) return;
  await new Promise<void>((resolve) => {
    socket.once("close", () => {
      resolve();
    });
  });
}

/** Resolves when the promise has, when the time is up, or when told to hurry. */
async function withinTime(promise: Promise<unknown>, limitMs: number, hurry?: AbortSignal): Promise<void> {
  const timer = new AbortController();
  const signal = hurry === undefined ? timer.signal : AbortSignal.any([timer.signal, hurry]);
  const timeUp = sleep(limitMs, undefined, { signal }).catch(() => undefined);
  await Promise.race([promise, timeUp]);
  timer.abort();
}
