import type { Principal } from "./principal.js";

/** Trust in tokens of another issuer; all three are compared exactly, as Entra ID does. */
export interface FederatedCredential {
  readonly issuer: string;
  /** `system:serviceaccount:<namespace>:<name>` for a service account. */
  readonly subject: string;
  /** Default "api://AzureADTokenExchange". */
  readonly audience?: string;
}

/** What an application may sign in with. */
export interface ApplicationOptions {
  readonly clientId: string;
  /** Default: a random one. */
  readonly objectId?: string;
  readonly secrets?: readonly string[];
  readonly federated?: readonly FederatedCredential[];
}

/** Most federated credentials of one application. @see the limit that Entra ID documents */
export const MAX_FEDERATED_CREDENTIALS = 20;

const DEFAULT_AUDIENCE = "api://AzureADTokenExchange";

/** One application with its service principal in one tenant. */
export class Application {
  readonly principal: Principal;
  /** An application whose owner switched it off gets AADSTS7000112. */
  isDisabled = false;
  readonly #secrets = new Map<string, number>();
  #federated: Required<FederatedCredential>[] = [];

  constructor(principal: Principal) {
    this.principal = principal;
  }

  get clientId(): string {
    return this.principal.clientId;
  }

  get objectId(): string {
    return this.principal.objectId;
  }

  /** @param expiresAtMs - milliseconds since the epoch; default never */
  addSecret(secret: string, expiresAtMs = Number.POSITIVE_INFINITY): this {
    this.#secrets.set(secret, expiresAtMs);
    return this;
  }

  removeSecret(secret: string): this {
    this.#secrets.delete(secret);
    return this;
  }

  /** @throws {RangeError} beyond `MAX_FEDERATED_CREDENTIALS` */
  addFederatedCredential(credential: FederatedCredential): this {
    if (this.#federated.length >= MAX_FEDERATED_CREDENTIALS) {
      throw new RangeError(`an application has at most ${MAX_FEDERATED_CREDENTIALS} federated credentials`);
    }
    this.#federated.push({ audience: DEFAULT_AUDIENCE, ...credential });
    return this;
  }

  /** Removes every credential with this issuer and subject. */
  removeFederatedCredential(credential: Pick<FederatedCredential, "issuer" | "subject">): this {
    this.#federated = this.#federated.filter(
      ({ issuer, subject }) => issuer !== credential.issuer || subject !== credential.subject,
    );
    return this;
  }

  /** Lets it sign in with these, and with nothing that it had before. */
  replaceCredentials(credentials: Pick<ApplicationOptions, "secrets" | "federated">): this {
    this.#secrets.clear();
    this.#federated = [];
    for (const secret of credentials.secrets ?? []) this.addSecret(secret);
    for (const credential of credentials.federated ?? []) this.addFederatedCredential(credential);
    return this;
  }

  get federatedCredentials(): readonly Required<FederatedCredential>[] {
    return this.#federated;
  }

  /** How a secret that a client shows stands. */
  judgeSecret(secret: string, nowMs: number): "valid" | "expired" | "unknown" {
    const expiresAtMs = this.#secrets.get(secret);
    if (expiresAtMs === undefined) return "unknown";
    return expiresAtMs > nowMs ? "valid" : "expired";
  }
}
