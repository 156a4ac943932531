import { ProviderError } from "../../errors/provider-error.js";

/** The most bytes of one PFX; with a chain of three, common ones have 3 to 8 KiB. */
export const MAX_PFX_BYTES = 256 * 1024;
/** The most iterations of key derivation that one PFX may ask for in all. Key Vault writes 3 × 2,000. */
export const MAX_PFX_ITERATIONS = 1_000_000;
export const MAX_PFX_CERTIFICATES = 100;
/** Keys, certificates, revocation lists and whatever else, nested ones included. */
export const MAX_PFX_BAGS = 300;
/** SafeContents inside SafeContents. */
export const MAX_PFX_NESTING = 4;

const REMEDY = "import the certificate into the vault anew";

/** The file is not what it says it is, or is protected by a password. */
export function invalidPfx(seen: string, remedy = REMEDY): ProviderError {
  return new ProviderError("CONTENT_PFX_INVALID", `${seen}; ${remedy}`);
}

/** Reading the file would take more than one mount may take. */
export function costlyPfx(seen: string, remedy = REMEDY): ProviderError {
  return new ProviderError("CONTENT_PFX_TOO_COSTLY", `${seen}; ${remedy}`);
}

/** The iterations that one file may still ask for; spent before anything is computed. */
export class IterationBudget {
  #spent = 0;

  /** @throws {ProviderError} CONTENT_PFX_TOO_COSTLY; CONTENT_PFX_INVALID below 1 */
  spend(iterations: number): void {
    if (iterations < 1) throw invalidPfx("the PFX asks for no iteration of key derivation at all");
    this.#spent += iterations;
    if (this.#spent > MAX_PFX_ITERATIONS) {
      const asked = Number.isFinite(this.#spent) ? String(this.#spent) : "an absurd number of";
      throw costlyPfx(
        `the PFX asks for ${asked} or more iterations of key derivation, at most ${MAX_PFX_ITERATIONS} are computed`,
        "export it with fewer iterations (OpenSSL writes 2048) and import it into the vault anew",
      );
    }
  }
}
