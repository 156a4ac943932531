import { CollectedErrors, ProviderError } from "../errors/provider-error.js";
import type { MountPlan } from "../model/mount-plan.js";
import type { MountRequest } from "../model/mount-request.js";
import { DRIVER_ATTRIBUTE } from "../parameters/attributes.js";
import { BINDING_AUDIENCE, EXCHANGE_AUDIENCE } from "../parameters/choose-identity.js";
import { decodeMountRequest, objectsText } from "../parameters/decode-mount-request.js";
import { parseObjects } from "../parameters/parse-objects.js";
import { type PlanDefaults, planMount } from "../parameters/plan-mount.js";

/** What the kubelet and the driver would add to a class. */
export interface AssumedVolume {
  readonly parameters: ReadonlyMap<string, string>;
  readonly podName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly className: string;
  /** Audience → token. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Data of the Secret of nodePublishSecretRef; null: the volume names none. */
  readonly secrets: Readonly<Record<string, string>> | null;
  readonly targetPath: string;
}

/** The mode that the driver asks for: 0644, in decimal. */
const DRIVER_PERMISSION = "420";

/** The request as the driver would send it. */
export function requestFor(volume: AssumedVolume): MountRequest {
  const serviceAccountTokens = Object.fromEntries(
    Object.entries(volume.tokens).map(([audience, token]) => [
      audience,
      { token, expirationTimestamp: new Date(Date.now() + 3_600_000).toISOString() },
    ]),
  );
  return {
    attributes: JSON.stringify({
      ...Object.fromEntries(volume.parameters),
      [DRIVER_ATTRIBUTE.className]: volume.className,
      [DRIVER_ATTRIBUTE.podName]: volume.podName,
      [DRIVER_ATTRIBUTE.podNamespace]: volume.namespace,
      [DRIVER_ATTRIBUTE.podUid]: "00000000-0000-0000-0000-000000000000",
      [DRIVER_ATTRIBUTE.serviceAccountName]: volume.serviceAccount,
      ...(Object.keys(serviceAccountTokens).length === 0
        ? {}
        : { [DRIVER_ATTRIBUTE.serviceAccountTokens]: JSON.stringify(serviceAccountTokens) }),
    }),
    secrets: JSON.stringify(volume.secrets),
    targetPath: volume.targetPath,
    permission: DRIVER_PERMISSION,
  };
}

/** A token that the static rules take for one; nobody is ever shown it. */
export const ASSUMED_TOKENS = { [EXCHANGE_AUDIENCE]: "assumed", [BINDING_AUDIENCE]: "assumed" } as const;
/** A service principal that the static rules take for one. */
export const ASSUMED_SECRET = { clientid: "assumed", clientsecret: "assumed" } as const;

export type Planned = { readonly plan: MountPlan } | { readonly problems: readonly ProviderError[] };

/** What a mount's own rules say of a class, as far as no service is asked. */
export function planFor(
  parameters: ReadonlyMap<string, string>,
  secrets: AssumedVolume["secrets"],
  defaults: PlanDefaults,
): Planned {
  try {
    const decoded = decodeMountRequest(
      requestFor({
        parameters,
        podName: "assumed",
        namespace: "assumed",
        serviceAccount: "assumed",
        className: "assumed",
        tokens: ASSUMED_TOKENS,
        secrets,
        targetPath: "/",
      }),
    );
    return { plan: planMount(decoded, parseObjects(objectsText(decoded)), defaults) };
  } catch (error) {
    if (error instanceof CollectedErrors) return { problems: error.errors };
    if (error instanceof ProviderError) return { problems: [error] };
    throw error;
  }
}
