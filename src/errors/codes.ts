/**
 * The gRPC statuses that this provider answers with.
 *
 * CANCELLED is only ever said to a driver that has given up. DEADLINE_EXCEEDED, UNAVAILABLE, RESOURCE_EXHAUSTED and
 * ABORTED are missing on purpose. The driver passes a status on, and to the kubelet those four mean that the mount may
 * still be in progress: it keeps the volume's folder and asks again at once. A driver that rotates takes a folder
 * younger than its interval for a volume that is mounted, and the pod starts with nothing in it.
 * @see https://grpc.io/docs/guides/status-codes/
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/volume/csi/csi_client.go (isFinalError)
 */
export type StatusName =
  "CANCELLED" | "INVALID_ARGUMENT" | "NOT_FOUND" | "PERMISSION_DENIED" | "INTERNAL" | "UNAUTHENTICATED";

/** Who can mend it: the author of the class, whoever administers Azure or the cluster, or this project. */
export type Mender = "class author" | "administrator" | "project" | "nobody";

export interface CodeFacts {
  readonly status: StatusName;
  readonly mender: Mender;
}

/**
 * Every error of this provider, each with the gRPC status it is answered with. Codes are never renamed: they
 * stand in logs, in metrics and in docs/troubleshooting.md.
 */
export const ERROR_CODES = {
  // The request itself
  REQUEST_MALFORMED: { status: "INVALID_ARGUMENT", mender: "project" },
  REQUEST_TOO_LARGE: { status: "INVALID_ARGUMENT", mender: "class author" },
  POD_MISSING: { status: "INVALID_ARGUMENT", mender: "project" },

  // The SecretProviderClass
  PARAMETER_MISSING: { status: "INVALID_ARGUMENT", mender: "class author" },
  PARAMETER_INVALID: { status: "INVALID_ARGUMENT", mender: "class author" },
  OBJECTS_MISSING: { status: "INVALID_ARGUMENT", mender: "class author" },
  OBJECTS_NOT_YAML: { status: "INVALID_ARGUMENT", mender: "class author" },
  OBJECTS_TOO_LARGE: { status: "INVALID_ARGUMENT", mender: "class author" },
  OBJECT_NOT_YAML: { status: "INVALID_ARGUMENT", mender: "class author" },
  OBJECT_FIELD_INVALID: { status: "INVALID_ARGUMENT", mender: "class author" },
  FILE_NAME_INVALID: { status: "INVALID_ARGUMENT", mender: "class author" },
  FILE_CONFLICT: { status: "INVALID_ARGUMENT", mender: "class author" },

  // Which identity
  IDENTITY_CONFLICT: { status: "INVALID_ARGUMENT", mender: "class author" },
  IDENTITY_TOKEN_MISSING: { status: "INVALID_ARGUMENT", mender: "administrator" },
  IDENTITY_SECRET_MISSING: { status: "INVALID_ARGUMENT", mender: "class author" },

  // Which cloud
  CLOUD_UNKNOWN: { status: "INVALID_ARGUMENT", mender: "class author" },
  CLOUD_FILE_INVALID: { status: "INVALID_ARGUMENT", mender: "administrator" },

  // Sign-in
  SIGN_IN_REJECTED: { status: "UNAUTHENTICATED", mender: "administrator" },
  SIGN_IN_THROTTLED: { status: "INTERNAL", mender: "administrator" },
  SIGN_IN_UNREACHABLE: { status: "INTERNAL", mender: "administrator" },
  SIGN_IN_FAILED: { status: "INTERNAL", mender: "administrator" },

  // Key Vault
  VAULT_OBJECT_NOT_FOUND: { status: "NOT_FOUND", mender: "class author" },
  VAULT_VERSION_NOT_FOUND: { status: "NOT_FOUND", mender: "class author" },
  VAULT_FORBIDDEN: { status: "PERMISSION_DENIED", mender: "administrator" },
  VAULT_UNAUTHENTICATED: { status: "UNAUTHENTICATED", mender: "administrator" },
  VAULT_REQUEST_REJECTED: { status: "INVALID_ARGUMENT", mender: "class author" },
  VAULT_THROTTLED: { status: "INTERNAL", mender: "administrator" },
  VAULT_UNREACHABLE: { status: "INTERNAL", mender: "administrator" },
  VAULT_FAILED: { status: "INTERNAL", mender: "administrator" },
  VAULT_ANSWER_INVALID: { status: "INTERNAL", mender: "administrator" },
  VAULT_ANSWER_TOO_LARGE: { status: "INTERNAL", mender: "administrator" },
  VAULT_REDIRECTED: { status: "INTERNAL", mender: "administrator" },
  VAULT_TOO_MANY_VERSIONS: { status: "INVALID_ARGUMENT", mender: "class author" },

  // From value to file
  CONTENT_TYPE_UNSUPPORTED: { status: "INVALID_ARGUMENT", mender: "class author" },
  CONTENT_ENCODING_INVALID: { status: "INVALID_ARGUMENT", mender: "class author" },
  CONTENT_PFX_INVALID: { status: "INVALID_ARGUMENT", mender: "class author" },
  CONTENT_PFX_TOO_COSTLY: { status: "INVALID_ARGUMENT", mender: "class author" },
  CONTENT_CERTIFICATE_INVALID: { status: "INVALID_ARGUMENT", mender: "class author" },
  CONTENT_CHAIN_INVALID: { status: "INVALID_ARGUMENT", mender: "class author" },
  CONTENT_KEY_UNSUPPORTED: { status: "INVALID_ARGUMENT", mender: "class author" },
  MOUNT_TOO_LARGE: { status: "INVALID_ARGUMENT", mender: "class author" },

  // The call
  CALL_CANCELLED: { status: "CANCELLED", mender: "nobody" },
  CALL_DEADLINE_EXCEEDED: { status: "INTERNAL", mender: "administrator" },
  WORKER_OVERLOADED: { status: "INTERNAL", mender: "administrator" },
  PROVIDER_OVERLOADED: { status: "INTERNAL", mender: "administrator" },
  SHUTTING_DOWN: { status: "INTERNAL", mender: "nobody" },
  INTERNAL: { status: "INTERNAL", mender: "project" },
} as const satisfies Record<string, CodeFacts>;

export type ErrorCode = keyof typeof ERROR_CODES;
