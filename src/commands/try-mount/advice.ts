/** What stands in a cluster and at no desk, as the errors of a mount name it. */
const CLUSTER_TOKENS = "tokenRequests";
const CLUSTER_SECRET = "nodePublishSecretRef";

/**
 * What to do at a desk about an error whose remedy is one for a cluster; empty when the error's own words do.
 * @param message - the one of the pod's event
 * @param secretsFile - `--secrets-file`, or empty
 */
export function deskAdvice(
  message: string,
  secretsFile: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  return [
    ...(message.includes(CLUSTER_TOKENS) ? [aboutToken()] : []),
    ...(message.includes(CLUSTER_SECRET) ? [aboutSecret(secretsFile, env)] : []),
  ].join("; ");
}

function aboutToken(): string {
  return (
    "here the token comes from --token-file, else from the file that AZURE_FEDERATED_TOKEN_FILE names, and neither is " +
    "given: make one by kubectl create token, or sign in with a service principal by --attribute clientID= and --secrets-file"
  );
}

function aboutSecret(secretsFile: string, env: Readonly<Record<string, string | undefined>>): string {
  if (secretsFile !== "")
    return "here that Secret is the one in the manifest that --secrets-file names: mend it there";
  return (env["AZURE_CLIENT_SECRET"] ?? "") !== ""
    ? "here clientid and clientsecret come from AZURE_CLIENT_ID and AZURE_CLIENT_SECRET: mend these, or name a Secret's manifest by --secrets-file"
    : "here that Secret is the one in the manifest that --secrets-file names, else AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, " +
        "and neither is given; a token for a class with clientID comes from --token-file, or AZURE_FEDERATED_TOKEN_FILE";
}
