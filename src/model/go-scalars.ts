/** Spellings of booleans, as the Go programs beside this one read them. @see https://pkg.go.dev/strconv#ParseBool */
export const GO_BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "TRUE", "true", "True"].map((text) => [text, true] as const),
  ...["0", "f", "F", "FALSE", "false", "False"].map((text) => [text, false] as const),
]);

/** The spellings of {@link parseGoBoolean}, for messages. */
export const GO_BOOLEAN_SPELLINGS = "true, false, 1, 0, t, f, T, F, TRUE, FALSE, True or False";

/** Reads a boolean as Go does: `1 t T TRUE true True 0 f F FALSE false False`. Undefined for anything else. */
export function parseGoBoolean(text: string): boolean | undefined {
  return GO_BOOLEANS.get(text);
}

const PREFIXED_INTEGER =
  /^([+-]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]([0-7]+)|0[bB]([01]+)|0([0-7]+)|(0|[1-9][0-9]*))$/;

/**
 * Reads an integer whose base its prefix names: `0x1f`, `0o17`, `017`, `0b11`, `19`; with or without a sign. Undefined
 * for anything else, and beyond ±2^53, where a number would no longer be exact.
 * @see https://pkg.go.dev/strconv#ParseInt, base 0, without its underscores
 */
export function parseGoInteger(text: string): number | undefined {
  if (text.length > 70) return undefined;
  const match = PREFIXED_INTEGER.exec(text);
  if (match === null) return undefined;
  const [, sign, hexadecimal, octal, binary, oldOctal, decimal] = match;
  const magnitude =
    hexadecimal !== undefined
      ? Number.parseInt(hexadecimal, 16)
      : binary !== undefined
        ? Number.parseInt(binary, 2)
        : decimal !== undefined
          ? Number(decimal)
          : Number.parseInt(octal ?? oldOctal ?? "", 8);
  if (!Number.isSafeInteger(magnitude)) return undefined;
  return sign === "-" && magnitude !== 0 ? -magnitude : magnitude;
}
