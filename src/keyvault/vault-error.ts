import type { ErrorCode } from "../errors/codes.js";
import { ProviderError } from "../errors/provider-error.js";
import type { RefusalFacts } from "./service-refusal.js";

export interface VaultErrorFacts {
  readonly cause?: unknown;
  readonly refusal?: RefusalFacts;
}

/** A vault's refusal or silence, explained. The message begins with the vault's host and what it answered. */
export class VaultError extends ProviderError {
  /** Undefined when there was no answer. */
  readonly httpStatus: number | undefined;
  /** The service's own word, the innermost one: `SecretNotFound`, `ForbiddenByRbac`. */
  readonly serviceCode: string | undefined;

  constructor(code: ErrorCode, message: string, facts: VaultErrorFacts = {}) {
    super(code, message, { cause: facts.cause, serviceId: facts.refusal?.requestId });
    this.name = "VaultError";
    this.httpStatus = facts.refusal?.status;
    this.serviceCode = facts.refusal?.innerCode ?? facts.refusal?.code;
  }
}
