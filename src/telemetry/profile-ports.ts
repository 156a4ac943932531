import { networkInterfaces } from "node:os";
import { type HttpPort, openHttpPort } from "./http-port.js";
import type { Logger } from "./logger.js";
import { MAX_SECONDS, profileRoutes } from "./profile-routes.js";

export interface ProfilePortsOptions {
  readonly port: number;
  readonly log: Logger;
}

/** A profile, and time to write it. */
const ANSWER_LIMIT_MS = (MAX_SECONDS + 15) * 1000;

/**
 * Serves profiles on 127.0.0.1, and on ::1 where there is one, and nowhere else. A request must name one of them, or
 * `localhost`: a page on the web whose name is made to lead here is refused.
 */
export function openProfilePorts({ port, log }: ProfilePortsOptions): readonly HttpPort[] {
  const routes = profileRoutes();
  return loopbackAddresses().map((host) =>
    openHttpPort({
      name: "profiles",
      host,
      port,
      log,
      routes,
      mayBeHost: isLoopbackName,
      methods: ["GET"],
      answerLimitMs: ANSWER_LIMIT_MS,
    }),
  );
}

function loopbackAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flat();
  return ["127.0.0.1", ...(all.some((own) => own?.address === "::1") ? ["::1"] : [])];
}

/** @param host - as a Host header has it, with or without a port */
export function isLoopbackName(host: string): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?$/i.test(host);
}
