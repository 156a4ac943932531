import { randomBytes } from "node:crypto";
import type { PlayedCloud } from "../clouds.js";
import type { Claims } from "./jwt.js";
import { OidcIssuer } from "./oidc-issuer.js";
import type { Principal } from "./principal.js";
import type { RsaKeys } from "../rsa-keys.js";
import { SigningKey } from "./signing-key.js";
import { Tenant } from "./tenant.js";

/** The tenant that vaults belong to until one is named. */
export const FALLBACK_TENANT_ID = "9c2f3b1e-6d55-4a57-8f0b-3a1f0c7d4e21";

/** What an access token is to say. */
export interface AccessTokenRequest {
  readonly principal: Principal;
  readonly cloud: PlayedCloud;
  readonly audience: string;
  /** "1" for a secret, "2" for an assertion. */
  readonly appidacr: "1" | "2";
  readonly lifetimeSeconds?: number;
  /** Replaces claims. */
  readonly claims?: Claims;
}

/** Entra ID: tenants, their applications, the issuers that they trust, and the key that signs access tokens. */
export class EntraDirectory {
  /** How long access tokens live, in seconds; the service gives a client-credentials token some 3,599. */
  accessTokenLifetimeSeconds = 3599;
  readonly #now: () => number;
  readonly #rsaKeys: RsaKeys;
  readonly #tenants = new Map<string, Tenant>();
  readonly #issuers = new Map<string, OidcIssuer>();
  #signingKey: Promise<SigningKey>;
  #previousKeys: SigningKey[] = [];

  constructor(now: () => number, rsaKeys: RsaKeys) {
    this.#now = now;
    this.#rsaKeys = rsaKeys;
    this.#signingKey = this.#makeSigningKey();
  }

  /**
   * Gets or makes a tenant.
   * @param clouds - names of the clouds whose authorities know it; default: every one
   */
  tenant(id: string, options: { readonly clouds?: readonly string[] } = {}): Tenant {
    const key = id.toLowerCase();
    const tenant = this.#tenants.get(key) ?? new Tenant(key, options.clouds ?? []);
    this.#tenants.set(key, tenant);
    return tenant;
  }

  removeTenant(id: string): void {
    this.#tenants.delete(id.toLowerCase());
  }

  /** The tenant of that id, if the cloud's authorities know it. */
  findTenant(id: string, cloud: PlayedCloud): Tenant | undefined {
    const tenant = this.#tenants.get(id.toLowerCase());
    return tenant === undefined || tenant.clouds.size === 0 || tenant.clouds.has(cloud.name)
      ? tenant
      : undefined;
  }

  /** The first tenant that was made. */
  get defaultTenantId(): string {
    const [first = FALLBACK_TENANT_ID] = this.#tenants.keys();
    return first;
  }

  /** Gets or makes an OpenID issuer (a cluster); its URL is compared exactly, a trailing slash counts. */
  issuer(url: string): OidcIssuer {
    const issuer = this.#issuers.get(url) ?? new OidcIssuer(url, this.#rsaKeys, this.#now);
    this.#issuers.set(url, issuer);
    return issuer;
  }

  findIssuer(url: string): OidcIssuer | undefined {
    return this.#issuers.get(url);
  }

  /** The keys that access tokens may be signed with, newest first. */
  async signingKeys(): Promise<readonly SigningKey[]> {
    return [await this.#signingKey, ...this.#previousKeys];
  }

  /** Signs with a new key from now on; with `withdraw`, tokens of the old key are no longer accepted. */
  async rotateSigningKey(options: { readonly withdraw?: boolean } = {}): Promise<void> {
    const previous = await this.#signingKey;
    this.#previousKeys = options.withdraw === true ? [] : [previous, ...this.#previousKeys];
    this.#signingKey = this.#makeSigningKey();
    await this.#signingKey;
  }

  /** A version 1 access token, as Key Vault's registration asks for. */
  async issueAccessToken(request: AccessTokenRequest): Promise<{ token: string; expiresInSeconds: number }> {
    const { principal, cloud } = request;
    const nowSeconds = Math.floor(this.#now() / 1000);
    const expiresInSeconds = request.lifetimeSeconds ?? this.accessTokenLifetimeSeconds;
    const issuer = `${cloud.tokenIssuer}${principal.tenantId}/`;
    const key = await this.#signingKey;
    const token = key.sign({
      aud: request.audience,
      iss: issuer,
      // The service dates its tokens five minutes back, for clocks that are late.
      iat: nowSeconds - 300,
      nbf: nowSeconds - 300,
      exp: nowSeconds + expiresInSeconds,
      aio: randomBytes(24).toString("base64"),
      appid: principal.clientId,
      appidacr: request.appidacr,
      idp: issuer,
      idtyp: "app",
      oid: principal.objectId,
      rh: `0.${randomBytes(24).toString("base64url")}.`,
      sub: principal.objectId,
      tid: principal.tenantId,
      uti: randomBytes(16).toString("base64url"),
      ver: "1.0",
      ...request.claims,
    });
    return { token, expiresInSeconds };
  }

  async #makeSigningKey(): Promise<SigningKey> {
    return new SigningKey(await this.#rsaKeys.takeAsync());
  }
}
