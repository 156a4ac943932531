/** For whom a mount is, as its request claims. For the log and for fair shares, never for a decision about access. */
export interface MountSubject {
  readonly pod: string | undefined;
  readonly namespace: string | undefined;
  readonly className: string | undefined;
}

/**
 * Finds the pod, namespace and class in the attributes' JSON text without parsing it. They are wanted before the
 * request is known to be good, for every call, and a name that is not plain letters, digits, `-` and `.` is none.
 *
 * Inside a JSON string a quote is always escaped, so `"<key>":"` without a backslash before it can only match a real key:
 * with one, it is the end of a longer name, which a class's author may choose.
 * @param attributes - JSON object, string to string
 */
export function readMountSubject(attributes: string): MountSubject {
  return {
    pod: find(attributes, /(?<!\\)"csi\.storage\.k8s\.io\/pod\.name"\s{0,8}:\s{0,8}"([\w.-]{1,253})"/),
    namespace: find(
      attributes,
      /(?<!\\)"csi\.storage\.k8s\.io\/pod\.namespace"\s{0,8}:\s{0,8}"([\w.-]{1,253})"/,
    ),
    className: find(attributes, /(?<!\\)"secretProviderClass"\s{0,8}:\s{0,8}"([\w.-]{1,253})"/),
  };
}

function find(text: string, pattern: RegExp): string | undefined {
  return pattern.exec(text)?.[1];
}
