import { tryKubectl } from "./kubectl.js";

/** The label of the provider's pods, whichever way it was installed. */
export const PROVIDER_LABEL = "app=csi-secrets-store-provider-azure";
/** The driver's pods: by its plain manifests, and by its chart. */
export const DRIVER_LABEL = "app in (csi-secrets-store,secrets-store-csi-driver)";
export const SYSTEM = "kube-system";

/** What a person would look at first when a pod of this namespace does not start. */
export async function explainNamespace(namespace: string): Promise<string> {
  const looks = [
    ["get", "pods", "-n", namespace, "-o", "wide"],
    ["get", "events", "-n", namespace, "--sort-by=.lastTimestamp"],
    ["logs", "-n", SYSTEM, "-l", PROVIDER_LABEL, "--tail=40"],
    ["logs", "-n", SYSTEM, "-l", DRIVER_LABEL, "-c", "secrets-store", "--tail=20"],
  ];
  const said = await Promise.all(
    looks.map(async (args) => {
      const { stdout, stderr } = await tryKubectl(args);
      return `--- kubectl ${args.join(" ")}\n${stdout.trim()}${stderr.trim()}`;
    }),
  );
  return said.join("\n");
}

/** All that the driver's pods have logged since a time, or ever. */
export async function driverLog(since?: Date): Promise<string> {
  return podsLog(DRIVER_LABEL, "secrets-store", since);
}

/** All that the provider's pods have logged since a time, or ever. */
export async function providerLog(since?: Date): Promise<string> {
  return podsLog(PROVIDER_LABEL, undefined, since);
}

async function podsLog(
  label: string,
  container: string | undefined,
  since: Date | undefined,
): Promise<string> {
  const { stdout } = await tryKubectl([
    "logs",
    "-n",
    SYSTEM,
    "-l",
    label,
    "--tail=-1",
    ...(container === undefined ? [] : ["-c", container]),
    ...(since === undefined ? [] : [`--since-time=${since.toISOString()}`]),
  ]);
  return stdout;
}
