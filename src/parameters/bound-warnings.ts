/**
 * At most `limit` warnings; where there are more, the last one says how many were left out.
 * @param limit - 1 or more
 */
export function boundWarnings(warnings: readonly string[], limit: number): string[] {
  if (warnings.length <= limit) return [...warnings];
  const shown = warnings.slice(0, limit - 1);
  return [...shown, `and ${warnings.length - shown.length} more warnings`];
}
