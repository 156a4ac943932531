import { execInPod } from "./kubectl.js";
import { MOUNT } from "./objects.js";

const NOTES = "/tmp/seen";

/**
 * What a pod runs that looks at its volume all the time: it reads all files of one state of the volume, and notes each
 * content that it has not seen last, in one line. What it was reading while the driver took the folder away it reads again.
 */
export const WATCHER: readonly string[] = [
  "sh",
  "-c",
  `last=; while :; do
    folder=$(readlink -f ${MOUNT}/..data)
    if seen=$(cd "$folder" && for file in *; do printf '%s=%s ' "$file" "$(cat "$file")"; done) \\
      && [ -d "$folder" ] && [ "$seen" != "$last" ]; then echo "$seen" >>${NOTES}; last=$seen; fi
    sleep 0.05
  done`,
];

/** The contents that a watching pod has seen, each as its files by name. */
export async function statesSeen(namespace: string, pod: string): Promise<Record<string, string>[]> {
  const said = await execInPod(namespace, pod, ["cat", NOTES]);
  return said
    .split("\n")
    .filter((line) => line !== "")
    .map((line) =>
      Object.fromEntries(
        line
          .trim()
          .split(" ")
          .map((entry) => entry.split("=") as [string, string]),
      ),
    );
}
