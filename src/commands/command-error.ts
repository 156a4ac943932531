/** Why a command cannot do what it was asked for; the message says what to change. */
export class CommandError extends Error {
  /** 1: what was asked for is wrong; 2: something cannot be read or written. */
  readonly exitCode: 1 | 2;

  constructor(exitCode: 1 | 2, message: string) {
    super(message);
    this.name = "CommandError";
    this.exitCode = exitCode;
  }
}
