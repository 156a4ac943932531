import { ProviderError } from "../errors/provider-error.js";
import type { KeyVaultObject } from "../model/key-vault-object.js";
import type { SecretValue } from "../model/vault-value.js";
import { decodeBase64 } from "./base64.js";
import { orderChain } from "./chain.js";
import { decodeText } from "./encoding.js";
import { encodePem, readPemBlocks } from "./pem.js";
import { costlyPfx, invalidPfx, MAX_PFX_BYTES } from "./pfx/limits.js";
import type { PfxContents } from "./pfx/read-pfx.js";

export type ReadPfx = (pfx: Uint8Array) => Promise<PfxContents>;

/** How this provider writes certificates: two flags of the process. */
export interface ContentOptions {
  /** `--construct-pem-chain`: order the certificates of a PFX leaf first, root last. */
  readonly constructPemChain: boolean;
  /** `--write-cert-and-key-in-separate-files`: also write `<file>.crt` and `<file>.key`. */
  readonly separateCertAndKeyFiles: boolean;
}

/** What a secret that backs a certificate becomes. */
export interface CertificateFiles {
  readonly combined: Uint8Array;
  /** PEM; undefined unless separate files are asked for. */
  readonly separate: { readonly certificates: string; readonly keys: string } | undefined;
  readonly warnings: readonly string[];
}

const PEM_TYPE = "application/x-pem-file";
const PFX_TYPE = "application/x-pkcs12";
/** The most PEM blocks that are written to separate files; the certificate authorities of the web are some 150. */
export const MAX_SPLIT_BLOCKS = 1000;
const EMPTY = { certificates: "", keys: "" };

/**
 * Shapes a secret that backs a certificate.
 *
 * | contentType | objectFormat | the file | `.crt` and `.key`, when asked for |
 * |---|---|---|---|
 * | PEM | either | the value, decoded by objectEncoding | its blocks: `CERTIFICATE` ones, and all others |
 * | PKCS#12 | `pem` | PEM: keys, then certificates in chain order | those certificates, those keys |
 * | PKCS#12 | `pfx` | the value (base64), decoded by objectEncoding | the same as with `pem`; never decoded |
 * | other, or none | either | refused | |
 *
 * Of a PEM value, each block goes to its file in the order of the value, however keys, certificates, parameters and
 * comments alternate; several keys all go to `.key`. The blocks are written anew (64 columns), text between them is
 * left out. What holds no certificate, or no key, gives an empty file and a warning, as does a PFX that is
 * asked for as it is but cannot be opened: it mounts today, and goes on to.
 * @throws {ProviderError} CONTENT_*, and what `readPfx` rejects with
 */
export async function shapeCertificateSecret(
  secret: SecretValue,
  { format, encoding }: Pick<KeyVaultObject, "format" | "encoding">,
  options: ContentOptions,
  readPfx: ReadPfx,
): Promise<CertificateFiles> {
  const text = secret.value.reveal();
  switch (secret.contentType) {
    case PEM_TYPE: {
      const combined = decodeText(text, encoding);
      const separate = options.separateCertAndKeyFiles ? splitPem(text) : undefined;
      return { combined, separate, warnings: separate === undefined ? [] : warnOfEmpty(separate) };
    }
    case PFX_TYPE: {
      if (format === "pfx") return await keepPfx(text, decodeText(text, encoding), options, readPfx);
      if (encoding !== "utf-8") {
        throw new ProviderError(
          "CONTENT_ENCODING_INVALID",
          `objectEncoding ${encoding} cannot decode a certificate that is written as PEM; ` +
            "remove objectEncoding, or add objectFormat: pfx, in parameters.objects",
        );
      }
      const { warnings, ...pem } = await convertPfx(text, options, readPfx);
      const combined = Buffer.from(pem.keys + pem.certificates);
      if (!options.separateCertAndKeyFiles) return { combined, separate: undefined, warnings };
      return { combined, separate: pem, warnings: [...warnings, ...warnOfEmpty(pem)] };
    }
    case undefined:
    default:
      throw unsupportedType(secret.contentType);
  }
}

async function keepPfx(
  text: string,
  combined: Uint8Array,
  options: ContentOptions,
  readPfx: ReadPfx,
): Promise<CertificateFiles> {
  if (!options.separateCertAndKeyFiles) return { combined, separate: undefined, warnings: [] };
  try {
    const { warnings, ...separate } = await convertPfx(text, options, readPfx);
    return { combined, separate, warnings: [...warnings, ...warnOfEmpty(separate)] };
  } catch (error) {
    if (!(error instanceof ProviderError) || !error.code.startsWith("CONTENT_")) throw error;
    return { combined, separate: EMPTY, warnings: [`the .crt and .key files stay empty: ${error.message}`] };
  }
}

/** Keys as PKCS#8, then certificates, as PEM. */
async function convertPfx(text: string, { constructPemChain }: ContentOptions, readPfx: ReadPfx) {
  const pfx = decodeBase64(text);
  if (typeof pfx === "string") {
    throw invalidPfx("the value of this PKCS#12 secret is not base64");
  }
  if (pfx.length > MAX_PFX_BYTES) {
    throw costlyPfx(`the PFX has ${pfx.length} bytes, at most ${MAX_PFX_BYTES} are read`);
  }
  const { privateKeysDer, certificatesDer } = await readPfx(pfx);
  const chain = constructPemChain
    ? orderChain(certificatesDer)
    : { certificates: certificatesDer, isComplete: true };
  const toPem = (type: string, ders: readonly Uint8Array[]) =>
    ders.map((der) => encodePem(type, der)).join("");
  return {
    keys: toPem("PRIVATE KEY", privateKeysDer),
    certificates: toPem("CERTIFICATE", chain.certificates),
    warnings: chain.isComplete
      ? []
      : [
          "the certificate chain is not complete: certificates are missing, or do not belong to it; " +
            "they keep the order that they have in the vault",
        ],
  };
}

function splitPem(text: string) {
  const files = { certificates: "", keys: "" };
  let blocks = 0;
  for (const { type, headers, bytes } of readPemBlocks(text)) {
    if (++blocks > MAX_SPLIT_BLOCKS) {
      throw new ProviderError(
        "CONTENT_CERTIFICATE_INVALID",
        `the secret holds more than ${MAX_SPLIT_BLOCKS} PEM blocks, too many to write certificates and keys apart; ` +
          "put fewer certificates into it",
      );
    }
    files[type === "CERTIFICATE" ? "certificates" : "keys"] += encodePem(type, bytes, headers);
  }
  return files;
}

function warnOfEmpty({ certificates, keys }: { certificates: string; keys: string }): string[] {
  const warnings: string[] = [];
  if (certificates === "") warnings.push("the .crt file is empty: the secret holds no certificate");
  if (keys === "") warnings.push("the .key file is empty: the secret holds no private key");
  return warnings;
}

function unsupportedType(contentType: string | undefined): ProviderError {
  const seen =
    contentType === undefined
      ? "the secret backs a certificate but has no content type"
      : `the secret backs a certificate but has the unknown content type "${contentType.slice(0, 80)}"`;
  return new ProviderError(
    "CONTENT_TYPE_UNSUPPORTED",
    `${seen}; set its content type in the vault to ${PFX_TYPE} or ${PEM_TYPE}, or read it with objectType: cert`,
  );
}
