import { nearestName } from "../../model/nearest-name.js";
import { quote } from "../../model/quote.js";
import { DRIVER_ATTRIBUTE } from "../../parameters/attributes.js";
import { ASSUMED_SECRET, planFor } from "../assume-request.js";
import { type KubernetesObject, mayShareNamespace, nearestObject } from "../manifest/kubernetes-object.js";
import { entryAt, type ManifestNode, textAt } from "../manifest/node.js";
import { type CheckedClass, type ClassOptions, keyOf } from "./check-class.js";
import type { Finding } from "./finding.js";
import { ObjectFindings, type Where } from "./object-findings.js";
import { type PodVolume, podVolumes } from "./pod-volumes.js";
import { PROVIDER_NAME, readTexts } from "./read-class.js";

/** Without it the driver's informers do not see a Secret. */
const USED_LABEL = "secrets-store.csi.k8s.io/used";

export interface VolumeContext {
  readonly classes: readonly CheckedClass[];
  /** Classes of other providers, which are nobody's mistake. */
  readonly otherClasses: readonly KubernetesObject[];
  readonly secrets: readonly KubernetesObject[];
  readonly options: ClassOptions;
}

export interface CheckedVolumes {
  readonly findings: readonly Finding[];
  /** Classes that some volume names → the keys of their problems that are there in some volume too. */
  readonly used: ReadonlyMap<CheckedClass, ReadonlySet<string>>;
}

/** Checks the driver's volumes of one object that makes pods; none of other objects. */
export function checkVolumes(object: KubernetesObject, context: VolumeContext): CheckedVolumes {
  const findings = new ObjectFindings(object);
  const used = new Map<CheckedClass, ReadonlySet<string>>();
  for (const volume of podVolumes(object)) {
    const check = new VolumeCheck(volume, context, findings);
    const checked = check.run();
    if (checked !== undefined) used.set(checked, new Set([...(used.get(checked) ?? []), ...check.remaining]));
  }
  return { findings: findings.all, used };
}

class VolumeCheck {
  readonly #volume: PodVolume;
  readonly #context: VolumeContext;
  readonly #findings: ObjectFindings;
  /** Keys of the class's own problems that this volume does not make good. */
  readonly remaining = new Set<string>();

  constructor(volume: PodVolume, context: VolumeContext, findings: ObjectFindings) {
    this.#volume = volume;
    this.#context = context;
    this.#findings = findings;
  }

  /** @returns the class that it names, if that is one of ours */
  run(): CheckedClass | undefined {
    const { className } = this.#volume;
    this.#checkReadOnly();
    if (className === undefined || className === "") {
      this.#findings.error(
        "VOLUME_INVALID",
        this.#where("csi", "volumeAttributes", DRIVER_ATTRIBUTE.className),
        "the volume names no class; set volumeAttributes.secretProviderClass",
      );
      return undefined;
    }
    const named = nearestObject(
      this.#context.classes.filter(({ object }) => this.#isNamed(object)),
      ({ object }) => object.file,
      this.#volume.object,
    );
    if (named === undefined) {
      if (!this.#context.otherClasses.some((object) => this.#isNamed(object)))
        this.#warnOfMissingClass(className);
      return undefined;
    }
    for (const { line, field, container } of this.#volume.subPaths) {
      this.#findings.warn(
        "VOLUME_SUBPATH",
        { line, field },
        `container ${quote(container)} mounts a part of volume ${quote(this.#volume.name)}, and never sees a rotated ` +
          "value; mount the whole volume, and choose file names by objectAlias",
      );
    }
    this.#checkMount(named);
    return named;
  }

  #isNamed(object: KubernetesObject): boolean {
    return object.name === this.#volume.className && mayShareNamespace(object, this.#volume.object);
  }

  #where(...path: readonly string[]): Where {
    const { node, path: prefix } = this.#volume;
    let line = node.line;
    for (let length = 1; length <= path.length; length++) {
      line = entryAt(node, ...path.slice(0, length))?.line ?? line;
    }
    return { line, field: [prefix, ...path].join(".") };
  }

  #checkReadOnly(): void {
    const entry = entryAt(this.#volume.csi, "readOnly");
    if (entry?.value.kind === "scalar" && entry.value.value === true) return;
    this.#findings.error(
      "VOLUME_INVALID",
      this.#where("csi", "readOnly"),
      "the driver refuses a volume that is not read-only; set readOnly: true beside driver",
    );
  }

  #warnOfMissingClass(className: string): void {
    const names = this.#context.classes.map(({ object }) => object.name).slice(0, 200);
    const elsewhere = this.#context.classes.find(({ object }) => object.name === className);
    const meant = nearestName(className, names);
    const hint =
      elsewhere === undefined
        ? meant === undefined
          ? "give validate its file too, or apply it before the pod"
          : `did you mean ${quote(meant)}?`
        : `there is one in namespace ${quote(elsewhere.object.namespace ?? "")}; a pod and its class stand in one namespace`;
    this.#findings.warn(
      "VOLUME_CLASS_MISSING",
      this.#where("csi", "volumeAttributes", DRIVER_ATTRIBUTE.className),
      `no SecretProviderClass ${quote(className)} with provider ${this.#context.options.providerName ?? PROVIDER_NAME} is in the files; ${hint}`,
    );
  }

  /** What this volume's attributes and Secret make of the class, beside what is wrong with the class anyway. */
  #checkMount({ parameters, problems }: CheckedClass): void {
    const path = `${this.#volume.path}.csi.volumeAttributes`;
    const own = readTexts(this.#volume.attributes, path, (where, message) => {
      this.#findings.error("VOLUME_INVALID", where, message);
    });
    const merged = new Map([...parameters.values, ...own.values]);
    merged.delete(DRIVER_ATTRIBUTE.className);
    const planned = planFor(merged, this.#secretData(), this.#context.options.defaults);
    if (!("problems" in planned)) return;
    for (const problem of planned.problems) {
      if (problems.has(keyOf(problem))) {
        this.remaining.add(keyOf(problem));
        continue;
      }
      const parameter = problem.place?.parameter;
      const where =
        parameter !== undefined && own.values.has(parameter)
          ? this.#where("csi", "volumeAttributes", parameter)
          : this.#where("csi");
      this.#findings.error(problem.code, where, problem.message);
    }
  }

  /** Keys of the Secret with values that stand for any; null when the volume names none. */
  #secretData(): Readonly<Record<string, string>> | null {
    const { secretName } = this.#volume;
    if (secretName === undefined) return null;
    const secret = nearestObject(
      this.#context.secrets.filter(
        (object) => object.name === secretName && mayShareNamespace(object, this.#volume.object),
      ),
      ({ file }) => file,
      this.#volume.object,
    );
    if (secret === undefined) return ASSUMED_SECRET;
    if (textAt(secret.node, "metadata", "labels", USED_LABEL) !== "true") {
      this.#findings.warn(
        "SECRET_UNLABELLED",
        this.#where("csi", "nodePublishSecretRef", "name"),
        `the driver does not see Secret ${quote(secretName)} without the label ${USED_LABEL}: "true"; add it to the Secret`,
      );
    }
    return Object.fromEntries(["data", "stringData"].flatMap((field) => keysOf(secret.node, field)));
  }
}

/** Keys alone: what they hold is nobody's business here, but for being there. */
function keysOf(secret: ManifestNode, field: string): [string, string][] {
  const data = entryAt(secret, field)?.value;
  if (data?.kind !== "map") return [];
  return [...data.entries].map(([key, { value }]) => [
    key,
    value.kind === "scalar" && value.text.trim() !== "" ? "assumed" : "",
  ]);
}
