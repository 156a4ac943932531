import { api, CSI_API, pathOf } from "../support/api.js";
import { kubectl } from "../support/kubectl.js";
import type { Manifest } from "../support/objects.js";

const CRDS = pathOf("apiextensions.k8s.io/v1", "customresourcedefinitions");
const ADDED = ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields"];
const DRIVERS = pathOf("storage.k8s.io/v1", "csidrivers");
/** What belongs to the driver and to no namespace, in the order in which it is made. */
const PATHS = [
  `${CRDS}/secretproviderclasses.secrets-store.csi.x-k8s.io`,
  `${CRDS}/secretproviderclasspodstatuses.secrets-store.csi.x-k8s.io`,
  `${DRIVERS}/secrets-store.csi.k8s.io`,
];

/** The driver's CRDs and its CSIDriver object, as they are, to take away and to bring back. */
export class Definitions {
  readonly #saved: readonly Manifest[];

  private constructor(saved: readonly Manifest[]) {
    this.#saved = saved;
  }

  static async save(): Promise<Definitions> {
    return new Definitions(await Promise.all(PATHS.map(async (path) => withoutHistory(await api.get(path)))));
  }

  /** Makes what is missing, and waits until the API server serves it. */
  async bring(): Promise<void> {
    for (const [i, path] of PATHS.entries()) {
      if ((await api.find(path)) !== undefined) continue;
      await api.request("POST", path.slice(0, path.lastIndexOf("/")), this.#saved[i]);
    }
    const names = PATHS.filter((path) => path.startsWith(CRDS)).map(
      (path) => `crd/${path.split("/").at(-1)}`,
    );
    await kubectl(["wait", "--for=condition=Established", "--timeout=60s", ...names]);
  }

  async remove(): Promise<void> {
    for (const path of PATHS.toReversed()) await api.delete(path);
    await kubectl(["wait", "--for=delete", "--timeout=60s", ...PATHS.map(resourceOf)]);
  }
}

/** All SecretProviderClasses of the cluster, as the page has people save them: to be applied anew. */
export async function saveClasses(): Promise<Manifest[]> {
  return (await api.list(pathOf(CSI_API, "secretproviderclasses"))).map((one) => ({
    apiVersion: CSI_API,
    kind: "SecretProviderClass",
    ...withoutHistory(one),
  }));
}

export async function countClasses(): Promise<number> {
  return (await api.list(pathOf(CSI_API, "secretproviderclasses"))).length;
}

export async function deleteClasses(): Promise<void> {
  await kubectl(["delete", "secretproviderclasses", "--all", "--all-namespaces"]);
}

export async function applyClasses(classes: readonly Manifest[]): Promise<void> {
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: classes });
  await kubectl(["apply", "-f", "-"], { input: list });
}

/** Without what the API server adds, and what it refuses in an object that is made. */
function withoutHistory(object: object): Manifest {
  const { metadata } = object as { metadata: Manifest };
  return { ...without(object, ["status"]), metadata: without(metadata, ADDED) };
}

function without(object: object, fields: readonly string[]): Manifest {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}

function resourceOf(path: string): string {
  const [name = ""] = path.split("/").slice(-1);
  return `${path.startsWith(CRDS) ? "crd" : "csidriver"}/${name}`;
}
