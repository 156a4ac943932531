import { api, CSI_API, pathOf } from "./api.js";
import type { KubeObject } from "./api.js";
import { explainNamespace } from "./diagnosis.js";
import { kubectl } from "./kubectl.js";
import type { Manifest } from "./objects.js";
import { eventually } from "./wait.js";

/** Applies manifests, into a namespace if they name none. */
export async function apply(namespace: string, ...manifests: readonly Manifest[]): Promise<void> {
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: manifests });
  await kubectl(["apply", "-n", namespace, "-f", "-"], { input: list });
}

/** Deletes what manifests name, and waits until it is gone. */
export async function remove(namespace: string, ...manifests: readonly Manifest[]): Promise<void> {
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: manifests });
  await kubectl(["delete", "--ignore-not-found", "-n", namespace, "-f", "-"], { input: list });
}

/** A pod, as far as tests look into it. */
export interface PodObject extends KubeObject {
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly lastTransitionTime: string;
    }[];
    readonly containerStatuses?: readonly { readonly restartCount: number; readonly containerID?: string }[];
  };
}

export async function podsOf(namespace: string, labelSelector = ""): Promise<readonly PodObject[]> {
  const path = pathOf("v1", "pods", namespace);
  const pods = await api.list(`${path}?labelSelector=${encodeURIComponent(labelSelector)}`);
  return pods as unknown as readonly PodObject[];
}

export function isReady({ status }: PodObject): boolean {
  return status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true;
}

/** Waits until there are so many pods with the label, and all are ready. */
export function podsReady(
  namespace: string,
  labelSelector: string,
  count: number,
  { limitMs = 90_000 } = {},
): Promise<readonly PodObject[]> {
  return eventually(
    `${count} pods of ${namespace} with ${labelSelector} are ready`,
    async () => {
      const pods = (await podsOf(namespace, labelSelector)).filter(
        ({ metadata }) => metadata.deletionTimestamp === undefined,
      );
      return pods.length === count && pods.every(isReady) && pods;
    },
    { limitMs, explain: () => explainNamespace(namespace) },
  );
}

/** Waits until the pod of this name is ready. */
export function podReady(namespace: string, name: string, { limitMs = 90_000 } = {}): Promise<PodObject> {
  return eventually(
    `pod ${namespace}/${name} is ready`,
    async () => {
      const found = await api.find<PodObject>(pathOf("v1", "pods", namespace, name));
      return found !== undefined && isReady(found) && found;
    },
    { limitMs, explain: () => explainNamespace(namespace) },
  );
}

/** A Secret's values, decoded; undefined when there is none. */
export async function secretValues(
  namespace: string,
  name: string,
): Promise<Record<string, string> | undefined> {
  const secret = await findSecret(namespace, name);
  if (secret === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(secret.data ?? {}).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
  );
}

export type SecretObject = KubeObject & {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
};

export function findSecret(namespace: string, name: string): Promise<SecretObject | undefined> {
  return api.find<SecretObject>(pathOf("v1", "secrets", namespace, name));
}

/** Which objects a pod's volume holds, as the driver noted it. */
export interface PodStatus extends KubeObject {
  readonly status: {
    readonly podName: string;
    readonly secretProviderClassName: string;
    readonly mounted: boolean;
    readonly objects: readonly { readonly id: string; readonly version: string }[];
  };
}

export async function podStatuses(namespace: string): Promise<readonly PodStatus[]> {
  const list = await api.list(pathOf(CSI_API, "secretproviderclasspodstatuses", namespace));
  return list as unknown as readonly PodStatus[];
}

/** The texts of the events about an object, oldest first. */
export async function eventsOf(namespace: string, name: string, reason?: string): Promise<readonly string[]> {
  const events = (await api.list(
    `${pathOf("v1", "events", namespace)}?fieldSelector=involvedObject.name=${name}`,
  )) as unknown as readonly { reason: string; message: string }[];
  return events
    .filter((event) => reason === undefined || event.reason === reason)
    .map(({ message }) => message);
}

/** Waits for an event about an object. */
export function eventSays(
  namespace: string,
  name: string,
  reason: string,
  text: string | RegExp,
  { limitMs = 90_000 } = {},
): Promise<string> {
  return eventually(
    `an event ${reason} of ${namespace}/${name} says ${String(text)}`,
    async () =>
      (await eventsOf(namespace, name, reason)).find((message) =>
        typeof text === "string" ? message.includes(text) : text.test(message),
      ),
    { limitMs, explain: () => explainNamespace(namespace) },
  );
}
