/** What may be logged of an error whose message was not written by us. */
export interface UnexpectedError {
  /** The class of the error, or the type of what was thrown. */
  readonly errorClass: string;
  /** Where it came from, innermost first, `<` between two frames; empty when it does not say. */
  readonly frames: string;
}

const MAX_FRAMES = 8;
/** A frame as V8 prints it: `    at name (file:///dist/provider.js:1:2)`, or without the name and brackets. */
const FRAME =
  /^ {4}at (?:(?:async )?(?:new )?[\w$.<>[\] ]{1,100} \()?((?:file:|node:|\/)[^\s()]{1,200}:\d+:\d+)\)?$/;

/**
 * Describes an error by its class and its stack's frames, never by its message: a parser's message may quote the
 * secret that it failed on. Never throws, whatever was thrown.
 */
export function describeUnexpected(error: unknown): UnexpectedError {
  try {
    if (!(error instanceof Error)) return { errorClass: typeof error, frames: "" };
    const { message, stack } = error;
    const { name } = error.constructor;
    return {
      errorClass: /^\w{1,64}$/.test(name) ? name : "Error",
      frames: readFrames(stack ?? "", message),
    };
  } catch {
    return { errorClass: "unreadable", frames: "" };
  }
}

function readFrames(stack: string, message: string): string {
  // The stack begins with the message, which may hold lines that look like frames.
  const messageAt = stack.indexOf(message);
  return stack
    .slice(messageAt < 0 ? 0 : messageAt + message.length)
    .split("\n", MAX_FRAMES + 1)
    .map((line) => FRAME.exec(line)?.[0].trim().slice("at ".length))
    .filter((frame) => frame !== undefined)
    .slice(0, MAX_FRAMES)
    .join(" < ");
}
