import type { KeyVaultObject } from "../../model/key-vault-object.js";
import type { ObjectEntry } from "../../parameters/object-fields.js";
import { historyPath } from "../../parameters/file-name.js";
import { applyObjectRules } from "../../parameters/object-rules.js";
import { parseObjects } from "../../parameters/parse-objects.js";
import { Problems } from "../../parameters/problems.js";

/** A file that a mount writes. */
export interface PlannedFile {
  readonly path: string;
  readonly object: KeyVaultObject;
  /**
   * `surely`; `if-versions`: where the vault has that many versions; `if-certificate`: one of the split files, where
   * the secret backs a certificate.
   */
  readonly isWritten: "surely" | "if-versions" | "if-certificate";
}

export interface PlannedFiles {
  readonly files: ReadonlyMap<string, PlannedFile>;
  readonly objects: readonly KeyVaultObject[];
  /** Whether a name may be that of a file of an object with a problem, whose files are not known. */
  readonly mayBeOfBroken: (name: string) => boolean;
}

/** Beyond it, nobody names a history's file by its number. */
const MAX_HISTORY_FILES = 1_000;
const DRIVER_MODE = 0o644;

/** The files of a class, as far as they are known without its vault. */
export function plannedFiles(objectsYaml: string, withSeparateFiles: boolean): PlannedFiles {
  const outcome = parseObjects(objectsYaml);
  const problems = new Problems();
  const objects: KeyVaultObject[] = [];
  const broken: ObjectEntry[] = [];
  for (const entry of outcome.entries) {
    const object = applyObjectRules(entry, DRIVER_MODE, problems, []);
    if (object === undefined) broken.push(entry);
    else objects.push(object);
  }
  const files = new Map<string, PlannedFile>();
  for (const object of objects) {
    for (const file of filesOf(object, withSeparateFiles))
      if (!files.has(file.path)) files.set(file.path, file);
  }
  const mayBeOfBroken = (name: string): boolean =>
    outcome.problems.length > 0 || broken.some((entry) => mayWrite(entry, name));
  return { files, objects, mayBeOfBroken };
}

/** An entry whose name is not known may write any file; others what has to do with their names. */
function mayWrite({ fields, unreadable }: ObjectEntry, name: string): boolean {
  if (fields === undefined || unreadable.includes("objectAlias")) return true;
  const { objectAlias, objectName } = fields;
  const names = [objectAlias, objectName, ...objectAlias.split("/").slice(-1)].filter((one) => one !== "");
  // Below a name are the files of a history; with a suffix, split files.
  return (
    names.length === 0 ||
    names.some((one) => name === one || name.startsWith(`${one}/`) || name.startsWith(`${one}.`))
  );
}

function filesOf(object: KeyVaultObject, withSeparateFiles: boolean): PlannedFile[] {
  const { fileName, historyCount } = object;
  const single: PlannedFile[] =
    historyCount === 0
      ? [{ path: fileName, object, isWritten: "surely" }]
      : Array.from({ length: Math.min(historyCount, MAX_HISTORY_FILES) + 1 }, (_, index) => ({
          path: historyPath(fileName, index),
          object,
          isWritten: index === 0 ? ("surely" as const) : ("if-versions" as const),
        }));
  if (!withSeparateFiles || object.type !== "secret") return single;
  return single.flatMap((file) => [
    file,
    ...[".crt", ".key"].map((suffix) => ({
      path: file.path + suffix,
      object,
      isWritten: "if-certificate" as const,
    })),
  ]);
}
