import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";
import { NetworkError } from "./network-error.js";

/** Interim answers (HTTP 1xx) before the one that counts. Nobody here asks for any. */
const MAX_INTERIM_ANSWERS = 8;
/** Pieces that a body comes in, chunks or packets: 1 MiB at 256 bytes each. */
const MAX_PIECES = 4_096;
/** Status lines, headers, and the frames of chunks, together. */
const MAX_FRAMING_BYTES = 256 * 1024;

/**
 * Ends a request whose answer costs more to read than a cap on its body can show. Each interim answer, each chunk and each
 * empty line before an answer is work on the event loop, and a server may send them without end: one answer of 1 MiB in
 * chunks of one byte takes a second, a hundred of them stop every other mount.
 * @param fail - called with `invalid-answer` or `too-large`, at most once for each limit
 */
export function limitAnswer(
  outgoing: ClientRequest,
  host: string,
  maxBodyBytes: number,
  fail: (error: NetworkError) => void,
): void {
  const counter = (most: number, error: () => NetworkError): ((amount: number) => void) => {
    let sum = 0;
    return (amount) => {
      const before = sum;
      sum += amount;
      if (before <= most && sum > most) fail(error());
    };
  };
  const onInterim = counter(
    MAX_INTERIM_ANSWERS,
    () => new NetworkError("invalid-answer", `${host} sends interim answers without end`, { host }),
  );
  const onPiece = counter(
    MAX_PIECES,
    () => new NetworkError("invalid-answer", `${host} answers in more than ${MAX_PIECES} pieces`, { host }),
  );
  const maxWireBytes = maxBodyBytes + MAX_FRAMING_BYTES;
  const onWireBytes = counter(
    maxWireBytes,
    () => new NetworkError("too-large", `${host} answers with more than ${maxWireBytes} bytes`, { host }),
  );

  outgoing.on("information", () => {
    onInterim(1);
  });
  outgoing.once("response", (incoming) => {
    incoming.on("data", () => {
      onPiece(1);
    });
  });
  outgoing.once("socket", (socket: Socket) => {
    const onData = (bytes: Uint8Array): void => {
      onWireBytes(bytes.byteLength);
    };
    socket.on("data", onData);
    // The connection goes on to serve other requests.
    outgoing.once("close", () => socket.off("data", onData));
  });
}
