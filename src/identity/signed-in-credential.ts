import type { AccessToken, GetTokenOptions, TokenCredential } from "@azure/core-auth";
import { ProviderError } from "../errors/provider-error.js";
import type { Cloud } from "../model/cloud.js";
import { quote } from "../model/quote.js";
import { readUnverifiedClaims } from "./jwt-claims.js";

/** Gets a new token for a scope, by the proof that has signed in. */
export type Acquire = (scope: string, claims: string | undefined) => Promise<AccessToken>;

export interface SignedInCredentialOptions {
  readonly cloud: Cloud;
  /** The tenant that was signed in to, as the SDK names it: id, domain name or `adfs`. */
  readonly tenantId: string;
  /** The token of the sign-in, for the cloud's own vault scope. */
  readonly firstToken: AccessToken;
  readonly acquire: Acquire;
  /** Called when a vault challenges a token that it was given. */
  readonly onChallenge?: () => void;
  /** Milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number;
}

interface Held {
  readonly token: AccessToken;
  readonly acquiredAtMs: number;
}

/** A challenged token younger than this is not replaced: a vault that refuses all tokens would cost one exchange each. */
const NEW_MS = 10_000;
/** A token that lives no longer than this is not given out any more. */
const RENEWAL_MARGIN_MS = 60_000;
const MAX_SCOPES = 4;
const MAX_CLAIMS_CHARACTERS = 8_192;

/**
 * A credential of one proof: it answers from the token of the sign-in while that is valid for the scope asked for, and gets
 * another by the same proof for
 * - a token that is about to end,
 * - a claims challenge (the new token replaces the old one),
 * - another scope of the same cloud's vaults, as a vault's challenge may name in Azure Stack.
 *
 * Callers that need the same at the same time share one exchange; one that gives up does not end it for the others.
 */
export class SignedInCredential implements TokenCredential {
  readonly #options: SignedInCredentialOptions;
  readonly #now: () => number;
  readonly #tokens = new Map<string, Held>();
  readonly #running = new Map<string, Promise<AccessToken>>();

  constructor(options: SignedInCredentialOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#hold(options.cloud.vaultScope, options.firstToken);
  }

  /** @throws {ProviderError} SIGN_IN_REJECTED for a scope or tenant that is not the identity's; SIGN_IN_*, INTERNAL */
  async getToken(scopes: string | string[], options: GetTokenOptions = {}): Promise<AccessToken> {
    const scope = this.#checkedScope(scopes);
    const known = this.#tokens.get(scope);
    this.#checkTenant(options.tenantId, known?.token);
    const claims = checkedClaims(options.claims);
    // Only a challenge names a tenant or claims: this provider and its SDK ask for neither by themselves.
    const isChallenge = options.tenantId !== undefined || claims !== undefined;
    if (isChallenge) this.#options.onChallenge?.();
    if (claims === undefined && known !== undefined && this.#isUsable(known, isChallenge)) {
      return given(known.token);
    }
    return given(await this.#acquireOnce(scope, claims));
  }

  /** A token that a vault has challenged is given again only if it is so new that another would be no better. */
  #isUsable({ token, acquiredAtMs }: Held, isChallenged: boolean): boolean {
    const nowMs = this.#now();
    if (isChallenged && nowMs - acquiredAtMs > NEW_MS) return false;
    return token.expiresOnTimestamp - nowMs > RENEWAL_MARGIN_MS;
  }

  #hold(scope: string, token: AccessToken): void {
    this.#tokens.set(scope, { token, acquiredAtMs: this.#now() });
  }

  #acquireOnce(scope: string, claims: string | undefined): Promise<AccessToken> {
    const key = JSON.stringify([scope, claims ?? ""]);
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    const acquired = this.#options
      .acquire(scope, claims)
      .then((token) => {
        if (this.#tokens.has(scope) || this.#tokens.size < MAX_SCOPES) this.#hold(scope, token);
        return token;
      })
      .finally(() => {
        this.#running.delete(key);
      });
    this.#running.set(key, acquired);
    return acquired;
  }

  /**
   * The one scope asked for, if it is for this cloud's vaults: the cloud's own, or one of the vaults' domain. The SDK holds
   * a challenge's resource against the vault's host too; this does not rely on it.
   */
  #checkedScope(scopes: string | string[]): string {
    const [scope = "", ...others] = Array.isArray(scopes) ? scopes : [scopes];
    const { vaultScope, vaultDnsSuffix } = this.#options.cloud;
    if (others.length === 0 && (scope === vaultScope || isScopeOf(vaultDnsSuffix, scope))) return scope;
    throw new ProviderError(
      "SIGN_IN_REJECTED",
      `a token for ${quote([scope, ...others].join(" "))} is not asked for: the identity reads this cloud's vaults only ` +
        `(${vaultScope}); check cloudName, and for AzureStackCloud resourceIdentifiers.keyVault of its environment file`,
    );
  }

  /** A vault's challenge names its tenant; the class may name the same one by its domain, so the token decides. */
  #checkTenant(asked: string | undefined, known: AccessToken | undefined): void {
    const { tenantId, firstToken } = this.#options;
    if (asked === undefined || tenantId === "adfs") return;
    const own = readUnverifiedClaims((known ?? firstToken).token)?.get("tid");
    const isOwn = [tenantId, own].some(
      (id) => typeof id === "string" && id.toLowerCase() === asked.toLowerCase(),
    );
    if (isOwn) return;
    throw new ProviderError(
      "SIGN_IN_REJECTED",
      `the vault belongs to tenant ${quote(asked)}, but the class signs in to tenant ${quote(tenantId)}; ` +
        "set tenantID to the tenant of the vault's subscription",
    );
  }
}

function isScopeOf(vaultDnsSuffix: string, scope: string): boolean {
  // A space would make two scopes of it.
  if (!/^[!-~]{1,512}$/.test(scope) || !scope.endsWith("/.default") || !URL.canParse(scope)) return false;
  const { protocol, hostname, username, password } = new URL(scope);
  const suffixHost = vaultDnsSuffix.replace(/:\d+$/, "");
  return protocol === "https:" && hostname === suffixHost && username === "" && password === "";
}

function checkedClaims(claims: string | undefined): string | undefined {
  if (claims === undefined || claims === "") return undefined;
  if (claims.length <= MAX_CLAIMS_CHARACTERS) return claims;
  throw new ProviderError(
    "SIGN_IN_REJECTED",
    `the vault asks for claims of more than ${MAX_CLAIMS_CHARACTERS} characters, which are not passed on`,
  );
}

/** Without `refreshAfterTimestamp`: the SDK would start renewals of its own in the background. */
function given({ token, expiresOnTimestamp }: AccessToken): AccessToken {
  return { token, expiresOnTimestamp };
}
