/** Permission bits that the driver takes. */
export const MAX_FILE_MODE = 0o777;

/**
 * Reads octal text as Go's ParseInt(text, 8, 32) does, `644`, `0644` and `+0644` alike. Undefined for anything else and
 * beyond 0777: the old provider makes 0 of what it cannot read, and the driver refuses the rest.
 */
export function parseFileMode(text: string): number | undefined {
  if (!/^[+-]?[0-7]{1,64}$/.test(text)) return undefined;
  const mode = Math.abs(Number.parseInt(text, 8));
  return mode > MAX_FILE_MODE || (mode !== 0 && text.startsWith("-")) ? undefined : mode;
}
