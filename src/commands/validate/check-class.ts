import type { ErrorCode } from "../../errors/codes.js";
import type { ClassPlace, ProviderError } from "../../errors/provider-error.js";
import { PARAMETER } from "../../parameters/attributes.js";
import { parseObjects } from "../../parameters/parse-objects.js";
import type { PlanDefaults } from "../../parameters/plan-mount.js";
import { MAX_SHOWN_PROBLEMS } from "../../parameters/problems.js";
import { unknownParameterWarnings } from "../../parameters/unknown-parameters.js";
import { ASSUMED_SECRET, planFor } from "../assume-request.js";
import { type KubernetesObject, templateHint } from "../manifest/kubernetes-object.js";
import { entryAt } from "../manifest/node.js";
import { objectLine } from "../manifest/objects-lines.js";
import { checkSecretObjects, type SyncedSecret } from "./check-secret-objects.js";
import { doubtfulValues } from "./doubtful-values.js";
import type { Finding } from "./finding.js";
import { ObjectFindings, type Where } from "./object-findings.js";
import { plannedFiles, type PlannedFiles } from "./planned-files.js";
import { checkEnvelope, type ClassParameters, PROVIDER_NAME, readTexts } from "./read-class.js";

/** What the provider's flags say, as far as a class depends on them. */
export interface ClassOptions {
  readonly defaults: PlanDefaults;
  readonly withSeparateFiles: boolean;
  /** What its classes say as `provider`; default `azure`. */
  readonly providerName?: string;
}

/** A class of this provider, checked by itself. */
export interface CheckedClass {
  readonly object: KubernetesObject;
  readonly parameters: ClassParameters;
  readonly files: PlannedFiles;
  readonly secrets: readonly SyncedSecret[];
  /** The class leaves it to the volume to bring an identity. */
  readonly needsIdentity: boolean;
  /** What is wrong with its parameters by themselves, so that no volume is told again. */
  readonly problems: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

const PARAMETERS = "spec.parameters";

/** Checks one class by the rules that its mounts would be held to; the findings are in the order of the rules. */
export function checkClass(object: KubernetesObject, options: ClassOptions): CheckedClass {
  const findings = new ObjectFindings(object);
  checkEnvelope(object, options.providerName ?? PROVIDER_NAME, findings);
  const spec = entryAt(object.node, "spec");
  const parameters = readTexts(entryAt(object.node, "spec", "parameters"), PARAMETERS, (where, message) => {
    findings.error("CLASS_INVALID", where, message);
  });
  const places = new ParameterPlaces(object, parameters);
  const planned = planFor(parameters.values, ASSUMED_SECRET, options.defaults);
  const problems = "problems" in planned ? planned.problems : [];
  for (const { code, place, message } of problems) {
    findings.error(code, places.of(place), message + hintAt(parameters, place, code));
  }
  if (problems.length >= MAX_SHOWN_PROBLEMS) {
    findings.error(
      "CLASS_INVALID",
      { line: object.node.line, field: PARAMETERS },
      `only the first ${MAX_SHOWN_PROBLEMS} problems are shown; mend these and look again`,
    );
  }
  const outcome = parseObjects(objectsOf(parameters));
  warnOfIgnored("plan" in planned ? planned.plan.warnings : outcome.warnings, parameters, places, findings);
  const refused = new Set(problems.map(({ place }) => placeKey(place)));
  for (const { code, place, message } of doubtfulValues(parameters.values, outcome.entries)) {
    if (!refused.has(placeKey(place))) findings.warn(code, places.of(place), message);
  }

  const needsIdentity = dependsOnVolume(parameters, options);
  const files = plannedFiles(objectsOf(parameters), options.withSeparateFiles);
  const secrets = checkSecretObjects(spec?.value, files, findings);
  return {
    object,
    parameters,
    files,
    secrets,
    needsIdentity,
    problems: new Set(problems.map(keyOf)),
    findings: findings.all,
  };
}

/** Whether a volume without a Secret could not be mounted; where the installation has a default client, it could. */
function dependsOnVolume({ values }: ClassParameters, { defaults }: ClassOptions): boolean {
  const planned = planFor(values, null, defaults);
  return "problems" in planned && planned.problems.some(({ code }) => code === "IDENTITY_SECRET_MISSING");
}

/** By which a problem of a class is known again in its volumes. */
export function keyOf({ code, message }: Pick<ProviderError | Finding, "code" | "message">): string {
  return `${code} ${message}`;
}

function placeKey(place: ClassPlace | undefined): string {
  return [place?.parameter, place?.index, place?.field].join(" ");
}

function hintAt({ values }: ClassParameters, place: ClassPlace | undefined, code: ErrorCode): string {
  // What is missing is sought again in the volumes, by the very words of a mount.
  if (place === undefined || code === "OBJECTS_MISSING") return "";
  return templateHint(values.get(place.parameter) ?? "");
}

function objectsOf({ values }: ClassParameters): string {
  return values.get(PARAMETER.objects) ?? "";
}

/** Finds the lines that problems of parameters are about. */
class ParameterPlaces {
  readonly #object: KubernetesObject;
  readonly #parameters: ClassParameters;

  constructor(object: KubernetesObject, parameters: ClassParameters) {
    this.#object = object;
    this.#parameters = parameters;
  }

  of(place: ClassPlace | undefined): Where {
    if (place === undefined) return this.#parent();
    const { parameter, index, field } = place;
    const entry = this.#parameters.entries.get(parameter);
    const path = [PARAMETERS, parameter].join(".") + (index === undefined ? "" : `[${index}]`);
    const full = field === undefined ? path : `${path}.${field}`;
    return entry === undefined
      ? { ...this.#parent(), field: full }
      : { line: objectLine(entry, place), field: full };
  }

  #parent(): Where {
    const { node } = this.#object;
    const parent = entryAt(node, "spec", "parameters") ?? entryAt(node, "spec");
    return { line: parent?.line ?? node.line, field: PARAMETERS };
  }
}

/** Every warning of the plan at its place: parameters one by one, so that none falls to the bound of the log. */
function warnOfIgnored(
  warnings: readonly string[],
  { values }: ClassParameters,
  places: ParameterPlaces,
  findings: ObjectFindings,
): void {
  const said = new Set<string>();
  for (const parameter of values.keys()) {
    for (const warning of unknownParameterWarnings(new Map([[parameter, ""]]))) {
      said.add(warning);
      findings.warn("CLASS_IGNORED_SETTING", places.of({ parameter }), warning);
    }
  }
  for (const warning of warnings) {
    if (!said.has(warning)) findings.warn("CLASS_IGNORED_SETTING", places.of(placeIn(warning)), warning);
  }
}

/** A warning is a text alone: it names its object, or begins with its parameter. */
function placeIn(warning: string): ClassPlace | undefined {
  const index = /\bobjects\[(\d{1,4})\]/.exec(warning)?.[1];
  if (index !== undefined) return { parameter: PARAMETER.objects, index: Number(index) };
  return Object.values(PARAMETER)
    .filter((parameter) => warning.startsWith(`${parameter} `))
    .map((parameter) => ({ parameter }))[0];
}
