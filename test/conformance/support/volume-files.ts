import { execInPod } from "./kubectl.js";
import { MOUNT } from "./objects.js";

/** One file of a volume, as a program of the pod finds it. */
export interface VolumeFile {
  readonly bytes: Buffer;
  readonly text: string;
  /** Permission bits. */
  readonly mode: number;
}

/** Prints a line `<mode> <base64> <path>` for each file. */
const PRINT_FILES =
  'cd "$1" && find -L . -type f ! -path "./..*" | while read -r file; do ' +
  'echo "$(stat -L -c %a "$file") $(base64 "$file" | tr -d "\\n") ${file#./}"; done';

/** All files of a volume by their paths, read by the pod itself in one command; not the driver's own links and folders. */
export async function readVolume(
  namespace: string,
  pod: string,
  mount = MOUNT,
): Promise<ReadonlyMap<string, VolumeFile>> {
  const said = await execInPod(namespace, pod, ["sh", "-c", PRINT_FILES, "sh", mount]);
  return new Map(
    said
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const [, mode = "", base64 = "", path = ""] = /^(\d+) (\S*) (.*)$/.exec(line) ?? [];
        const bytes = Buffer.from(base64, "base64");
        return [path, { bytes, text: bytes.toString("utf8"), mode: Number.parseInt(mode, 8) }];
      }),
  );
}

/** The same, as texts. */
export async function readTexts(
  namespace: string,
  pod: string,
  mount = MOUNT,
): Promise<Record<string, string>> {
  const files = await readVolume(namespace, pod, mount);
  return Object.fromEntries([...files].map(([path, { text }]) => [path, text]));
}
