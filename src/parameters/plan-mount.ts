import { ProviderError } from "../errors/provider-error.js";
import { CLOUD_NAME_SPELLINGS, type CloudName, type CloudSelection, parseCloudName } from "../model/cloud.js";
import type { KeyVaultObject } from "../model/key-vault-object.js";
import type { MountPlan, PodReference } from "../model/mount-plan.js";
import { quote } from "../model/quote.js";
import { DRIVER_ATTRIBUTE, PARAMETER } from "./attributes.js";
import { chooseIdentity } from "./choose-identity.js";
import { type DecodedRequest, objectsText } from "./decode-mount-request.js";
import { findPathConflicts, type PathClaim } from "./file-paths.js";
import { applyObjectRules } from "./object-rules.js";
import type { ObjectsOutcome } from "./parse-objects.js";
import { Problems } from "./problems.js";
import { ParameterReader } from "./read-parameters.js";
import { unknownParameterWarnings } from "./unknown-parameters.js";

export interface PlanDefaults {
  /** The cloud of classes that set no cloudName. */
  readonly cloudName: CloudName;
}

const VAULT_NAME = /^[-A-Za-z0-9]{3,24}$/;
/** Tenant id, a verified domain, or `adfs`. */
const TENANT = /^[A-Za-z0-9.-]{1,253}$/;
const MAX_PATH_LENGTH = 4096;

/**
 * Makes the plan of one Mount, or says everything that is wrong with the class at once: each problem names its field,
 * its index and what to write instead.
 * @param objects - what `parseObjects` made of the class's `objects`
 * @throws {ProviderError} POD_MISSING, before anything else
 * @throws {CollectedErrors} PARAMETER_*, IDENTITY_*, CLOUD_UNKNOWN, OBJECT*_*, FILE_*
 */
export function planMount(
  request: DecodedRequest,
  objects: ObjectsOutcome,
  defaults: PlanDefaults,
): MountPlan {
  const pod = readPod(request);
  const problems = new Problems();
  const read = new ParameterReader(request.attributes, problems);

  const vaultName = readVaultName(read, problems);
  const tenantId = readTenantId(read, problems);
  const cloud = readCloud(read, defaults.cloudName, problems);
  const identity = chooseIdentity(request, read, problems);
  const planned = readObjects(request, objects, problems);
  problems.throwIfAny();
  if (vaultName === undefined || tenantId === undefined || cloud === undefined || identity === undefined) {
    throw new ProviderError("INTERNAL", "the class could not be read, and nothing was found wrong with it");
  }
  return {
    pod,
    className: read.text(DRIVER_ATTRIBUTE.className),
    targetPath: request.targetPath,
    vaultName,
    tenantId,
    cloud,
    identity,
    objects: planned,
    warnings: [...unknownParameterWarnings(request.attributes), ...objects.warnings],
  };
}

function readPod({ attributes }: DecodedRequest): PodReference {
  const text = (key: string): string => attributes.get(key) ?? "";
  const remedy = "check that the CSIDriver object secrets-store.csi.k8s.io has podInfoOnMount: true";
  const missing = [
    ...(text(DRIVER_ATTRIBUTE.podName) === "" ? ["pod name is not provided"] : []),
    ...(text(DRIVER_ATTRIBUTE.podNamespace) === "" ? ["pod namespace is not provided"] : []),
  ];
  if (missing.length > 0) throw new ProviderError("POD_MISSING", `${missing.join(", ")}; ${remedy}`);
  return {
    name: text(DRIVER_ATTRIBUTE.podName),
    namespace: text(DRIVER_ATTRIBUTE.podNamespace),
    uid: text(DRIVER_ATTRIBUTE.podUid),
    serviceAccountName: text(DRIVER_ATTRIBUTE.serviceAccountName),
  };
}

function readVaultName(read: ParameterReader, problems: Problems): string | undefined {
  const name = read.text(PARAMETER.vaultName);
  if (VAULT_NAME.test(name)) return name;
  if (name === "") {
    problems.add("PARAMETER_MISSING", "keyvaultName is not provided; set it to the name of the Key Vault");
    return undefined;
  }
  problems.add(
    "PARAMETER_INVALID",
    `Invalid vault name: keyvaultName ${quote(name)} must have 3 to 24 letters, digits or hyphens; write the vault's name, not its URL`,
  );
  return undefined;
}

function readTenantId(read: ParameterReader, problems: Problems): string | undefined {
  const tenantId = read.text(PARAMETER.tenantId) || read.text(PARAMETER.oldTenantId);
  if (TENANT.test(tenantId)) return tenantId;
  if (tenantId === "") {
    problems.add(
      "PARAMETER_MISSING",
      "tenantId is not provided; set tenantID to the tenant of the Key Vault",
    );
    return undefined;
  }
  problems.add(
    "PARAMETER_INVALID",
    `tenantID ${quote(tenantId)} is not right; write the tenant's ID or domain name, or adfs`,
  );
  return undefined;
}

function readCloud(
  read: ParameterReader,
  defaultName: CloudName,
  problems: Problems,
): CloudSelection | undefined {
  const text = read.text(PARAMETER.cloudName);
  const name = text === "" ? defaultName : parseCloudName(text);
  const environmentFile = read.text(PARAMETER.cloudEnvironmentFile);
  if (name === undefined) {
    problems.add(
      "CLOUD_UNKNOWN",
      `invalid cloud name: cloudName ${quote(text)} is unknown; write ${CLOUD_NAME_SPELLINGS}`,
    );
    return undefined;
  }
  if (environmentFile.length > MAX_PATH_LENGTH || environmentFile.includes("\0")) {
    problems.add(
      "PARAMETER_INVALID",
      `cloudEnvFileName ${quote(environmentFile)} is not right; write the path of a file in the provider's pod`,
    );
    return undefined;
  }
  return { name, environmentFile };
}

function readObjects(request: DecodedRequest, outcome: ObjectsOutcome, problems: Problems): KeyVaultObject[] {
  if (objectsText(request).trim() === "") {
    problems.add(
      "OBJECTS_MISSING",
      'objects is not set; write "array:", and below it one entry with objectName and objectType for each object',
    );
    return [];
  }
  for (const { code, message } of outcome.problems) problems.add(code, message);
  const objects: KeyVaultObject[] = [];
  for (const entry of outcome.entries) {
    const object = applyObjectRules(entry, request.defaultFileMode, problems);
    if (object !== undefined) objects.push(object);
  }
  for (const conflict of findPathConflicts(objects.map(pathClaim))) problems.add("FILE_CONFLICT", conflict);
  return objects;
}

/** The file that an object surely writes: of a history, its first. */
function pathClaim({ index, fileName, historyCount }: KeyVaultObject): PathClaim {
  return { owner: `objects[${index}]`, path: historyCount === 0 ? fileName : `${fileName}/0` };
}
