import { CollectedErrors, ProviderError } from "../errors/provider-error.js";
import { quote } from "../model/quote.js";
import { fileNameProblem } from "./file-name.js";

/** A file that somebody wants to write. */
export interface PathClaim {
  /** Relative and clean, see fileNameProblem. */
  readonly path: string;
  /** For messages, for example `objects[3]`. */
  readonly owner: string;
}

/** Most conflicts that are looked for: enough to mend a class by. */
const MAX_CONFLICTS = 20;

/**
 * Finds what gets into each other's way among the files of one volume: one file twice, or a file where another needs a
 * folder. At most 20, in the order of the later claim. Takes time in proportion to the length of all paths, whatever
 * they are.
 * @returns messages that name both owners and what to change
 */
export function findPathConflicts(claims: Iterable<PathClaim>): string[] {
  const volume = new Volume();
  const conflicts: string[] = [];
  for (const claim of claims) {
    const conflict = volume.add(claim);
    if (conflict !== undefined) conflicts.push(conflict);
    if (conflicts.length === MAX_CONFLICTS) break;
  }
  return conflicts;
}

/**
 * Holds the files that a mount really makes against each other and against the file system: how many a history has, and
 * which secrets split into certificate and key, shows only when they have been read.
 * @throws {CollectedErrors} FILE_NAME_INVALID for each name that its suffix makes too long; FILE_CONFLICT for each conflict
 */
export function checkFilePaths(claims: readonly PathClaim[]): void {
  const errors = claims
    .flatMap(({ path, owner }) => {
      const problem = fileNameProblem(path);
      return problem === undefined
        ? []
        : [`${problem}; ${owner} makes ${quote(path)}: set a shorter objectAlias`];
    })
    .slice(0, MAX_CONFLICTS)
    .map((problem) => new ProviderError("FILE_NAME_INVALID", problem));
  errors.push(...findPathConflicts(claims).map((conflict) => new ProviderError("FILE_CONFLICT", conflict)));
  const [first, ...others] = errors;
  if (first !== undefined) {
    throw new CollectedErrors(`${errors.length} files cannot be written`, [first, ...others]);
  }
}

/** A file or folder of the volume. */
interface PathNode {
  readonly parts: Map<string, PathNode>;
  /** Who writes a file here. */
  file: PathClaim | undefined;
  /** Who first needs a folder here. */
  folder: PathClaim | undefined;
}

class Volume {
  readonly #root = newNode();
  /** Folders by their path, so that the many files of one deep folder do not each walk down to it. */
  readonly #folders = new Map<string, PathNode>();

  /** @returns the conflict with an earlier claim, or undefined */
  add(claim: PathClaim): string | undefined {
    const slash = claim.path.lastIndexOf("/");
    const folder = slash === -1 ? this.#root : this.#enter(claim.path.slice(0, slash), claim);
    if (typeof folder === "string") return folder;
    const node = child(folder, claim.path.slice(slash + 1));
    if (node.file !== undefined) {
      return (
        `${node.file.owner} and ${claim.owner} both write the file ${quote(claim.path)}; ` +
        "give one of them another objectAlias"
      );
    }
    if (node.folder !== undefined) return fileAndFolder(claim, node.folder);
    node.file = claim;
    return undefined;
  }

  #enter(path: string, claim: PathClaim): PathNode | string {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    let node = this.#root;
    for (const part of path.split("/")) {
      node = child(node, part);
      if (node.file !== undefined) return fileAndFolder(node.file, claim);
      node.folder ??= claim;
    }
    this.#folders.set(path, node);
    return node;
  }
}

function newNode(): PathNode {
  return { parts: new Map(), file: undefined, folder: undefined };
}

function child(node: PathNode, name: string): PathNode {
  const known = node.parts.get(name);
  if (known !== undefined) return known;
  const made = newNode();
  node.parts.set(name, made);
  return made;
}

function fileAndFolder(file: PathClaim, inside: PathClaim): string {
  return (
    `${file.owner} writes the file ${quote(file.path)}, but ${inside.owner} needs a folder of that name for ` +
    `${quote(inside.path)}; give one of them another objectAlias`
  );
}
