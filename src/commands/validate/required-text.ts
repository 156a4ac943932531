import { describeNode, entryAt, isSet, type ManifestNode, textAt } from "../manifest/node.js";
import type { ObjectFindings, Where } from "./object-findings.js";

/**
 * A text that an entry of secretObjects has to have; a finding says when it has not.
 * @param what - completes "write …"
 */
export function requiredText(
  node: ManifestNode,
  field: string,
  where: Where,
  what: string,
  findings: ObjectFindings,
): string | undefined {
  const entry = entryAt(node, field);
  const text = textAt(node, field)?.trim();
  if (text !== undefined && text !== "") return text;
  const isMissing = !isSet(entry) || text === "";
  findings.error(
    "SECRET_OBJECT_INVALID",
    where,
    isMissing
      ? `${field} is missing; write ${what}`
      : `${field} is ${describeNode(entry.value)}, and must be a text; put it in quotes`,
  );
  return undefined;
}
