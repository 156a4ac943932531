/** Longer names are not compared: nobody means a known name by them, and the cost grows with the length. */
const MAX_NAME_LENGTH = 48;

/**
 * Which of `known` was probably meant: the one that differs in case alone, else the one that differs in the fewest
 * letters, if these are at most a third of them. Undefined when none is near.
 * @param known - few and short: every one is compared
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > MAX_NAME_LENGTH) return undefined;
  const folded = fold(name);
  const sameLetters = known.find((candidate) => fold(candidate) === folded);
  if (sameLetters !== undefined) return sameLetters;

  let nearest: { name: string; distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(folded, fold(candidate));
    if (
      distance * 3 <= Math.max(folded.length, candidate.length) &&
      distance < (nearest?.distance ?? Infinity)
    ) {
      nearest = { name: candidate, distance };
    }
  }
  return nearest?.name;
}

/** Case and the ways to part words do not count. */
function fold(name: string): string {
  return name.toLowerCase().replace(/[-_. ]/g, "");
}

/** Levenshtein's distance: how many letters to put in, take out or change. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(changed, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
