/** A command line that cannot be followed. The message says what was seen and what is right. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}
