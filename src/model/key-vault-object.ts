export type ObjectType = "secret" | "key" | "cert";
export type ObjectFormat = "pem" | "pfx";
export type ObjectEncoding = "utf-8" | "base64" | "hex";

/** One validated entry of `objects`. */
export interface KeyVaultObject {
  /** Position in `objects`, from 0. */
  readonly index: number;
  readonly type: ObjectType;
  /** objectName: the name in the vault. */
  readonly name: string;
  /**
   * Path of the file in the volume: objectAlias, else objectName. With a history, the folder of its files; empty for the
   * top of the volume.
   */
  readonly fileName: string;
  /** objectVersion; empty means the newest one (`latest` has become empty). */
  readonly version: string;
  /** objectVersionHistory; 0 when one version is asked for, else 2 or more. */
  readonly historyCount: number;
  readonly format: ObjectFormat;
  readonly encoding: ObjectEncoding;
  /** Permission bits of the file, 0 to 0o777. */
  readonly fileMode: number;
}
