import type { KeyVaultObject } from "../model/key-vault-object.js";
import type { SecretFile } from "../model/secret-file.js";
import type { VaultValue } from "../model/vault-value.js";
import { certificateToPem } from "./certificate.js";
import { type ContentOptions, type ReadPfx, shapeCertificateSecret } from "./certificate-secret.js";
import { decodeText } from "./encoding.js";
import { publicKeyToPem } from "./public-key.js";

export type { ContentOptions, ReadPfx } from "./certificate-secret.js";

/** One version of an object, as it was read, and where it goes. */
export interface ContentRequest {
  readonly object: KeyVaultObject;
  /** Path of this very version's file inside the volume. */
  readonly path: string;
  readonly value: VaultValue;
}

export interface ContentOutcome {
  /** 1, or 3 with separate files: `<path>.crt`, `<path>.key`, then the single one. */
  readonly files: SecretFile[];
  /** What is right but perhaps not what was meant; for the log. */
  readonly warnings: string[];
}

/**
 * Shapes one version of an object into the files of the volume.
 *
 * | object | file |
 * |---|---|
 * | secret | its value, decoded by objectEncoding |
 * | secret that backs a certificate | PEM or PFX, perhaps in three files: {@link shapeCertificateSecret} |
 * | key | its public half: PEM `PUBLIC KEY` |
 * | cert | PEM `CERTIFICATE` |
 *
 * @param readPfx - opens a PFX with the empty password, best in another thread
 * @throws {ProviderError} CONTENT_*, and what `readPfx` rejects with; no message quotes the value
 */
export async function toFiles(
  { object, path, value }: ContentRequest,
  options: ContentOptions,
  readPfx: ReadPfx,
): Promise<ContentOutcome> {
  const file = (contents: Uint8Array, suffix = ""): SecretFile => ({
    path: path + suffix,
    mode: object.fileMode,
    contents,
  });
  switch (value.type) {
    case "key":
      return { files: [file(Buffer.from(publicKeyToPem(value)))], warnings: [] };
    case "cert":
      return { files: [file(Buffer.from(certificateToPem(value.der)))], warnings: [] };
    case "secret": {
      if (!value.backsCertificate) {
        return { files: [file(decodeText(value.value.reveal(), object.encoding))], warnings: [] };
      }
      const { combined, separate, warnings } = await shapeCertificateSecret(value, object, options, readPfx);
      const files = [file(combined)];
      if (separate !== undefined) {
        files.unshift(
          file(Buffer.from(separate.certificates), ".crt"),
          file(Buffer.from(separate.keys), ".key"),
        );
      }
      return { files, warnings: [...warnings] };
    }
  }
}
