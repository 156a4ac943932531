import { spawn } from "node:child_process";

/** How kubectl is called: `KUBECTL`, which may hold arguments. */
export const KUBECTL: readonly string[] = (process.env["KUBECTL"] ?? "kubectl").split(" ").filter(Boolean);

/** Most characters of kubectl's output that are kept. */
const MAX_OUTPUT = 8 * 1024 * 1024;
const LIMIT_MS = 120_000;

export interface KubectlOptions {
  /** What it reads from standard input. */
  readonly input?: string;
  /** Default 120,000. */
  readonly limitMs?: number;
}

/** Thrown when kubectl ends with another code than 0; the message has what it said. */
export class KubectlError extends Error {
  override readonly name = "KubectlError";
}

/** Runs kubectl and gives its standard output. @throws {KubectlError} */
export async function kubectl(args: readonly string[], options: KubectlOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await tryKubectl(args, options);
  if (code === 0) return stdout;
  throw new KubectlError(`kubectl ${args.join(" ")} ended with ${code}: ${stderr.trim()}\n${stdout.trim()}`);
}

/** Runs kubectl, whatever its exit code. */
export function tryKubectl(
  args: readonly string[],
  { input = "", limitMs = LIMIT_MS }: KubectlOptions = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const [program = "kubectl", ...first] = KUBECTL;
    const child = spawn(program, [...first, ...args], {
      stdio: ["pipe", "pipe", "pipe"],
      signal: AbortSignal.timeout(limitMs),
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      if (stdout.length < MAX_OUTPUT) stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      if (stderr.length < MAX_OUTPUT) stderr += chunk.toString();
    });
    child.once("error", (error) => {
      reject(new KubectlError(`kubectl ${args.join(" ")}: ${error.message}`));
    });
    child.once("close", (code) => {
      resolve({ code: code ?? -1, stdout, stderr });
    });
    child.stdin.on("error", () => undefined); // it ended before it read all
    child.stdin.end(input);
  });
}

/** What a shell command in a pod printed. @throws {KubectlError} when it ends with another code than 0 */
export function execInPod(
  namespace: string,
  pod: string,
  command: readonly string[],
  { container, ...options }: KubectlOptions & { readonly container?: string } = {},
): Promise<string> {
  const which = container === undefined ? [] : ["-c", container];
  const stdin = options.input === undefined ? [] : ["-i"];
  return kubectl(["exec", ...stdin, "-n", namespace, pod, ...which, "--", ...command], options);
}

/** A file's text as a pod sees it. */
export function readInPod(namespace: string, pod: string, file: string): Promise<string> {
  return execInPod(namespace, pod, ["cat", file]);
}
