/** The environment variables of the process, given as an argument: nothing in this room reads `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;
