import pLimit from "p-limit";
import type { ContentOptions, ReadPfx } from "../content/to-files.js";
import { toFiles } from "../content/to-files.js";
import { ProviderError } from "../errors/provider-error.js";
import { selectVersions } from "../keyvault/history.js";
import type { VaultReader } from "../keyvault/vault-reader.js";
import type { KeyVaultObject } from "../model/key-vault-object.js";
import { printable } from "../model/quote.js";
import type { ObjectVersion, SecretFile } from "../model/secret-file.js";
import { historyPath } from "../parameters/file-name.js";
import { MAX_OBJECT_NAME_LENGTH } from "../parameters/object-rules.js";
import { collect } from "./collect.js";
import type { OpenedPfx } from "./opened-pfx.js";
import type { VolumeBudget } from "./volume-budget.js";

/** What one object of a class becomes: its files, an id and version for each, and words for the log. */
export interface ObjectFiles {
  /** For messages: `objects[3]`. */
  readonly owner: string;
  readonly files: readonly SecretFile[];
  /** One for each file, so that split files repeat theirs. */
  readonly versions: readonly ObjectVersion[];
  readonly warnings: readonly string[];
}

export interface ObjectReading {
  readonly vault: VaultReader;
  readonly content: ContentOptions;
  readonly readPfx: ReadPfx;
  readonly openedPfx: OpenedPfx;
  readonly budget: VolumeBudget;
  readonly signal: AbortSignal;
}

/** One version of an object and where it goes. */
interface Target {
  readonly version: string;
  readonly path: string;
  readonly id: string;
}

/** Versions of one history that are read side by side. */
const MAX_CONCURRENT_VERSIONS = 8;

/**
 * Reads one object, or the versions of its history, and shapes them into files.
 * @throws {ProviderError} whose message names the object and the version: `failed to get objectType:…`
 */
export async function readObjectFiles(object: KeyVaultObject, reading: ObjectReading): Promise<ObjectFiles> {
  reading.signal.throwIfAborted();
  const targets = await findTargets(object, reading);
  reading.budget.spendFiles(targets.length);
  const parts = await readTargets(object, targets, reading);
  return {
    owner: `objects[${object.index}]`,
    files: parts.flatMap(({ files }) => files),
    versions: parts.flatMap(({ versions }) => versions),
    warnings: parts.flatMap(({ warnings }) => warnings),
  };
}

type Part = Omit<ObjectFiles, "owner">;

/** A history is there as a whole or not at all: its first failure speaks for the object and ends the other reads. */
async function readTargets(
  object: KeyVaultObject,
  targets: readonly Target[],
  reading: ObjectReading,
): Promise<readonly Part[]> {
  const [only, ...others] = targets;
  // Nearly all objects: nothing to stop, nothing to wait for.
  if (only !== undefined && others.length === 0) return [await readTarget(object, only, reading)];
  const limit = pLimit(MAX_CONCURRENT_VERSIONS);
  return await collect(
    targets.map((target) => (stop: AbortSignal) => {
      return limit(() => readTarget(object, target, { ...reading, signal: stop }));
    }),
    {
      signal: reading.signal,
      isFatal: () => true,
      describe: (failed, all) => `${failed} of ${all} versions`,
    },
  );
}

/** Where the files of an object go: itself, or `<file>/0`, `<file>/1` … for a history, newest first. */
async function findTargets(object: KeyVaultObject, { vault, signal }: ObjectReading): Promise<Target[]> {
  const id = `${object.type}/${object.name}`;
  if (object.historyCount === 0) return [{ version: object.version, path: object.fileName, id }];
  try {
    const listed = await vault.listVersions({ type: object.type, name: object.name }, signal);
    return selectVersions(listed, object.version, object.historyCount).map(({ version }, index) => ({
      version,
      path: historyPath(object.fileName, index),
      id: `${id}/${index}`,
    }));
  } catch (error) {
    throw nameObject(error, object, object.version);
  }
}

async function readTarget(
  object: KeyVaultObject,
  target: Target,
  { vault, content, readPfx, openedPfx, budget, signal }: ObjectReading,
): Promise<Part> {
  signal.throwIfAborted();
  try {
    const value = await vault.read({ type: object.type, name: object.name, version: target.version }, signal);
    const { files, warnings } = await toFiles(
      { object, path: target.path, value },
      content,
      openedPfx.reader(value, readPfx),
    );
    for (const { contents } of files) budget.spendBytes(contents.length);
    return {
      files,
      versions: files.map(() => ({ id: target.id, version: value.version })),
      warnings: warnings.map((warning) => `${target.id}: ${warning}`),
    };
  } catch (error) {
    throw nameObject(error, object, target.version);
  }
}

/** Puts the object's name before an error's words, in the form that runbooks search for. */
function nameObject(error: unknown, { type, name }: KeyVaultObject, version: string): unknown {
  if (!(error instanceof ProviderError)) return error;
  return new ProviderError(
    error.code,
    `failed to get objectType:${type}, objectName:${printable(name, MAX_OBJECT_NAME_LENGTH)}, ` +
      `objectVersion:${printable(version)}: ${error.message}`,
    { cause: error },
  );
}
