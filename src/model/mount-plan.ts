import type { CloudSelection } from "./cloud.js";
import type { IdentityChoice } from "./identity-choice.js";
import type { KeyVaultObject } from "./key-vault-object.js";

/** The pod that a Mount is for, as the driver names it. Nothing here proves who asks. */
export interface PodReference {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly serviceAccountName: string;
}

/** Everything one Mount asks for: validated, immutable, made before any I/O. */
export interface MountPlan {
  readonly pod: PodReference;
  /** Name of the SecretProviderClass; empty when the driver did not send it. */
  readonly className: string;
  readonly targetPath: string;
  readonly vaultName: string;
  readonly tenantId: string;
  readonly cloud: CloudSelection;
  readonly identity: IdentityChoice;
  /** In the order of the class; 1 or more. */
  readonly objects: readonly KeyVaultObject[];
  /** What was accepted but deserves a word in the log: unknown fields, ignored parameters. */
  readonly warnings: readonly string[];
}
