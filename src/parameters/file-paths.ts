import { ProviderError } from "../errors/provider-error.js";
import { isWellFormed, quote } from "../model/quote.js";

/** What one part of a path may hold. @see NAME_MAX of limits.h */
const MAX_PART_BYTES = 255;
/** What the driver takes for a whole path. */
const MAX_PATH_BYTES = 4096;

/**
 * What is wrong with the name of a file inside the volume, or undefined. The driver refuses most of these too, but only
 * when everything has been read; and whatever holds `..`, even `a..b`, has always been refused here.
 */
export function fileNameProblem(name: string): string | undefined {
  if (name === "") return "file name must not be empty";
  if (name.startsWith("/")) return "file name must be a relative path; remove the slash at its beginning";
  if (name.includes("..")) return "file name must not contain '..'";
  if (name.includes("\0")) return "file name must not contain a NUL character";
  if (!isWellFormed(name)) return "file name must be valid Unicode";
  if (Buffer.byteLength(name) > MAX_PATH_BYTES) return `file name must have at most ${MAX_PATH_BYTES} bytes`;
  if (name.endsWith("/")) return "file name must not end with a slash";
  for (const part of name.split("/")) {
    if (part === "") return "file name must not contain '//'";
    if (part === ".") return "file name must not contain '.' as one of its parts";
    if (Buffer.byteLength(part) > MAX_PART_BYTES) {
      return `each part of a file name must have at most ${MAX_PART_BYTES} bytes`;
    }
  }
  return undefined;
}

/** A file that somebody wants to write. */
export interface PathClaim {
  readonly path: string;
  /** For messages, for example `objects[3]`. */
  readonly owner: string;
}

/** Folder or file of the volume; a file has an owner. */
interface PathNode {
  readonly parts: Map<string, PathNode>;
  file?: PathClaim;
  /** The first claim that needs this node to be a folder. */
  folder?: PathClaim;
}

/**
 * The claims that get into each other's way: one file twice, or a file where another needs a folder. In the order of
 * the later claim; takes time in proportion to the length of all paths.
 */
export function findPathConflicts(claims: Iterable<PathClaim>): string[] {
  const root: PathNode = { parts: new Map() };
  const conflicts: string[] = [];
  for (const claim of claims) {
    let node = root;
    for (const part of claim.path.split("/")) {
      if (node !== root) {
        if (node.file !== undefined) conflicts.push(fileAndFolder(node.file, claim));
        node.folder ??= claim;
      }
      const next = node.parts.get(part) ?? { parts: new Map<string, PathNode>() };
      node.parts.set(part, next);
      node = next;
    }
    if (node.file !== undefined) {
      conflicts.push(
        `${node.file.owner} and ${claim.owner} both write the file ${quote(claim.path)}; give one of them another objectAlias`,
      );
    } else {
      if (node.folder !== undefined) conflicts.push(fileAndFolder(claim, node.folder));
      node.file = claim;
    }
  }
  return conflicts;
}

function fileAndFolder(file: PathClaim, inside: PathClaim): string {
  return (
    `${file.owner} writes the file ${quote(file.path)}, but ${inside.owner} needs a folder of that name for ` +
    `${quote(inside.path)}; give one of them another objectAlias`
  );
}

/**
 * Holds the files that a mount really makes against each other: histories and separate certificate and key files show
 * only when they have been read.
 * @throws {ProviderError} FILE_CONFLICT
 */
export function checkFilePaths(claims: Iterable<PathClaim>): void {
  const [conflict] = findPathConflicts(claims);
  if (conflict !== undefined) throw new ProviderError("FILE_CONFLICT", conflict);
}
