import type { ClusterVault } from "./embedded-vault.js";
import { api, pathOf } from "./api.js";
import { MOUNT } from "./objects.js";

/** Two objects that always change together: what is not whole, missing or older than before is seen by a shell. */
export const PAIR = ["left", "right"] as const;
const PADDING = 3_000;

/**
 * Sets a generation of both objects. Key Vault reads one object at a time, so a volume may hold the new one of one and
 * the old one of the other until it comes round again.
 */
export async function setPair(vault: ClusterVault, generation: number): Promise<void> {
  for (const name of PAIR)
    await vault.setSecret(name, `${generation} ${"x".repeat(PADDING)} ${generation}\n`);
}

/** `check FILE LAST` sets `seen` to the file's generation, or says what is wrong with it and fails. */
const CHECK = `check() {
  line=; seen=$2; name=$1
  read -r line 2>/dev/null <${MOUNT}/$1 || { echo "WRONG $name: not there, or not whole"; return 1; }
  set -- $line
  if [ $# -ne 3 ] || [ "$1" != "$3" ] || [ \${#2} -ne ${PADDING} ]; then echo "WRONG $name: $# words"; return 1; fi
  if [ "$1" -lt "$seen" ]; then echo "WRONG $name: $1 after $seen"; return 1; fi
  seen=$1
}`;

/** Says which generations a pod starts with, and sleeps. Ends at once when a file is not whole. */
export const STARTING_POD = `${CHECK}
check left 0 || exit 1; left=$seen
check right 0 || exit 1
echo "saw $left $seen"
exec sleep 1000000`;

/** Reads both ten times a second; says what it sees when that has changed, what is wrong, and at times that it still reads. */
export const READING_POD = `${CHECK}
left=0; right=0; rounds=0; said=
while :; do
  check left $left; left=$seen
  check right $right; right=$seen
  now="saw $left $right"
  [ "$now" = "$said" ] || echo "$now"
  said=$now
  rounds=$((rounds + 1))
  [ $((rounds % 50)) -ne 0 ] || echo "rounds $rounds"
  sleep 0.1
done`;

/** What one of these pods has said. */
export interface Said {
  /** Generations of both objects, each time that they were others. */
  readonly saw: readonly (readonly [left: number, right: number])[];
  readonly wrong: readonly string[];
  readonly rounds: number;
}

export async function whatPodSaid(namespace: string, pod: string): Promise<Said> {
  const text = String(await api.request("GET", `${pathOf("v1", "pods", namespace, pod)}/log`));
  const rounds = [...text.matchAll(/^rounds (\d+)$/gm)].map(([, count]) => Number(count));
  return {
    saw: [...text.matchAll(/^saw (\d+) (\d+)$/gm)].map(
      ([, left, right]) => [Number(left), Number(right)] as const,
    ),
    wrong: [...text.matchAll(/^.*WRONG.*$/gm)].map(([line]) => line),
    rounds: rounds.at(-1) ?? 0,
  };
}
