import { nearestName } from "../../model/nearest-name.js";
import { quote } from "../../model/quote.js";
import type { ManifestNode } from "../manifest/node.js";
import type { ObjectFindings } from "./object-findings.js";

/** Says of each key of a mapping that it is not known; nothing of what is no mapping. */
export function warnOfUnknownFields(
  node: ManifestNode | undefined,
  known: readonly string[],
  path: string,
  findings: ObjectFindings,
): void {
  if (node?.kind !== "map") return;
  for (const [key, { line }] of node.entries) {
    if (known.includes(key)) continue;
    const meant = nearestName(key, known);
    findings.warn(
      "FIELD_UNKNOWN",
      { line, field: path },
      `${path} has no field ${quote(key)}, and the API server drops it; ` +
        (meant === undefined || node.entries.has(meant)
          ? `its fields are ${known.join(", ")}`
          : `did you mean ${meant}?`),
    );
  }
}
