/** One file of the volume, as the driver will write it. */
export interface SecretFile {
  /** Relative path inside the volume. */
  readonly path: string;
  /** Permission bits, 0 to 0o777. */
  readonly mode: number;
  readonly contents: Uint8Array;
}

/** Which version of which object a file shows. */
export interface ObjectVersion {
  /** `<objectType>/<objectName>`, with `/<index>` for a history. */
  readonly id: string;
  readonly version: string;
}

/** The answer to one Mount. */
export interface MountResult {
  readonly files: readonly SecretFile[];
  readonly versions: readonly ObjectVersion[];
}
