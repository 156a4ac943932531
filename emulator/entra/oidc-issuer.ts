import { randomUUID } from "node:crypto";
import { textClaim } from "./jwt.js";
import { readKeySet } from "./key-set.js";
import type { PublishedKey } from "./key-set.js";
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
  #foreign: PublishedKey[] = [];
  #current: SigningKey | undefined;

  constructor(url: string, rsaKeys: RsaKeys, now: () => number) {
    this.url = url;
    this.#rsaKeys = rsaKeys;
    this.#now = now;
  }

  /** Signs with a new key from now on; the old ones stay published. */
  rotateKey(): SigningKey {
    const key = new SigningKey(this.#rsaKeys.take());
    this.#current = key;
    this.#published.push(key);
    return key;
  }

  /** Withdraws every key but the current one, so that older tokens can't be verified any more. */
  withdrawOldKeys(): void {
    this.#published.splice(0, this.#published.length, this.#currentKey());
  }

  /**
   * Publishes the keys of a real cluster, whose tokens are then accepted; called again, those of the call before go.
   * @param jwks - what the cluster's `/openid/v1/jwks` says
   * @throws {RangeError} when it is no key set
   */
  publishKeySet(jwks: unknown): void {
    this.#foreign = readKeySet(jwks);
  }

  /** The key that a token names, if it is published. */
  keyFor(jwt: ParsedJwt): PublishedKey | undefined {
    const kid = textClaim(jwt.header, "kid");
    return [...this.#published, ...this.#foreign].find((key) => key.kid === kid);
  }

  /** A token as kube-apiserver projects it for a pod: RS256, with the `kubernetes.io` claim. */
  serviceAccountToken(request: ServiceAccountTokenRequest): string {
    const nowSeconds = Math.floor(this.#now() / 1000);
    const { namespace, serviceAccount, podName } = request;
    return this.#currentKey().sign({
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

  /** Made when it is first needed: the keys of a real cluster do without. */
  #currentKey(): SigningKey {
    return this.#current ?? this.rotateKey();
  }
}
