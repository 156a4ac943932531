import { connect } from "node:net";
import { askHealth, type HealthAnswer } from "./ask-health.js";
import type { Endpoint } from "../model/endpoint.js";

export interface OccupantTimes {
  /** How long an answer is good for while connections are still accepted. */
  readonly answerGoodForMs: number;
  /** How long to wait for a connection, and for an answer. */
  readonly askTimeoutMs: number;
  /** How long an occupant that gives no answer is believed to be alive. */
  readonly silenceMs: number;
}

export const DEFAULT_OCCUPANT_TIMES: OccupantTimes = {
  answerGoodForMs: 10_000,
  askTimeoutMs: 5000,
  silenceMs: 20_000,
};

type Dialled = "accepted" | "nobody" | "silent";

/**
 * Finds out whether a provider still serves the socket that we want: the version before, which drains, or another
 * installation.
 *
 * | dialling it | asking it | alive |
 * |---|---|---|
 * | refused, no such file, no stream socket | | no |
 * | accepted | answers anything at all | yes |
 * | accepted | gives no answer | yes, until it was silent for `silenceMs` |
 * | not possible (backlog full, no permission) | | yes, until it was silent for `silenceMs` |
 */
export class Occupant {
  readonly #path: string;
  readonly #times: OccupantTimes;
  readonly #clock: () => number;
  readonly #ask: (endpoint: Endpoint, timeoutMs: number) => Promise<HealthAnswer>;
  #answeredAtMs = -Infinity;
  #silentSinceMs: number | undefined;

  /** @param clock - milliseconds, never going back */
  constructor(
    path: string,
    times: OccupantTimes = DEFAULT_OCCUPANT_TIMES,
    clock: () => number = () => performance.now(),
    ask = askHealth,
  ) {
    this.#path = path;
    this.#times = times;
    this.#clock = clock;
    this.#ask = ask;
  }

  async isAlive(): Promise<boolean> {
    const dialled = await dial(this.#path, this.#times.askTimeoutMs);
    if (dialled === "nobody") return false;
    if (dialled === "accepted" && (await this.#hasAnswered())) {
      this.#silentSinceMs = undefined;
      return true;
    }
    this.#silentSinceMs ??= this.#clock();
    return this.#clock() - this.#silentSinceMs < this.#times.silenceMs;
  }

  /** Dialling costs next to nothing; asking costs both sides a connection of HTTP/2, so it is done rarely. */
  async #hasAnswered(): Promise<boolean> {
    if (this.#clock() - this.#answeredAtMs < this.#times.answerGoodForMs) return true;
    const answer = await this.#ask({ kind: "unix", path: this.#path }, this.#times.askTimeoutMs);
    if (answer === "silent" || answer === "unreachable") return false;
    this.#answeredAtMs = this.#clock();
    return true;
  }
}

async function dial(path: string, timeoutMs: number): Promise<Dialled> {
  return await new Promise<Dialled>((resolve) => {
    const socket = connect({ path, timeout: timeoutMs });
    const end = (dialled: Dialled): void => {
      socket.destroy();
      resolve(dialled);
    };
    socket.once("connect", () => {
      end("accepted");
    });
    socket.once("timeout", () => {
      end("silent");
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      end(NOBODY.has(error.code ?? "") ? "nobody" : "silent");
    });
  });
}

/** What the kernel says of a path that no process listens at. EPROTOTYPE: a datagram socket. */
const NOBODY: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "ECONNREFUSED", "ENOTSOCK", "EPROTOTYPE"]);
