/**
 * What one file may hold; a Kubernetes object is at most 1.5 MB, and nests some twenty levels. `expanded` counts the
 * values of a document and their characters with each alias as the whole that it stands for: no file reaches it that
 * is within the others and has no alias.
 */
export const MANIFEST_LIMITS = {
  documents: 5_000,
  depth: 64,
  pieces: 1_000_000,
  expanded: 8_000_000,
} as const;
