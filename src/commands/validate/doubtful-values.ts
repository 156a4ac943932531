import type { ClassPlace } from "../../errors/provider-error.js";
import { parseCloudName } from "../../model/cloud.js";
import { parseGoBoolean } from "../../model/go-scalars.js";
import { quote } from "../../model/quote.js";
import { PARAMETER } from "../../parameters/attributes.js";
import { parseHistoryCount } from "../../parameters/history-count.js";
import type { ObjectEntry, ObjectField } from "../../parameters/object-fields.js";
import { MAX_SHOWN_PROBLEMS } from "../../parameters/problems.js";

/** A value that every rule of a mount takes, and that Key Vault, Entra ID or the cloud will hardly. */
export interface DoubtfulValue {
  readonly code: "VALUE_DOUBTFUL" | "SETTING_OUTDATED";
  readonly place: ClassPlace;
  readonly message: string;
}

/** @see https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#vault-name-and-object-name */
const OBJECT_NAME = /^[0-9A-Za-z-]{1,127}$/;
const VERSION = /^[0-9a-f]{32}$/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * What is probably a slip in a class, though only a service that is asked can say so.
 * @param parameters - `spec.parameters`, as they are written
 * @param entries - of `objects`
 * @returns of the objects, at most the first 50
 */
export function doubtfulValues(
  parameters: ReadonlyMap<string, string>,
  entries: readonly ObjectEntry[],
): DoubtfulValue[] {
  const text = (name: string): string => (parameters.get(name) ?? "").trim();
  const objects: DoubtfulValue[] = [];
  for (const entry of entries) {
    if (objects.length >= MAX_SHOWN_PROBLEMS) break;
    objects.push(...doubtfulFields(entry));
  }
  return [...doubtfulTenant(text), ...doubtfulClients(text), ...outdated(text), ...objects];
}

type Reader = (name: string) => string;

const doubtful = (parameter: string, message: string): DoubtfulValue => ({
  code: "VALUE_DOUBTFUL",
  place: { parameter },
  message,
});

function doubtfulTenant(text: Reader): DoubtfulValue[] {
  const [current, old] = [text(PARAMETER.tenantId), text(PARAMETER.oldTenantId)];
  if (current === "" || old === "" || current.toLowerCase() === old.toLowerCase()) return [];
  const message = `tenantId ${quote(old)} is another tenant than tenantID ${quote(current)}, which is the one that counts; remove tenantId`;
  return [doubtful(PARAMETER.oldTenantId, message)];
}

function doubtfulClients(text: Reader): DoubtfulValue[] {
  // AD FS calls its applications as it likes.
  const isAdfs =
    parseCloudName(text(PARAMETER.cloudName)) === "AzureStackCloud" ||
    [PARAMETER.tenantId, PARAMETER.oldTenantId].some((name) => text(name).toLowerCase() === "adfs");
  if (isAdfs) return [];
  const isManaged = parseGoBoolean(text(PARAMETER.useVmManagedIdentity)) === true;
  const isOnNode = isManaged || parseGoBoolean(text(PARAMETER.usePodIdentity)) === true;
  const names = [
    ...(isOnNode ? [] : [PARAMETER.clientId]),
    ...(isManaged ? [PARAMETER.userAssignedIdentityId] : []),
  ];
  return names.flatMap((name) => {
    const id = text(name);
    if (id === "" || UUID.test(id)) return [];
    const message = `${name} ${quote(id)} is no UUID, and client IDs of Entra ID are; write the client ID, not a name or a resource ID`;
    return [doubtful(name, message)];
  });
}

function outdated(text: Reader): DoubtfulValue[] {
  const found: DoubtfulValue[] = [];
  const add = (parameter: string, message: string): void => {
    found.push({ code: "SETTING_OUTDATED", place: { parameter }, message });
  };
  if (parseCloudName(text(PARAMETER.cloudName)) === "AzureGermanCloud") {
    add(
      PARAMETER.cloudName,
      "AzureGermanCloud was closed in 2021; the regions in Germany are part of AzurePublicCloud",
    );
  }
  if (parseGoBoolean(text(PARAMETER.usePodIdentity)) === true) {
    add(
      PARAMETER.usePodIdentity,
      "AAD Pod Identity is archived and gets no fixes; move to workload identity: remove usePodIdentity, and set clientID",
    );
  }
  return found;
}

function doubtfulFields({ index, fields }: ObjectEntry): DoubtfulValue[] {
  if (fields === undefined) return [];
  const found: DoubtfulValue[] = [];
  const add = (field: ObjectField, message: string): void => {
    const place = { parameter: PARAMETER.objects, index, field };
    found.push({ code: "VALUE_DOUBTFUL", place, message });
  };
  const { objectName, objectVersion, objectVersionHistory } = fields;
  if (objectName !== "" && !OBJECT_NAME.test(objectName)) {
    add(
      "objectName",
      `objectName ${quote(objectName)} of objects[${index}] can be no name in a Key Vault; names are letters, digits and hyphens, at most 127`,
    );
  }
  if (objectVersion !== "" && objectVersion.toLowerCase() !== "latest" && !VERSION.test(objectVersion)) {
    add(
      "objectVersion",
      `objectVersion ${quote(objectVersion)} of objects[${index}] is no version of a Key Vault; write its 32 hexadecimal digits, or leave it out for the newest`,
    );
  }
  if ((parseHistoryCount(objectVersionHistory) ?? 0) < 0) {
    add(
      "objectVersionHistory",
      `objectVersionHistory ${quote(objectVersionHistory)} of objects[${index}] is negative, and means no history; write how many versions to mount, or leave it out`,
    );
  }
  return found;
}
