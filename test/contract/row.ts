/** One promise of the contract, the test that proves it, and how to break it so that the test must fail. */
export interface Row {
  /** As the contract spells it: `keyvaultName`, `--healthz-port`. */
  readonly name: string;
  readonly test: ProvingTest;
  readonly mutation: Mutation;
}

export interface ProvingTest {
  /** From the root of the project: `test/integration/flags.test.ts`. */
  readonly file: string;
  /** Mocha's full title: every `describe` and the `it`, with blanks between. */
  readonly title: string;
}

/** A change of the source that takes the feature away. */
export interface Mutation {
  /** From the root of the project: `src/config/flags.ts`. */
  readonly file: string;
  /** What stands there, exactly once. */
  readonly code: string;
  /** What stands there instead once the feature is off. */
  readonly replacement: string;
}

/** Rows that belong together. */
export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

/**
 * Writes a row down in the short form that the tables use.
 * @param test - file below test/ without `.test.ts`, and full title
 * @param mutation - file below src/ without `.ts`, code, and its replacement
 */
export function row(
  name: string,
  test: readonly [file: string, title: string],
  mutation: readonly [file: string, code: string, replacement: string],
): Row {
  const [testFile, title] = test;
  const [file, code, replacement] = mutation;
  return {
    name,
    test: { file: `test/${testFile}.test.ts`, title },
    mutation: { file: `src/${file}.ts`, code, replacement },
  };
}
