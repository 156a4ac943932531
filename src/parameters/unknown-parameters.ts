import { nearestName } from "../model/nearest-name.js";
import { quote } from "../model/quote.js";
import { DRIVER_ATTRIBUTE, DRIVER_ATTRIBUTE_PREFIX, LEGACY_PARAMETERS, PARAMETER } from "./attributes.js";

const KNOWN = new Set<string>([...Object.values(PARAMETER), ...Object.values(DRIVER_ATTRIBUTE)]);
const MAX_WARNINGS = 10;

/** A word for the log about each parameter that has no effect, the first ten. */
export function unknownParameterWarnings(attributes: ReadonlyMap<string, string>): string[] {
  const warnings: string[] = [];
  let more = 0;
  for (const name of attributes.keys()) {
    if (KNOWN.has(name) || name.startsWith(DRIVER_ATTRIBUTE_PREFIX)) continue;
    if (warnings.length === MAX_WARNINGS) more += 1;
    else warnings.push(warningFor(name));
  }
  return more === 0 ? warnings : [...warnings, `and ${more} more unknown parameters, which are ignored`];
}

function warningFor(name: string): string {
  if (LEGACY_PARAMETERS.has(name)) return `parameter ${name} has no effect any more and can be removed`;
  const meant = nearestName(name, Object.values(PARAMETER));
  return `parameter ${quote(name)} is unknown and ignored${meant === undefined ? "" : `; did you mean ${meant}?`}`;
}
