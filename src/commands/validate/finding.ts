import type { ErrorCode } from "../../errors/codes.js";

/**
 * What `validate` can say beside the codes that a mount itself would fail with. Never renamed: they stand in what CI
 * reads, and in docs/validate.md.
 */
export const FINDING_CODES = {
  FILE_UNREADABLE: "a file or folder cannot be read",
  MANIFEST_INVALID: "a document is no YAML, or no Kubernetes object",
  NOTHING_TO_CHECK: "no SecretProviderClass of this provider is in the files",
  CLASS_INVALID:
    "the API server or the driver refuses the class: its name, apiVersion, provider, or a value that is no text",
  CLASS_DEPRECATED: "the class is written for an API version that is going away",
  CLASS_DUPLICATE:
    "two classes of one file or folder have one name and may have one namespace: the later replaces the earlier",
  FIELD_UNKNOWN: "a field of the class has no meaning; the API server drops it",
  CLASS_IGNORED_SETTING: "a parameter, or a field of an object, is ignored at the mount",
  VALUE_DOUBTFUL: "a value that a mount's rules take, and Key Vault or Entra ID will hardly",
  SETTING_OUTDATED: "the class uses a cloud or a service that Azure has given up",
  IDENTITY_OUTSIDE_CLASS: "the class chooses no identity, so each volume has to bring one",
  SECRET_OBJECT_INVALID: "an entry of secretObjects that the driver or the API server refuses",
  SECRET_OBJECT_FILE_MISSING: "an entry of secretObjects names a file that no mount writes",
  SECRET_OBJECT_DUPLICATE: "one Secret, or one key of it, is written twice",
  SECRET_OBJECT_TYPE_UNKNOWN: "the type of a Secret is much like one that Kubernetes knows, and is none",
  VOLUME_INVALID: "a pod's volume that the driver refuses",
  VOLUME_CLASS_MISSING: "a pod's volume names a class that is not in the files",
  VOLUME_SUBPATH: "a container mounts a part of the volume by subPath, and sees no rotation",
  SECRET_UNLABELLED: "the Secret of a nodePublishSecretRef lacks the label that lets the driver see it",
} as const;

export type FindingCode = keyof typeof FINDING_CODES | ErrorCode;

export type Severity = "error" | "warning";

/** One thing that is wrong, or probably not meant. */
export interface Finding {
  readonly severity: Severity;
  readonly code: FindingCode;
  /** As it was named on the command line. */
  readonly file: string;
  /** From 1; undefined when the whole file is meant. */
  readonly line: number | undefined;
  /** Position of the YAML document in the file, from 1; undefined likewise. */
  readonly document: number | undefined;
  /** For example `SecretProviderClass shop/orders`; empty when no object is meant. */
  readonly object: string;
  /** For example `spec.parameters.objects[2].objectType`; empty when the whole object is meant. */
  readonly field: string;
  /** What is wrong and what to change. It never holds a value of a Secret. */
  readonly message: string;
}
