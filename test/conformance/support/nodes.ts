import { api, pathOf } from "./api.js";
import type { KubeObject } from "./api.js";
import type { PodObject } from "./cluster.js";

interface NodeObject extends KubeObject {
  readonly spec: { readonly unschedulable?: boolean };
  readonly status: { readonly allocatable: Readonly<Record<string, string>> };
}

/** The Linux node with room for most pods. @throws when it has room for fewer than `count` */
export async function nodeWithRoomFor(count: number): Promise<string> {
  const [nodes, pods] = await Promise.all([
    api.list(`${pathOf("v1", "nodes")}?labelSelector=kubernetes.io/os=linux`) as unknown as Promise<
      readonly NodeObject[]
    >,
    api.list(pathOf("v1", "pods")) as unknown as Promise<readonly PodObject[]>,
  ]);
  const [roomiest] = nodes
    .filter(({ spec }) => spec.unschedulable !== true)
    .map(({ metadata: { name }, status }) => {
      const taken = pods.filter(({ spec }) => spec.nodeName === name).length;
      return { name, room: Number(status.allocatable["pods"]) - taken };
    })
    .toSorted((a, b) => b.room - a.room);
  if (roomiest === undefined || roomiest.room < count) {
    throw new Error(
      `no node has room for ${count} pods more, but ${roomiest?.room ?? 0}: raise the kubelet's maxPods, or add a node`,
    );
  }
  return roomiest.name;
}
