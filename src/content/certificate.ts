import { ProviderError } from "../errors/provider-error.js";
import { expectTag, MalformedBer, readElement, TAG } from "./ber.js";
import { encodePem } from "./pem.js";

/** The most bytes of one certificate; common ones have 1 to 3 KiB, with hundreds of names some 30. */
export const MAX_CERTIFICATE_BYTES = 256 * 1024;

/**
 * A certificate's DER as one PEM block, byte for byte. Looks no deeper than the outermost element: what is inside is
 * between the vault and whoever reads the file.
 * @throws {ProviderError} CONTENT_CERTIFICATE_INVALID
 */
export function certificateToPem(der: Uint8Array): string {
  if (der.length === 0)
    throw invalid("the vault gave no certificate bytes", "read the object with objectType: secret");
  if (der.length > MAX_CERTIFICATE_BYTES) {
    throw invalid(
      `the certificate has ${der.length} bytes, at most ${MAX_CERTIFICATE_BYTES} are read`,
      "put a smaller certificate into the vault",
    );
  }
  try {
    expectTag(readElement(der), TAG.sequence);
  } catch (error) {
    if (!(error instanceof MalformedBer)) throw error;
    throw invalid("the vault's certificate is not DER", "put the certificate into the vault anew");
  }
  return encodePem("CERTIFICATE", der);
}

function invalid(seen: string, remedy: string): ProviderError {
  return new ProviderError("CONTENT_CERTIFICATE_INVALID", `${seen}; ${remedy}`);
}
