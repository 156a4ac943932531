/** A service principal: one application in one tenant, as its access tokens name it. */
export interface Principal {
  readonly tenantId: string;
  /** `appid` of its tokens. */
  readonly clientId: string;
  /** `oid` of its tokens. */
  readonly objectId: string;
}
