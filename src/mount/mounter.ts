import pLimit from "p-limit";
import { resolveCloud, vaultUrl } from "../cloud/resolve-cloud.js";
import type { ContentOptions } from "../content/to-files.js";
import { ProviderError } from "../errors/provider-error.js";
import type { ProvenIdentities } from "../identity/proofs/proven-identities.js";
import type { SharedVaults } from "../keyvault/shared-vaults.js";
import type { VaultReader } from "../keyvault/vault-reader.js";
import type { MountPlan } from "../model/mount-plan.js";
import type { MountRequest } from "../model/mount-request.js";
import type { MountResult } from "../model/secret-file.js";
import { checkFilePaths } from "../parameters/file-paths.js";
import { RememberedWarnings } from "../parameters/remembered-warnings.js";
import type { Logger } from "../telemetry/logger.js";
import { collect } from "./collect.js";
import { NodeBudget, type Room } from "./node-budget.js";
import { readObjectFiles, type ObjectFiles } from "./object-files.js";
import { OpenedPfx } from "./opened-pfx.js";
import { type PlanningParts, planRequest } from "./plan-request.js";
import { logServed } from "./served-log.js";
import { ServedPaths } from "./served-paths.js";
import { VolumeBudget } from "./volume-budget.js";

/** What every Mount of this process shares. */
export interface MounterParts extends PlanningParts {
  readonly identities: ProvenIdentities;
  readonly vaults: SharedVaults;
  /** AZURE_ENVIRONMENT_FILEPATH, or undefined. */
  readonly environmentFile: string | undefined;
  readonly content: ContentOptions;
}

/** One call of the driver. */
export interface MountCall {
  /** Aborts when the driver gives up or the deadline passes; its reason is a {@link ProviderError}. */
  readonly signal: AbortSignal;
  /** When the call came in, in milliseconds on the clock of `performance.now`. */
  readonly arrivedAtMs: number;
  /** When it must be answered, on the same clock; Infinity when the driver set no time. */
  readonly deadlineMs: number;
  readonly log: Logger;
}

export type Mounter = (request: MountRequest, call: MountCall) => Promise<MountResult>;

/** Objects of one mount that are read side by side; Key Vault allows 4,000 reads in ten seconds. */
const MAX_CONCURRENT_OBJECTS = 32;

/**
 * The one use case: request → plan → cloud → sign-in → values → files. Each step is a room of its own; this function
 * is the only place that knows their order.
 * @throws {ProviderError} from any step; of the objects, every failure at once
 */
export function createMounter(parts: MounterParts): Mounter {
  const rememberedWarnings = new RememberedWarnings();
  const servedPaths = new ServedPaths();
  const openedPfx = new OpenedPfx();
  const nodeBudget = new NodeBudget();
  return async (request, { signal, arrivedAtMs, deadlineMs, log }) => {
    const plan = await planRequest(request, parts, signal);
    for (const warning of rememberedWarnings.takeNew(plan)) log.warn(warning);

    const cloud = await resolveCloud(plan.cloud, parts.environmentFile);
    // Every mount proves its own identity before anything is shown to it; see docs/security.md.
    const { principal, credential, forget } = await parts.identities.prove(
      { identity: plan.identity, tenantId: plan.tenantId, pod: plan.pod, cloud },
      { signal, deadlineMs },
    );
    const isStarting = !servedPaths.has(plan.targetPath);
    const vault = parts.vaults.open({
      vaultUrl: vaultUrl(cloud, plan.vaultName),
      scope: cloud.vaultScope,
      principal,
      credential,
      forget,
      isStarting,
      arrivedAtMs,
      deadlineMs,
    });
    const room = nodeBudget.enter(plan.pod.namespace);
    const objects = await readObjects(plan, { vault, openedPfx, room }, parts, signal).finally(room.leave);

    for (const warning of objects.flatMap(({ warnings }) => warnings)) log.warn(warning);
    // Histories and split files show only now which paths they take.
    checkFilePaths(objects.flatMap(({ files, owner }) => files.map(({ path }) => ({ path, owner }))));
    logServed(log, vault.served, { vault: plan.vaultName, isStarting });
    servedPaths.add(plan.targetPath);
    return {
      files: objects.flatMap(({ files }) => files),
      versions: objects.flatMap(({ versions }) => versions),
    };
  };
}

async function readObjects(
  plan: MountPlan,
  {
    vault,
    openedPfx,
    room,
  }: { readonly vault: VaultReader; readonly openedPfx: OpenedPfx; readonly room: Room },
  { pool, content }: MounterParts,
  signal: AbortSignal,
): Promise<ObjectFiles[]> {
  const limit = pLimit(MAX_CONCURRENT_OBJECTS);
  const budget = new VolumeBudget(room);
  const owner = plan.pod.namespace;
  return await collect(
    plan.objects.map((object) => (stop: AbortSignal) => {
      const readPfx = (pfx: Uint8Array) => pool.run("read-pfx", pfx, { owner, signal: stop });
      return limit(() =>
        readObjectFiles(object, { vault, content, readPfx, openedPfx, budget, signal: stop }),
      );
    }),
    { signal, isFatal: endsTheMount, describe: (failed, all) => `${failed} of ${all} objects failed` },
  );
}

/** Failures after which reading further objects is pointless. */
function endsTheMount(error: Error): boolean {
  return (
    error instanceof ProviderError &&
    (error.code.startsWith("SIGN_IN_") ||
      error.code === "MOUNT_TOO_LARGE" ||
      error.code === "PROVIDER_OVERLOADED")
  );
}
