/** Where a command reads from and writes to. */
export interface Streams {
  readonly input: AsyncIterable<Buffer>;
  /** Writes to standard output, and resolves once it is out: the process ends right after. */
  readonly print: (text: string) => Promise<void>;
  /** The same, to standard error. */
  readonly complain: (text: string) => Promise<void>;
}

/** Those of this process. */
export function processStreams(): Streams {
  return {
    input: process.stdin,
    print: (text) => write(process.stdout, text),
    complain: (text) => write(process.stderr, text),
  };
}

function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    // A reader that has gone, as in `| head`, is no failure of ours.
    stream.once("error", () => {
      resolve();
    });
    stream.write(text, () => {
      resolve();
    });
  });
}
