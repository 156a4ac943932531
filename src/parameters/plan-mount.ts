import { ProviderError } from "../errors/provider-error.js";
import { CLOUD_NAME_SPELLINGS, type CloudName, type CloudSelection, parseCloudName } from "../model/cloud.js";
import { isTenant } from "../model/entra-names.js";
import type { KeyVaultObject } from "../model/key-vault-object.js";
import type { MountPlan, PodReference } from "../model/mount-plan.js";
import { parseGoBoolean } from "../model/go-scalars.js";
import { quote } from "../model/quote.js";
import { DRIVER_ATTRIBUTE, PARAMETER } from "./attributes.js";
import { boundWarnings } from "./bound-warnings.js";
import { chooseIdentity } from "./choose-identity.js";
import { type DecodedRequest, objectsText } from "./decode-mount-request.js";
import { historyPath } from "./file-name.js";
import { findPathConflicts, type PathClaim } from "./file-paths.js";
import { applyObjectRules } from "./object-rules.js";
import { HOW_TO_LIST, type ObjectsOutcome } from "./parse-objects.js";
import { ParameterReader } from "./parameter-reader.js";
import { Problems } from "./problems.js";
import { unknownParameterWarnings } from "./unknown-parameters.js";

export interface PlanDefaults {
  /** The cloud of classes that set no cloudName. */
  readonly cloudName: CloudName;
  /** The tenant of classes that set neither tenantID nor tenantId; absent or empty: they must. */
  readonly defaultTenantId?: string;
  /** The client of classes that choose no identity, where the pod has a token to show for it; absent or empty: none. */
  readonly defaultClientId?: string;
}

export const VAULT_NAME = /^[-A-Za-z0-9]{3,24}$/;
/** Like an internationalized domain: most of these make no URL, in which versions of Node differ. */
const DOMAIN_PREFIX = /^xn--/i;
/** What stands in the place of a tenant that is none, where no tenant is asked. */
const ANY_TENANT = "common";
/** What Kubernetes takes for the names of pods and namespaces; they become headers of the pod identity's request. */
const KUBERNETES_NAME = /^[0-9A-Za-z](?:[\w.-]{0,251}[0-9A-Za-z])?$/;
/** Longest path that Linux knows. */
const MAX_PATH_LENGTH = 4096;
const MAX_WARNINGS = 40;
const IN_OBJECTS = { parameter: PARAMETER.objects };

/**
 * Makes the plan of one Mount, or says at once everything that is wrong with the class: each problem names its field,
 * its index and what to write instead.
 * @param objects - what `parseObjects` made of the class's `objects`
 * @throws {ProviderError} collected: POD_MISSING or REQUEST_MALFORMED for the pod, alone; else PARAMETER_*, IDENTITY_*,
 * CLOUD_UNKNOWN, OBJECTS_*, OBJECT_*, FILE_*
 */
export function planMount(
  decoded: DecodedRequest,
  objects: ObjectsOutcome,
  defaults: PlanDefaults,
): MountPlan {
  const problems = new Problems();
  const read = new ParameterReader(decoded.attributes, problems);
  const pod = readPod(read, problems);
  problems.throwIfAny();

  const vaultName = readVaultName(read, problems);
  const warnings: string[] = [];
  const tenantId = readTenantId(read, defaults.defaultTenantId ?? "", problems, warnings);
  const cloud = readCloud(read, defaults.cloudName, problems);
  const chosen = chooseIdentity(decoded, read, problems, defaults.defaultClientId);
  const planned = readObjects(decoded, objects, problems, warnings);
  problems.throwIfAny();
  if (cloud === undefined || chosen === undefined) {
    throw new ProviderError(
      "INTERNAL",
      "the class could not be read, and nothing was found to be wrong with it",
    );
  }
  return {
    pod,
    className: read.text(DRIVER_ATTRIBUTE.className),
    targetPath: decoded.targetPath,
    vaultName,
    tenantId,
    cloud: cloud.selection,
    identity: chosen.identity,
    objects: planned,
    warnings: boundWarnings(
      [
        ...unknownParameterWarnings(decoded.attributes),
        ...cloud.warnings,
        ...chosen.warnings,
        ...objects.warnings,
        ...warnings,
      ],
      MAX_WARNINGS,
    ),
  };
}

function readPod(read: ParameterReader, problems: Problems): PodReference {
  const required = [
    ["pod name", DRIVER_ATTRIBUTE.podName],
    ["pod namespace", DRIVER_ATTRIBUTE.podNamespace],
  ] as const;
  for (const [what, attribute] of required) {
    const text = read.text(attribute);
    if (text === "") {
      problems.add(
        "POD_MISSING",
        `${what} is not provided; the CSIDriver object secrets-store.csi.k8s.io must have podInfoOnMount: true`,
      );
    } else if (!KUBERNETES_NAME.test(text)) {
      problems.add("REQUEST_MALFORMED", `${what} ${quote(text)} is no name of Kubernetes`);
    }
  }
  return {
    name: read.text(DRIVER_ATTRIBUTE.podName),
    namespace: read.text(DRIVER_ATTRIBUTE.podNamespace),
    uid: read.text(DRIVER_ATTRIBUTE.podUid),
    serviceAccountName: read.text(DRIVER_ATTRIBUTE.serviceAccountName),
  };
}

function readVaultName(read: ParameterReader, problems: Problems): string {
  const name = read.text(PARAMETER.vaultName);
  if (name === "") {
    problems.add(
      "PARAMETER_MISSING",
      `keyvaultName is not provided${read.misspelling(PARAMETER.vaultName)}; set it to the name of the Key Vault`,
      { parameter: PARAMETER.vaultName },
    );
    return name;
  }
  const problem = vaultNameProblem(name);
  if (problem !== undefined) {
    problems.add("PARAMETER_INVALID", `Invalid vault name: ${quote(name)} in keyvaultName ${problem}`, {
      parameter: PARAMETER.vaultName,
    });
  }
  return name;
}

function vaultNameProblem(name: string): string | undefined {
  if (!VAULT_NAME.test(name)) return "must match [-A-Za-z0-9]{3,24}; write the vault's name, not its URL";
  return DOMAIN_PREFIX.test(name)
    ? "begins with xn--, as no vault's does; write the vault's name"
    : undefined;
}

function readTenantId(
  read: ParameterReader,
  defaultTenantId: string,
  problems: Problems,
  warnings: string[],
): string {
  const current = read.text(PARAMETER.tenantId);
  const name = current === "" ? PARAMETER.oldTenantId : PARAMETER.tenantId;
  const tenantId = read.text(name);
  if (tenantId === "") {
    if (defaultTenantId !== "") return defaultTenantId;
    problems.add(
      "PARAMETER_MISSING",
      "tenantId is not provided; set tenantID to the tenant of the Key Vault",
      { parameter: PARAMETER.tenantId },
    );
    return "";
  }
  if (isTenant(tenantId)) return tenantId;
  // The node's own services are asked for no tenant: there a class's placeholder has always done.
  const isAsked = ![PARAMETER.usePodIdentity, PARAMETER.useVmManagedIdentity].some(
    (flag) => parseGoBoolean(read.text(flag)) === true,
  );
  const words = `${name} ${quote(tenantId)} is no tenant; write the tenant's ID, one of its domain names, or adfs`;
  if (isAsked) problems.add("PARAMETER_INVALID", words, { parameter: name });
  else warnings.push(words);
  return ANY_TENANT;
}

function readCloud(
  read: ParameterReader,
  defaultName: CloudName,
  problems: Problems,
): { selection: CloudSelection; warnings: string[] } | undefined {
  const text = read.text(PARAMETER.cloudName);
  const name = text === "" ? defaultName : parseCloudName(text);
  const environmentFile = read.text(PARAMETER.cloudEnvironmentFile);
  if (name === undefined) {
    problems.add("CLOUD_UNKNOWN", `cloudName ${quote(text)} is not valid; write ${CLOUD_NAME_SPELLINGS}`, {
      parameter: PARAMETER.cloudName,
    });
    return undefined;
  }
  const isRead = name === "AzureStackCloud";
  if (isRead && (environmentFile.length > MAX_PATH_LENGTH || environmentFile.includes("\0"))) {
    problems.add(
      "PARAMETER_INVALID",
      `cloudEnvFileName ${quote(environmentFile)} cannot be a path; write the path of the file in the provider's pod`,
      { parameter: PARAMETER.cloudEnvironmentFile },
    );
  }
  const isIgnored = environmentFile !== "" && !isRead;
  return {
    selection: { name, environmentFile },
    warnings: isIgnored
      ? [`cloudEnvFileName is ignored: the cloud is ${name}; set cloudName to AzureStackCloud to use it`]
      : [],
  };
}

function readObjects(
  decoded: DecodedRequest,
  outcome: ObjectsOutcome,
  problems: Problems,
  warnings: string[],
): KeyVaultObject[] {
  if (objectsText(decoded).trim() === "") {
    problems.add("OBJECTS_MISSING", `objects is not set; ${HOW_TO_LIST}`, IN_OBJECTS);
    return [];
  }
  for (const { code, message } of outcome.problems) problems.add(code, message, IN_OBJECTS);
  const objects = outcome.entries.flatMap(
    (entry) => applyObjectRules(entry, decoded.defaultFileMode, problems, warnings) ?? [],
  );
  for (const conflict of findPathConflicts(objects.map(pathClaim))) {
    problems.add("FILE_CONFLICT", conflict, IN_OBJECTS);
  }
  return objects;
}

/** The file that an object surely writes: of a history, its first. */
function pathClaim({ index, fileName, historyCount }: KeyVaultObject): PathClaim {
  return { owner: `objects[${index}]`, path: historyCount === 0 ? fileName : historyPath(fileName, 0) };
}
