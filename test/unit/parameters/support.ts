import { CollectedErrors, ProviderError } from "../../../src/errors/provider-error.js";
import type { MountPlan } from "../../../src/model/mount-plan.js";
import { decodeMountRequest, objectsText } from "../../../src/parameters/decode-mount-request.js";
import { parseObjects } from "../../../src/parameters/parse-objects.js";
import { type PlanDefaults, planMount } from "../../../src/parameters/plan-mount.js";

/** What `work` throws, which must be a {@link ProviderError}. */
export function thrownBy(work: () => unknown): ProviderError {
  try {
    work();
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** Code and message of each error that `work` throws. */
export function problemsOf(work: () => unknown): { code: string; message: string }[] {
  const error = thrownBy(work);
  const errors = error instanceof CollectedErrors ? error.errors : [error];
  return errors.map(({ code, message }) => ({ code, message }));
}

export const EXCHANGE_TOKEN = "exchange.token.value";
export const BINDING_TOKEN = "binding.token.value";

/** The service account tokens as the driver sends them. */
export function tokensJson(...audiences: readonly ("exchange" | "binding")[]): string {
  const all = {
    exchange: ["api://AzureADTokenExchange", EXCHANGE_TOKEN],
    binding: ["api://AKSIdentityBinding", BINDING_TOKEN],
  } as const;
  return JSON.stringify(
    Object.fromEntries(
      audiences.map((audience) => {
        const [name, token] = all[audience];
        return [name, { token, expirationTimestamp: "2026-11-24T10:00:00Z" }];
      }),
    ),
  );
}

export const TOKENS_KEY = "csi.storage.k8s.io/serviceAccount.tokens";
export const ONE_SECRET = "array:\n  - |\n    objectName: db-password\n    objectType: secret\n";

export type Attributes = Readonly<Record<string, string | undefined>>;

/** A sound class of workload identity; `undefined` takes an attribute away. */
export function attributes(changes: Attributes = {}): Record<string, string> {
  const all: Attributes = {
    keyvaultName: "orders-vault",
    tenantID: "11111111-2222-3333-4444-555555555555",
    clientID: "66666666-7777-8888-9999-000000000000",
    objects: ONE_SECRET,
    secretProviderClass: "orders",
    "csi.storage.k8s.io/pod.name": "orders-0",
    "csi.storage.k8s.io/pod.namespace": "shop",
    "csi.storage.k8s.io/pod.uid": "aaaa",
    "csi.storage.k8s.io/serviceAccount.name": "orders",
    "csi.storage.k8s.io/ephemeral": "true",
    [TOKENS_KEY]: tokensJson("exchange"),
    ...changes,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

export interface PlanOptions {
  readonly secrets?: Readonly<Record<string, string>> | null;
  readonly permission?: string;
  /** What the installation's flags say, beside the public cloud. */
  readonly defaults?: Partial<PlanDefaults>;
}

/** The plan of a request with these attributes, through all of the room. */
export function plan(
  changes: Attributes = {},
  { secrets = null, permission = "420", defaults = {} }: PlanOptions = {},
): MountPlan {
  const decoded = decodeMountRequest({
    attributes: JSON.stringify(attributes(changes)),
    secrets: JSON.stringify(secrets),
    targetPath: "/var/lib/kubelet/pods/x/volumes/kubernetes.io~csi/v/mount",
    permission,
  });
  return planMount(decoded, parseObjects(objectsText(decoded)), {
    cloudName: "AzurePublicCloud",
    ...defaults,
  });
}

/** An `objects` of blocks, one for each entry. */
export function objectsOf(...entries: readonly Readonly<Record<string, string>>[]): string {
  const blocks = entries.map(
    (fields) =>
      `- ${JSON.stringify(
        Object.entries(fields)
          .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
          .join("\n"),
      )}\n`,
  );
  return `array:\n${blocks.join("")}`;
}
