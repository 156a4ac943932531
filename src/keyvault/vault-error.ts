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
  /** The service's `x-ms-request-id`: for the log, not for the message, or no two events of a pod would be alike. */
  readonly requestId: string | undefined;

  constructor(code: ErrorCode, message: string, facts: VaultErrorFacts = {}) {
    super(code, message, facts.cause === undefined ? {} : { cause: facts.cause });
    this.name = "VaultError";
    this.httpStatus = facts.refusal?.status;
    this.serviceCode = facts.refusal?.innerCode ?? facts.refusal?.code;
    this.requestId = facts.refusal?.requestId;
  }
}
