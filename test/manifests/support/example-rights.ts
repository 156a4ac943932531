import { type Example, objectsOf } from "./example-files.js";
import { NAMESPACE } from "./example-mounts.js";
import { at, mapsAt, nameOf, textAt, textsAt } from "./manifest.js";
import { podTemplatesOf } from "./pods.js";

/**
 * Whether an example's ClusterRoles let a service account use a managed identity.
 * @see https://learn.microsoft.com/azure/aks/identity-bindings-concepts
 */
export function mayUseIdentity(example: Example, serviceAccount: string, clientId: string): boolean {
  const roles = objectsOf(example, "ClusterRole")
    .filter(({ value }) =>
      mapsAt(value, "rules").some(
        (rule) =>
          textsAt(rule, "apiGroups").includes("cid.wi.aks.azure.com") &&
          textsAt(rule, "resources").includes(clientId) &&
          textsAt(rule, "verbs").includes("use-managed-identity"),
      ),
    )
    .map(({ value }) => nameOf(value));
  return objectsOf(example, "ClusterRoleBinding").some(
    ({ value }) =>
      roles.includes(textAt(value, "roleRef", "name")) &&
      mapsAt(value, "subjects").some(
        (subject) =>
          subject["kind"] === "ServiceAccount" &&
          subject["name"] === serviceAccount &&
          subject["namespace"] === NAMESPACE,
      ),
  );
}

/** The client IDs that an example's AzureIdentityBindings give to a pod. */
export function identitiesBoundTo(example: Example, podName: string): string[] {
  const label = example.objects
    .flatMap(({ value }) => podTemplatesOf(value))
    .find(({ name }) => name === podName)?.labels["aadpodidbinding"];
  const bound = objectsOf(example, "AzureIdentityBinding")
    .filter(({ value }) => label !== undefined && at(value, "spec", "selector") === label)
    .map(({ value }) => textAt(value, "spec", "azureIdentity"));
  return objectsOf(example, "AzureIdentity")
    .filter(({ value }) => bound.includes(nameOf(value)))
    .map(({ value }) => textAt(value, "spec", "clientID"));
}
