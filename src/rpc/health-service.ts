import { type sendUnaryData, type ServerUnaryCall, type ServerWritableStream, status } from "@grpc/grpc-js";
import { type Decoded, encodeHealth, encodeHealthList, type ServingStatus } from "./wire.js";

/** The services that are asked about by name; the empty name is the whole server. */
export const HEALTH_SERVICES: readonly string[] = ["", "v1alpha1.CSIDriverProvider"];

/** Watches that are held open at the same time. */
export const MAX_WATCHERS = 64;

type Watcher = ServerWritableStream<Decoded<string>, Buffer>;

const MALFORMED = { code: status.INVALID_ARGUMENT, details: "the request is no message of grpc.health.v1" };

/**
 * Answers grpc.health.v1: SERVING from the start, NOT_SERVING once the process drains.
 * @see https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
export class HealthService {
  readonly #maxWatchers: number;
  readonly #watchers = new Map<Watcher, string>();
  #isServing = true;

  constructor(maxWatchers = MAX_WATCHERS) {
    this.#maxWatchers = maxWatchers;
  }

  readonly check = (
    call: ServerUnaryCall<Decoded<string>, Buffer>,
    callback: sendUnaryData<Buffer>,
  ): void => {
    const { request } = call;
    if (request.kind !== "message") {
      callback(MALFORMED);
    } else if (HEALTH_SERVICES.includes(request.message)) {
      callback(null, encodeHealth(this.#status()));
    } else {
      callback({ code: status.NOT_FOUND, details: "this server has no service of that name" });
    }
  };

  readonly list = (
    call: ServerUnaryCall<Decoded<undefined>, Buffer>,
    callback: sendUnaryData<Buffer>,
  ): void => {
    if (call.request.kind !== "message") callback(MALFORMED);
    else
      callback(null, encodeHealthList(new Map(HEALTH_SERVICES.map((service) => [service, this.#status()]))));
  };

  /** An unknown service is watched too, as the protocol asks: it might come. */
  readonly watch = (call: Watcher): void => {
    const { request } = call;
    if (request.kind !== "message") {
      end(call, MALFORMED);
      return;
    }
    if (this.#watchers.size >= this.#maxWatchers) {
      end(call, {
        code: status.RESOURCE_EXHAUSTED,
        details: `${this.#maxWatchers} watches are open, which is the most`,
      });
      return;
    }
    if (!this.#isServing) {
      this.#endWatch(call, request.message);
      return;
    }
    this.#watchers.set(call, request.message);
    const forget = (): void => {
      this.#watchers.delete(call);
    };
    call.once("cancelled", forget);
    call.once("close", forget);
    call.write(encodeHealth(this.#statusOf(request.message)));
  };

  /** Tells all who watch that the server drains, and ends their calls, so that they hold nothing up. */
  shutDown(): void {
    if (!this.#isServing) return;
    this.#isServing = false;
    for (const [call, service] of this.#watchers) this.#endWatch(call, service);
    this.#watchers.clear();
  }

  #endWatch(call: Watcher, service: string): void {
    if (HEALTH_SERVICES.includes(service)) call.write(encodeHealth(this.#status()));
    end(call, { code: status.UNAVAILABLE, details: "the server is being stopped" });
  }

  #status(): ServingStatus {
    return this.#isServing ? "SERVING" : "NOT_SERVING";
  }

  #statusOf(service: string): ServingStatus {
    return HEALTH_SERVICES.includes(service) ? this.#status() : "SERVICE_UNKNOWN";
  }
}

function end(call: Watcher, failure: { readonly code: status; readonly details: string }): void {
  // The library takes a status for a stream as an error event.
  call.emit("error", failure);
}
