import { nearestName } from "../model/nearest-name.js";
import { quote } from "../model/quote.js";
import { DRIVER_ATTRIBUTE, DRIVER_ATTRIBUTE_PREFIX, LEGACY_PARAMETERS, PARAMETER } from "./attributes.js";
import { boundWarnings } from "./bound-warnings.js";

const PARAMETERS = Object.values(PARAMETER);
const KNOWN: ReadonlySet<string> = new Set<string>([...PARAMETERS, ...Object.values(DRIVER_ATTRIBUTE)]);
const MAX_WARNINGS = 10;

/** A word for the log about each parameter without effect; at most ten lines. */
export function unknownParameterWarnings(attributes: ReadonlyMap<string, string>): string[] {
  const unknown = [...attributes.keys()].filter(
    (name) => !KNOWN.has(name) && !name.startsWith(DRIVER_ATTRIBUTE_PREFIX),
  );
  const looked = unknown.slice(0, MAX_WARNINGS).map(warningFor);
  return boundWarnings([...looked, ...unknown.slice(MAX_WARNINGS)], MAX_WARNINGS);
}

function warningFor(name: string): string {
  if (LEGACY_PARAMETERS.has(name)) return `parameter ${name} has had no effect for years; remove it`;
  const meant = nearestName(name, PARAMETERS);
  return `parameter ${quote(name)} is unknown and is ignored${meant === undefined ? "" : `; did you mean ${meant}?`}`;
}
