import type { Objects, Tree } from "./objects.js";
import { RELEASE } from "./objects.js";

/** What a value of the chart does. */
export interface Row {
  /** As in values.yaml, for example `linux.healthzPort`. */
  readonly value: string;
  /** What it is set to. */
  readonly to: unknown;
  /** Other values that must be set for it to have a meaning. */
  readonly besides: Tree;
  /**
   * Every place that changes (see `differences`), with what stands there then: a value, a RegExp that a text fits, or,
   * for an object that is new, a part of it. Undefined: nothing stands there any more.
   */
  readonly changes: Readonly<Record<string, unknown>>;
  /** Instead of all changes, for the driver's chart: the objects that change, and what the first of them holds then only. */
  readonly changed?: { readonly objects: readonly string[]; readonly holding: string };
  /** Instead of all changes, where objects have other names afterwards. */
  readonly check?: (before: Objects, after: Objects) => void;
}

/** Both providers, without the driver: values count for each. */
const BOTH: Tree = { windows: { enabled: true }, "secrets-store-csi-driver": { install: false } };

export function row(
  value: string,
  to: unknown,
  changes: Readonly<Record<string, unknown>>,
  besides: Tree = {},
): Row {
  return { value, to, changes, besides: { ...BOTH, ...besides } };
}

/** The places of one DaemonSet. */
export interface Places {
  readonly daemonSet: string;
  readonly spec: string;
  readonly pod: string;
  readonly box: string;
  readonly flag: string;
}

function placesOf(name: string): Places {
  const daemonSet = `DaemonSet/${name}`;
  const spec = `${daemonSet} spec.`;
  const pod = `${spec}template.spec.`;
  const box = `${pod}containers.provider-azure-installer.`;
  return { daemonSet, spec, pod, box, flag: `${box}args.--` };
}

export const LINUX = placesOf(RELEASE);
export const WINDOWS = placesOf(`${RELEASE}-windows`);
export const ACCOUNT = "ServiceAccount/csi-secrets-store-provider-azure";
export const NOTES = "ConfigMap/notes data.text";
