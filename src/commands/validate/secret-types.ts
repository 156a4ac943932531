/** What a Secret of a type needs. */
export interface SecretTypeRule {
  readonly keys: readonly string[];
  /** One of the keys is enough. */
  readonly isAnyEnough?: true;
  /** The driver makes no Secret that has any other key. */
  readonly areOthersRefused?: true;
}

export const TLS_TYPE = "kubernetes.io/tls";

/**
 * The types that Kubernetes knows, and the keys that its API server asks for. Any other is as good as Opaque.
 * @see https://kubernetes.io/docs/concepts/configuration/secret/#secret-types
 */
export const SECRET_TYPES: ReadonlyMap<string, SecretTypeRule> = new Map([
  ["Opaque", { keys: [] }],
  [TLS_TYPE, { keys: ["tls.crt", "tls.key"], areOthersRefused: true }],
  ["kubernetes.io/dockerconfigjson", { keys: [".dockerconfigjson"] }],
  ["kubernetes.io/dockercfg", { keys: [".dockercfg"] }],
  ["kubernetes.io/basic-auth", { keys: ["username", "password"], isAnyEnough: true }],
  ["kubernetes.io/ssh-auth", { keys: ["ssh-privatekey"] }],
  ["kubernetes.io/service-account-token", { keys: [] }],
  ["bootstrap.kubernetes.io/token", { keys: ["token-id", "token-secret"] }],
]);
