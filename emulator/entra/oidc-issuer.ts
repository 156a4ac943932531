import { randomUUID } from "node:crypto";
import { textClaim } from "./jwt.js";
import type { Claims, ParsedJwt } from "./jwt.js";
import type { RsaKeys } from "../rsa-keys.js";
import { SigningKey } from "./signing-key.js";

/** What a projected service-account token is for. */
export interface ServiceAccountTokenRequest {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Default "api://AzureADTokenExchange". */
  readonly audience?: string;
  /** Default 3600; negative for a token that has expired. */
  readonly expiresInSeconds?: number;
  readonly podName?: string;
  readonly podUid?: string;
  /** Replaces claims, for tokens that no API server would make. */
  readonly claims?: Claims;
}

/**
 * The OpenID issuer of one cluster: signs service-account tokens as kube-apiserver does, and publishes its keys, old
 * ones included until they are withdrawn.
 */
export class OidcIssuer {
  readonly url: string;
  readonly #rsaKeys: RsaKeys;
  readonly #now: () => number;
  readonly #published: SigningKey[] = [];
  #current: SigningKey;

  constructor(url: string, rsaKeys: RsaKeys, now: () => number) {
    this.url = url;
    this.#rsaKeys = rsaKeys;
    this.#now = now;
    this.#current = this.rotateKey();
  }

  /** Signs with a new key from now on; the old ones stay published. */
  rotateKey(): SigningKey {
    this.#current = new SigningKey(this.#rsaKeys.take());
    this.#published.push(this.#current);
    return this.#current;
  }

  /** Withdraws every key but the current one, so that older tokens can't be verified any more. */
  withdrawOldKeys(): void {
    this.#published.splice(0, this.#published.length, this.#current);
  }

  /** The key that a token names, if it is published. */
  keyFor(jwt: ParsedJwt): SigningKey | undefined {
    const kid = textClaim(jwt.header, "kid");
    return this.#published.find((key) => key.kid === kid);
  }

  /** Every published key. */
  get keys(): readonly SigningKey[] {
    return this.#published;
  }

  /** A token as kube-apiserver projects it for a pod: RS256, with the `kubernetes.io` claim. */
  serviceAccountToken(request: ServiceAccountTokenRequest): string {
    const nowSeconds = Math.floor(this.#now() / 1000);
    const { namespace, serviceAccount, podName } = request;
    return this.#current.sign({
      aud: [request.audience ?? "api://AzureADTokenExchange"],
      exp: nowSeconds + (request.expiresInSeconds ?? 3600),
      iat: nowSeconds,
      iss: this.url,
      jti: randomUUID(),
      "kubernetes.io": {
        namespace,
        ...(podName === undefined ? {} : { pod: { name: podName, uid: request.podUid ?? randomUUID() } }),
        serviceaccount: { name: serviceAccount, uid: randomUUID() },
      },
      nbf: nowSeconds,
      sub: `system:serviceaccount:${namespace}:${serviceAccount}`,
      ...request.claims,
    });
  }
}
