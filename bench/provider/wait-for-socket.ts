import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 2;

/** Waits until somebody accepts connections at the path. A client that dials too early waits a second to try again. */
export async function waitForSocket(socketPath: string, signal: AbortSignal): Promise<void> {
  while (!(await accepts(socketPath))) await sleep(POLL_MS, undefined, { signal });
}

function accepts(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}
