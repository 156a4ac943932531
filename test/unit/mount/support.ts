import { ProviderError } from "../../../src/errors/provider-error.js";
import type { ObjectReading } from "../../../src/mount/object-files.js";
import { OpenedPfx } from "../../../src/mount/opened-pfx.js";
import { NodeBudget } from "../../../src/mount/node-budget.js";
import { VolumeBudget } from "../../../src/mount/volume-budget.js";
import type { ObjectReference, VaultReader, VersionInfo } from "../../../src/keyvault/vault-reader.js";
import type { KeyVaultObject } from "../../../src/model/key-vault-object.js";
import { Sensitive } from "../../../src/model/sensitive.js";
import type { VaultValue } from "../../../src/model/vault-value.js";

export const never = new AbortController().signal;

/** What `work` rejects with, which must be a {@link ProviderError}. */
export async function rejectedBy(work: Promise<unknown>): Promise<ProviderError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error("nothing was rejected");
}

export function objectWith(changes: Partial<KeyVaultObject> = {}): KeyVaultObject {
  return {
    index: 0,
    type: "secret",
    name: "db",
    fileName: "db",
    version: "",
    historyCount: 0,
    format: "pem",
    encoding: "utf-8",
    fileMode: 0o644,
    ...changes,
  };
}

/** A plain secret of version `version`, or of `v-new` where none is asked for. */
export function secretValue(version: string, text = `value of ${version}`): VaultValue {
  return {
    type: "secret",
    version: version === "" ? "v-new" : version,
    value: new Sensitive(text),
    contentType: undefined,
    backsCertificate: false,
  };
}

/** A vault in memory that counts what is read. */
export class FakeReader implements VaultReader {
  readonly reads: string[] = [];
  running = 0;
  mostRunning = 0;
  versions: readonly VersionInfo[] = [];
  /** What a read answers; throws to refuse. */
  answer: (reference: ObjectReference) => VaultValue = ({ version }) => secretValue(version);

  async read(reference: ObjectReference, signal: AbortSignal): Promise<VaultValue> {
    this.reads.push(`${reference.type}/${reference.name}/${reference.version}`);
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    await new Promise((resolve) => setImmediate(resolve));
    this.running -= 1;
    signal.throwIfAborted();
    return this.answer(reference);
  }

  listVersions(): Promise<readonly VersionInfo[]> {
    return Promise.resolve(this.versions);
  }
}

/** Versions `v0`, `v1`, …, the newest first. */
export function versionsOf(count: number): VersionInfo[] {
  return Array.from({ length: count }, (_, i) => ({
    version: `v${i}`,
    createdOnMs: (count - i) * 1000,
    isEnabled: true,
  }));
}

export function readingOf(vault: VaultReader, changes: Partial<ObjectReading> = {}): ObjectReading {
  return {
    vault,
    content: { constructPemChain: true, separateCertAndKeyFiles: false },
    readPfx: () => Promise.reject(new ProviderError("CONTENT_PFX_INVALID", "no PFX here")),
    openedPfx: new OpenedPfx(),
    budget: new VolumeBudget(new NodeBudget().enter("shop")),
    signal: never,
    ...changes,
  };
}
