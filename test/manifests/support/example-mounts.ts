import type { VolumeToPublish } from "../../../driver/mount-request.js";
import type { IdentityMode } from "../../../src/model/identity-choice.js";
import type { MountPlan } from "../../../src/model/mount-plan.js";
import { BINDING_AUDIENCE, WORKLOAD_AUDIENCE } from "../../support/pod.js";
import { type Example, type ExampleObject, objectsOf } from "./example-files.js";
import { nameOf, textAt, textMapAt } from "./manifest.js";
import { planVolume } from "./plan-class.js";
import { driverVolumesOf, podTemplatesOf, serviceAccountOf, type PodTemplate } from "./pods.js";

/** Where the examples are applied, as their own bindings say. */
export const NAMESPACE = "default";
/** Modes whose servers stand at addresses that only a network namespace of one's own has. */
export const MODES_OF_A_NODE: ReadonlySet<IdentityMode> = new Set([
  "managed-identity",
  "pod-identity",
  "identity-binding",
]);
/** Examples of such a mode: test/netns mounts them, test/manifests all others. */
export const EXAMPLES_OF_A_NODE = [
  "identity-binding",
  "pod-identity",
  "system-assigned-managed-identity",
  "user-assigned-managed-identity",
] as const;
/** Examples that mount nothing, and say so. */
export const EXAMPLES_WITHOUT_MOUNTS = ["rbac"] as const;

/** One Mount that an example makes: a pod's volume, or a SecretSync. */
export interface ExampleMount {
  /** For messages. */
  readonly title: string;
  readonly secretProviderClass: ExampleObject;
  readonly parameters: Readonly<Record<string, string>>;
  /** Without tokens; those are made when there is an issuer. */
  readonly volume: VolumeToPublish;
  /** The pod; undefined for a SecretSync. */
  readonly template: PodTemplate | undefined;
  /** Name of the pod's volume. */
  readonly volumeName: string;
  readonly secretSync: ExampleObject | undefined;
  readonly plan: MountPlan;
}

/** Audience → a text that is no token, in the place of both that the driver always brings. */
export const PLACEHOLDER_TOKENS = Object.fromEntries(
  [WORKLOAD_AUDIENCE, BINDING_AUDIENCE].map((audience) => [
    audience,
    { token: "placeholder", expirationTimestamp: "2030-01-01T00:00:00Z" },
  ]),
);

/**
 * Every Mount of an example, in its order.
 * @throws Error when a volume names a class or a Secret that the example lacks; ProviderError for a class that is wrong
 */
export function mountsOfExample(example: Example): ExampleMount[] {
  const ofPods = example.objects.flatMap(({ value }) =>
    podTemplatesOf(value).flatMap((template) =>
      driverVolumesOf(template).map((volume) => {
        const secretProviderClass = need(example, "SecretProviderClass", volume.className);
        return mountOf(secretProviderClass, {
          title: `pod ${template.name}, volume ${volume.name}`,
          template,
          volumeName: volume.name,
          secretSync: undefined,
          volume: {
            ...podOf(template.name, serviceAccountOf(template), volume.className),
            volumeAttributes: volume.attributes,
            ...(volume.publishSecret === ""
              ? {}
              : { nodePublishSecret: publishSecretOf(need(example, "Secret", volume.publishSecret)) }),
          },
        });
      }),
    ),
  );
  const ofSyncs = objectsOf(example, "SecretSync").map((secretSync) => {
    const { value } = secretSync;
    const className = textAt(value, "spec", "secretProviderClassName");
    return mountOf(need(example, "SecretProviderClass", className), {
      title: `SecretSync ${nameOf(value)}`,
      template: undefined,
      volumeName: "",
      secretSync,
      volume: {
        ...podOf("sync-controller", textAt(value, "spec", "serviceAccountName"), className),
        nodePublishSecret: {},
        targetPath: "/mnt/secrets-store",
      },
    });
  });
  return [...ofPods, ...ofSyncs];
}

type MountBasics = Pick<ExampleMount, "title" | "template" | "volumeName" | "secretSync" | "volume">;

function mountOf(secretProviderClass: ExampleObject, basics: MountBasics): ExampleMount {
  const parameters = textMapAt(secretProviderClass.value, "spec", "parameters");
  const plan = planVolume(parameters, { ...basics.volume, serviceAccountTokens: PLACEHOLDER_TOKENS });
  return { ...basics, secretProviderClass, parameters, plan };
}

function podOf(name: string, serviceAccountName: string, className: string): VolumeToPublish {
  const podUid = "1f0b6f0e-3f0c-4a53-8d3e-5f2a6d1c9b7a";
  return {
    podName: `${name}-6c9f7d5b8-x2x7q`,
    podNamespace: NAMESPACE,
    podUid,
    serviceAccountName,
    secretProviderClass: className,
    targetPath: `/var/lib/kubelet/pods/${podUid}/volumes/kubernetes.io~csi/${name}/mount`,
  };
}

/** The data of a Secret as the driver sends it. @throws Error when the driver would not see the Secret */
function publishSecretOf({ place, value }: ExampleObject): Record<string, string> {
  if (textMapAt(value, "metadata", "labels")["secrets-store.csi.k8s.io/used"] !== "true") {
    throw new Error(
      `${place}: the driver sees only Secrets with the label secrets-store.csi.k8s.io/used: "true"`,
    );
  }
  return textMapAt(value, "stringData");
}

function need(example: Example, kind: string, name: string): ExampleObject {
  const found = objectsOf(example, kind).find(({ value }) => nameOf(value) === name);
  if (found === undefined) throw new Error(`example ${example.name}: there is no ${kind} ${name}`);
  return found;
}
