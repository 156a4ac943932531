import type { MountPath, MountPathParts } from "./mount-path.js";
import { describeUnexpected } from "./telemetry/describe-unexpected.js";
import type { Logger } from "./telemetry/logger.js";

/**
 * The way from a request to its files, which loads itself when it is first needed: Azure's SDK is most of this
 * program's code, and the socket need not wait for it. A Mount that comes first waits for the rest of the loading.
 */
export function lazyMountPath(
  parts: MountPathParts,
): MountPath & { readonly warmUp: (onLoaded: () => void) => void } {
  let loading: Promise<MountPath> | undefined;
  const load = (): Promise<MountPath> =>
    (loading ??= importQuietly(parts.log).then(({ createMountPath }) => createMountPath(parts)));
  return {
    mount: async (request, call) => await (await load()).mount(request, call),
    warmUp: (onLoaded) => {
      load()
        .then(onLoaded)
        .catch((error: unknown) => {
          // Each mount is answered with this error as well. Here it is in the log before there is one.
          parts.log.error("The mount path cannot be loaded", { ...describeUnexpected(error) });
        });
    },
    close: async () => {
      const path = await loading?.catch(() => undefined);
      await path?.close();
    },
  };
}

/** What makes the SDK write lines of its own, past this provider's log and what that one holds back. */
const SDK_LOG_VARIABLES = ["AZURE_LOG_LEVEL", "DEBUG"] as const;

async function importQuietly(log: Logger): Promise<typeof import("./mount-path.js")> {
  for (const name of SDK_LOG_VARIABLES) {
    if (process.env[name] === undefined) continue;
    log.warn("The variable is taken out of the environment: the SDK would log by itself; use -v", { name });
    Reflect.deleteProperty(process.env, name);
  }
  return await import("./mount-path.js");
}
