import type { RefusalFacts } from "./service-refusal.js";

/*
 * What goes wrong inside the SDK's pipeline, as our own policies throw it there. None of these leaves this room:
 * explain.ts turns each into a VaultError.
 */

/**
 * The service answered with another status than 200. Thrown before the SDK makes an error of its own: for lists that one
 * forgets the inner code, for an empty body it is a TypeError, and its text may quote the body.
 */
export class ServiceRefusal extends Error {
  readonly facts: RefusalFacts;

  constructor(facts: RefusalFacts) {
    super(`HTTP ${facts.status}`);
    this.name = "ServiceRefusal";
    this.facts = facts;
  }
}

/** The HTTP client gave no answer; `cause` is its reason, a NetworkError unless something is broken. */
export class TransportFailure extends Error {
  constructor(cause: unknown) {
    super("no answer", { cause });
    this.name = "TransportFailure";
  }
}

/** The vault's challenge (the `WWW-Authenticate` of a 401) cannot be used; `cause` is the SDK's reason. */
export class ChallengeFailure extends Error {
  constructor(cause: unknown) {
    super("the challenge cannot be used", { cause });
    this.name = "ChallengeFailure";
  }
}

/** An answer lacks what Key Vault's answers have, or has it in another shape. */
export class MalformedAnswer extends Error {
  /** @param detail - completes "the answer …"; words of our own only */
  constructor(detail: string) {
    super(detail);
    this.name = "MalformedAnswer";
  }
}

/** The credential gave no token; `cause` is its reason. */
export class CredentialFailure extends Error {
  /** The tenant that the vault's challenge asked for; undefined for the identity's own. */
  readonly tenantId: string | undefined;

  constructor(cause: unknown, tenantId: string | undefined) {
    super("the credential gave no token", { cause });
    this.name = "CredentialFailure";
    this.tenantId = tenantId;
  }
}
