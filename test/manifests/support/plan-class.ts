import { buildMountRequest, type VolumeToPublish } from "../../../driver/mount-request.js";
import type { MountPlan } from "../../../src/model/mount-plan.js";
import { decodeMountRequest, objectsText } from "../../../src/parameters/decode-mount-request.js";
import { historyPath } from "../../../src/parameters/file-name.js";
import { parseObjects } from "../../../src/parameters/parse-objects.js";
import { planMount } from "../../../src/parameters/plan-mount.js";
import type { KeyVaultObject } from "../../../src/model/key-vault-object.js";

/**
 * The plan that the provider makes of a class.
 * @throws ProviderError with everything that is wrong with it
 */
export function planVolume(parameters: Readonly<Record<string, string>>, volume: VolumeToPublish): MountPlan {
  const { attributes, secrets, targetPath, permission } = buildMountRequest(parameters, volume);
  const decoded = decodeMountRequest({
    attributes: attributes ?? "",
    secrets: secrets ?? "",
    targetPath: targetPath ?? "",
    permission: permission ?? "",
  });
  return planMount(decoded, parseObjects(objectsText(decoded)), { cloudName: "AzurePublicCloud" });
}

/** Which object of a plan a file comes from, and of a history, which version of it. */
export interface FileOrigin {
  readonly object: KeyVaultObject;
  /** 0 for the newest; undefined when the object has no history. */
  readonly index: number | undefined;
}

/** The origin of a file; undefined for one that the plan cannot bring. */
export function originOf(path: string, { objects }: MountPlan): FileOrigin | undefined {
  for (const object of objects) {
    if (object.historyCount === 0) {
      const own = [object.fileName, `${object.fileName}.crt`, `${object.fileName}.key`];
      if (own.includes(path)) return { object, index: undefined };
      continue;
    }
    // The documentation says n versions, and always has been given one more.
    for (let index = 0; index <= object.historyCount; index += 1) {
      if (historyPath(object.fileName, index) === path) return { object, index };
    }
  }
  return undefined;
}
