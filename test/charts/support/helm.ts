import { execFile } from "node:child_process";
import { availableParallelism, tmpdir } from "node:os";
import { promisify } from "node:util";
import pLimit from "p-limit";

const run = promisify(execFile);
/** One at a time for each processor; a run takes a fifth of a second. */
const turns = pLimit(availableParallelism());

/**
 * Runs the pinned Helm (see run.sh), which knows nothing of this machine's repositories and cluster.
 * @throws {Error} with what Helm wrote, when it fails
 */
export async function helm(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const program = process.env["HELM"];
  if (program === undefined) throw new Error("HELM is not set: run the tests by test/charts/run.sh");
  return await turns(async () => {
    const home = `${tmpdir()}/no-helm-here`;
    const { stdout } = await run(program, [...args], {
      env: {
        PATH: process.env["PATH"] ?? "",
        HELM_CONFIG_HOME: home,
        HELM_CACHE_HOME: home,
        HELM_DATA_HOME: home,
        KUBECONFIG: `${home}/kubeconfig`,
        ...env,
      },
      maxBuffer: 16 * 1024 * 1024,
    });
    return stdout;
  });
}

/** What Helm says when it refuses. */
export async function refusal(args: readonly string[]): Promise<string> {
  let output: string;
  try {
    output = await helm(args);
  } catch (error) {
    return (error as { stderr?: string }).stderr ?? String(error);
  }
  throw new Error(`Helm accepted it:\n${output.slice(0, 500)}`);
}
