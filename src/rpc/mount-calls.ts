import { type sendUnaryData, type ServerUnaryCall, status } from "@grpc/grpc-js";
import { ProviderError, serviceIdsOf } from "../errors/provider-error.js";
import type { MountRequest } from "../model/mount-request.js";
import type { MountResult } from "../model/secret-file.js";
import { describeUnexpected } from "../telemetry/describe-unexpected.js";
import type { Logger } from "../telemetry/logger.js";
import type { Metrics } from "../telemetry/metrics.js";
import { Admission } from "./admission.js";
import { type CallSignal, signalOf } from "./call-signal.js";
import { readMountSubject } from "./mount-subject.js";
import { type CallFailure, goStatusName, MOUNT_FAILURE_PREFIX, toFailure } from "./status.js";
import { type Decoded, encodeMountResult } from "./wire.js";

/** One call of the driver, as the use case sees it. */
export interface MountCallContext {
  /** Aborts when the driver gives up or the deadline is near. Its reason is a {@link ProviderError}. */
  readonly signal: AbortSignal;
  /** When the call came in, in milliseconds on the clock of `performance.now`. */
  readonly arrivedAtMs: number;
  /** When `signal` aborts for want of time, on the same clock; Infinity when the driver set none. */
  readonly deadlineMs: number;
  /** Carries the request's id, pod, namespace and class. */
  readonly log: Logger;
}

export type MountFunction = (request: MountRequest, call: MountCallContext) => Promise<MountResult>;

export interface MountCallsParts {
  readonly mount: MountFunction;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** The largest request that is taken. */
  readonly maxRequestBytes: number;
  readonly admission?: Admission;
}

export const MOUNT_METHOD = "/v1alpha1.CSIDriverProvider/Mount";

/** A driver at its default takes no larger answer. */
const DRIVER_DEFAULT_BYTES = 4 * 1024 * 1024;
/** Of the requests that a failed mount's services refused, in one line of the log. */
const MAX_SERVICE_IDS = 20;
/** How long a mount whose signal has aborted may take to say what it was waiting for. */
const LAST_WORDS_MS = 50;

type MountCall = ServerUnaryCall<Decoded<MountRequest>, Buffer>;

/** Answers Mount calls: takes them in, hands them to the use case, and turns what comes back into an answer. */
export class MountCalls {
  readonly #parts: MountCallsParts;
  readonly #admission: Admission;
  readonly #running = new Set<CallSignal>();
  /** Tells the requests of this process from those of the one before, in a log of both. */
  readonly #idPrefix = crypto.randomUUID().slice(0, 8);
  #calls = 0;
  #isClosing = false;

  constructor(parts: MountCallsParts) {
    this.#parts = parts;
    this.#admission = parts.admission ?? new Admission();
  }

  get running(): number {
    return this.#running.size;
  }

  /** From now on each new call is refused; those that run go on. */
  close(): void {
    this.#isClosing = true;
  }

  /** Ends every call that runs; the kubelet then has the driver ask the next provider. */
  abortAll(): void {
    for (const call of this.#running) call.abort(shuttingDown());
  }

  /** The handler for the gRPC library: answers each call exactly once and never throws. */
  readonly handle = (call: MountCall, callback: sendUnaryData<Buffer>): void => {
    void this.#answer(call, callback);
  };

  async #answer(call: MountCall, callback: sendUnaryData<Buffer>): Promise<void> {
    const startedAtMs = performance.now();
    const requestId = `${this.#idPrefix}-${(this.#calls += 1)}`;
    const { request } = call;
    const subject = request.kind === "message" ? readMountSubject(request.message.attributes) : undefined;
    const log = this.#parts.log.with({
      request: requestId,
      pod: subject?.pod,
      namespace: subject?.namespace,
      class: subject?.className,
    });
    const ending = signalOf(call);
    const outcome = await this.#run(
      request,
      subject?.namespace ?? "",
      { signal: ending.signal, arrivedAtMs: startedAtMs, deadlineMs: startedAtMs + ending.givenMs, log },
      ending,
    ).then(
      (answer) => ({ answer }),
      (error: unknown) => ({
        error,
        failure: toFailure(error, { signal: ending.signal, requestId, prefix: MOUNT_FAILURE_PREFIX }),
      }),
    );
    ending.dispose();
    send(outcome, callback, log);
    this.#report(outcome, performance.now() - startedAtMs, log);
  }

  async #run(
    request: Decoded<MountRequest>,
    namespace: string,
    context: MountCallContext,
    ending: CallSignal,
  ): Promise<Buffer> {
    if (this.#isClosing) throw shuttingDown();
    if (request.kind !== "message") throw unusable(request, this.#parts.maxRequestBytes);
    const leave = this.#admission.enter(namespace, request.bytes);
    this.#running.add(ending);
    this.#parts.metrics.setMountsInFlight(this.#running.size);
    try {
      const result = await withLastWords(this.#parts.mount(request.message, context), context.signal);
      const answer = encodeMountResult(result);
      if (answer.length > DRIVER_DEFAULT_BYTES) {
        context.log.warn(
          "The answer is larger than a driver at its default takes: raise its --max-call-recv-msg-size",
          {
            bytes: answer.length,
          },
        );
      }
      return answer;
    } finally {
      leave();
      this.#running.delete(ending);
      this.#parts.metrics.setMountsInFlight(this.#running.size);
    }
  }

  /** One line for each mount: successes from `-v=2` on, since every pod's volume is mounted anew each minute or two. */
  #report(outcome: Outcome, durationMs: number, log: Logger): void {
    const { metrics } = this.#parts;
    const seconds = durationMs / 1000;
    if ("answer" in outcome) {
      metrics.observeGrpcRequest({ method: MOUNT_METHOD, code: "OK", error: "", seconds });
      log.info(2, "Mounted", {
        code: "OK",
        durationMs: Math.round(durationMs),
        bytes: outcome.answer.length,
      });
      return;
    }
    const { code: error, status: statusName, details, isUnexpected } = outcome.failure;
    const code = goStatusName(statusName);
    metrics.observeGrpcRequest({ method: MOUNT_METHOD, code, error, seconds });
    const serviceIds = serviceIdsOf(outcome.error, MAX_SERVICE_IDS).join(" ") || undefined;
    const fields = { code, error, durationMs: Math.round(durationMs), serviceIds };
    if (isUnexpected) {
      metrics.countUnexpectedError();
      log.error("Mount failed unexpectedly", { ...fields, ...describeUnexpected(outcome.error) });
    } else if (error === "CALL_CANCELLED" || error === "SHUTTING_DOWN") {
      log.warn("Mount ended early", { ...fields, err: details });
    } else {
      log.error("Mount failed", { ...fields, err: details });
    }
  }
}

type Outcome = { readonly answer: Buffer } | { readonly failure: CallFailure; readonly error: unknown };

function send(outcome: Outcome, callback: sendUnaryData<Buffer>, log: Logger): void {
  try {
    if ("answer" in outcome) callback(null, outcome.answer);
    else callback({ code: status[outcome.failure.status], details: outcome.failure.details });
  } catch (error) {
    // The call's stream is gone in a way that the library did not foresee. Nobody is left to answer.
    log.error("Answer could not be sent", { ...describeUnexpected(error) });
  }
}

/**
 * The mount's own outcome; or, when its signal has aborted and it does not end, the signal's reason, so that a call
 * is answered in time whatever the mount hangs on.
 */
async function withLastWords(mounting: Promise<MountResult>, signal: AbortSignal): Promise<MountResult> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: () => void = () => undefined;
  const endedEarly = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      timer = setTimeout(() => {
        reject(signal.reason as Error);
      }, LAST_WORDS_MS);
    };
  });
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([mounting, endedEarly]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

function shuttingDown(): ProviderError {
  return new ProviderError(
    "SHUTTING_DOWN",
    "the provider on this node is being stopped; the next one will answer",
  );
}

function unusable(
  request: Exclude<Decoded<MountRequest>, { kind: "message" }>,
  maxBytes: number,
): ProviderError {
  if (request.kind === "too-large") {
    return new ProviderError(
      "REQUEST_TOO_LARGE",
      `the request has ${request.bytes} bytes, and ${maxBytes} is the most; make the SecretProviderClass's parameters ` +
        "or the secret of nodePublishSecretRef smaller",
    );
  }
  return new ProviderError(
    "REQUEST_MALFORMED",
    "the request is no v1alpha1 MountRequest; check that the Secrets Store CSI Driver's version suits this provider",
  );
}
