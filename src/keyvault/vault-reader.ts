import type { ObjectType } from "../model/key-vault-object.js";
import type { VaultValue } from "../model/vault-value.js";

/** One object of a vault. */
export interface ObjectName {
  readonly type: ObjectType;
  readonly name: string;
}

/** One version of an object; an empty `version` means the newest one. */
export interface ObjectReference extends ObjectName {
  readonly version: string;
}

/** What a vault's list tells of one version. */
export interface VersionInfo {
  readonly version: string;
  /** Milliseconds since 1970. The service counts in whole seconds. */
  readonly createdOnMs: number;
  readonly isEnabled: boolean;
}

/** One vault, read as one identity. An interface, so that caches and gates can stand before it. */
export interface VaultReader {
  /**
   * The object's value, with the concrete version that was read.
   * @throws {ProviderError} VAULT_*, SIGN_IN_* when a further token is refused, CALL_* when `signal` aborts
   */
  read(reference: ObjectReference, signal: AbortSignal): Promise<VaultValue>;
  /**
   * Every version of the object, disabled ones too, in the vault's order, which is none. Empty when the vault knows no
   * such object: the service answers so.
   * @throws {ProviderError} as `read`, and VAULT_TOO_MANY_VERSIONS
   */
  listVersions(object: ObjectName, signal: AbortSignal): Promise<readonly VersionInfo[]>;
}
