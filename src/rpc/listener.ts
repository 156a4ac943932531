import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../telemetry/logger.js";
import type { Endpoint } from "../model/endpoint.js";
import { formatEndpoint } from "./endpoint.js";
import type { Occupant } from "./occupant.js";
import { takerOf, type Holding, type TakeEndpoint } from "./take-endpoint.js";

export interface ListenerTimes {
  /** Between two tries to have an endpoint that another provider serves; up to a quarter more at random. */
  readonly waitMs: number;
  /** Between two looks whether the endpoint is still ours. */
  readonly holdMs: number;
  /** Until the first such look, since two may have taken it at the same time. */
  readonly firstHoldMs: number;
  /** Between two lines of the log about one wait. */
  readonly logEveryMs: number;
}

const DEFAULT_TIMES: ListenerTimes = { waitMs: 400, holdMs: 1000, firstHoldMs: 100, logEveryMs: 60_000 };

export interface ListenerParts {
  readonly log: Logger;
  readonly onConnection: (socket: Socket) => void;
  /** Called whenever {@link Listener.isListening} has changed. */
  readonly onChange?: (isListening: boolean) => void;
  readonly times?: Partial<ListenerTimes>;
  /** Who may serve a Unix socket before us. */
  readonly occupant?: Occupant;
}

/**
 * Listens at the endpoint, waiting for whoever serves it now, and keeps it.
 *
 * A provider that is alive at a Unix socket (the version before, which drains, or another installation) is never
 * pushed out: this one waits, unready, tries often and says so rarely. Once the socket is had, it is looked at every
 * second. If its file has gone (a provider in Go removes the path when it ends, whoever holds it by then), it is made
 * again. If another process has taken the path, this one is unready and waits once more. Two processes never take it
 * from each other in turns, because neither takes it from one that answers.
 */
export class Listener {
  /** Resolves when connections come in for the first time. Rejects with an EndpointError when they never can. */
  readonly started: Promise<void>;
  readonly #parts: ListenerParts;
  readonly #times: ListenerTimes;
  readonly #log: Logger;
  readonly #take: TakeEndpoint;
  readonly #stop = new AbortController();
  readonly #loop: Promise<void>;
  #holding: Holding | undefined;
  #isListening = false;

  constructor(endpoint: Endpoint, parts: ListenerParts) {
    this.#parts = parts;
    this.#times = { ...DEFAULT_TIMES, ...parts.times };
    this.#log = parts.log.with({ endpoint: formatEndpoint(endpoint) });
    this.#take = takerOf(endpoint, parts.onConnection, parts.occupant);
    let onStart: () => void = () => undefined;
    let onFailure: (error: unknown) => void = () => undefined;
    this.started = new Promise((resolve, reject) => {
      onStart = resolve;
      onFailure = reject;
    });
    this.#loop = this.#run(onStart).catch(onFailure);
  }

  get isListening(): boolean {
    return this.#isListening;
  }

  /** Accepts no further connection. The socket's file stays, so that the driver waits instead of giving up. */
  async stopAccepting(): Promise<void> {
    this.#stop.abort();
    this.#holding?.stopAccepting();
    this.#setListening(false);
    await this.#loop;
  }

  /** After {@link stopAccepting}: removes the socket's file if it is still ours. */
  remove(): void {
    this.#holding?.remove();
  }

  async #run(onStart: () => void): Promise<void> {
    let hasStarted = false;
    while (!this.#isStopped()) {
      const holding = await this.#takeSooner(hasStarted);
      if (holding === undefined) return;
      this.#holding = holding;
      if (this.#isStopped()) {
        holding.stopAccepting();
        return;
      }
      this.#log.info(0, "Listening for the driver");
      this.#setListening(true);
      hasStarted = true;
      onStart();
      await this.#hold(holding);
    }
  }

  /** Tries until the endpoint is had. Undefined when told to stop. */
  async #takeSooner(mayRetryErrors: boolean): Promise<Holding | undefined> {
    let saidAtMs = -Infinity;
    while (!this.#isStopped()) {
      let problem: string;
      try {
        const holding = await this.#take();
        if (holding !== undefined) return holding;
        problem = "another provider still serves it";
      } catch (error) {
        // Before the first start a person looks at the exit code; later, mounts that run are worth more than that.
        if (!mayRetryErrors) throw error;
        problem = error instanceof Error ? error.message : "unknown";
      }
      if (performance.now() - saidAtMs >= this.#times.logEveryMs) {
        this.#log.warn("Waiting for the endpoint; no mount comes in until then", { problem });
        saidAtMs = performance.now();
      }
      await this.#pause(this.#times.waitMs * (1 + Math.random() / 4));
    }
    return undefined;
  }

  async #hold(holding: Holding): Promise<void> {
    await this.#pause(this.#times.firstHoldMs);
    while (!this.#isStopped()) {
      const reason = holding.lostBecause();
      if (reason !== undefined) {
        this.#log.warn("The endpoint was lost; taking it again once nobody serves it", { reason });
        this.#setListening(false);
        holding.stopAccepting();
        return;
      }
      await this.#pause(this.#times.holdMs);
    }
  }

  #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }

  #setListening(isListening: boolean): void {
    if (this.#isListening === isListening) return;
    this.#isListening = isListening;
    this.#parts.onChange?.(isListening);
  }
}
