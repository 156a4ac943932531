import { ProviderError } from "../errors/provider-error.js";
import type { Cloud } from "../model/cloud.js";
import { quote } from "../model/quote.js";

/** Who issues the tokens of one tenant. */
export interface Authority {
  /** For example `https://login.microsoftonline.com/<tenant>`, or `https://adfs.example/adfs`. */
  readonly url: string;
  /** Host, with a port where it is not 443. */
  readonly host: string;
  /** The tenant as the SDK wants it: id, domain name, or `adfs`. */
  readonly tenantId: string;
  /** The only origins that sign-in requests may go to. */
  readonly origins: readonly string[];
}

/** AD FS knows no tenants: this stands in the tenant's place. */
const AD_FS = "adfs";
const TENANT = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/**
 * The authority of a tenant in a cloud. It is AD FS where the cloud's authority ends with `/adfs`, or where the class says
 * so with tenantID `adfs`.
 * @throws {ProviderError} PARAMETER_INVALID when the tenant is neither an id nor a domain name
 */
export function authorityOf(cloud: Cloud, tenantId: string): Authority {
  if (!TENANT.test(tenantId)) {
    throw new ProviderError(
      "PARAMETER_INVALID",
      `tenantID ${quote(tenantId)} is neither a tenant's id nor a domain name; correct parameters.tenantID`,
    );
  }
  const { origin, host, pathname } = new URL(cloud.authorityHost);
  const tenant = pathname === `/${AD_FS}` || tenantId.toLowerCase() === AD_FS ? AD_FS : tenantId;
  return {
    // The whole of it goes to the SDK: given the host alone, it takes tenant "com" for a part of the host.
    url: `${origin}/${tenant}`,
    host,
    tenantId: tenant,
    origins: [origin, ...(cloud.authorityAliases ?? [])],
  };
}
