/**
 * Variables by which the SDK and MSAL take the sign-in to a regional authority (`westeurope.login.microsoft.com`), or ask the
 * metadata service for the region first. A class's cloud says who is asked, and the guard of the origin would refuse any
 * other host: so they must not be seen.
 */
const REGION_VARIABLES = ["AZURE_REGIONAL_AUTHORITY_NAME", "MSAL_FORCE_REGION"] as const;

/**
 * Azure's SDK for identities, loaded when it is first needed: MSAL takes some 100 ms and 8 MB. It has no options for the
 * variables above and reads them with every request, so they are taken out of the process's environment.
 */
export async function loadSdk(): Promise<typeof import("@azure/identity")> {
  for (const name of REGION_VARIABLES) Reflect.deleteProperty(process.env, name);
  return await import("@azure/identity");
}
