import path from "node:path";
import { quote } from "../../model/quote.js";
import { type KubernetesObject, mayShareNamespace, readManifest } from "../manifest/kubernetes-object.js";
import type { Source } from "../manifest/read-sources.js";
import { checkClass, type CheckedClass, type ClassOptions, keyOf } from "./check-class.js";
import { checkVolumes } from "./check-volumes.js";
import type { Finding } from "./finding.js";
import { FileGuard } from "./guard.js";
import { ObjectFindings } from "./object-findings.js";
import { CLASS_KIND, ownerOf, PROVIDER_NAME } from "./read-class.js";

export interface Checked {
  readonly classes: readonly CheckedClass[];
  /** In the order of files and lines. */
  readonly findings: readonly Finding[];
  readonly counts: {
    readonly files: number;
    readonly documents: number;
    /** Classes of other providers. */
    readonly otherProviders: number;
    /** Objects of other kinds; of those that make pods, the volumes are looked at. */
    readonly otherKinds: number;
  };
}

/** Checks all that the sources hold, each class by itself and all of them beside each other. */
export function checkManifests(sources: readonly Source[], options: ClassOptions): Checked {
  const findings: Finding[] = [];
  const objects: KubernetesObject[] = [];
  const guard = new FileGuard();
  let documents = 0;
  for (const source of sources) {
    if ("problem" in source) {
      findings.push(ofFile(source.name, "error", "FILE_UNREADABLE", source.problem));
      continue;
    }
    const read = guard.run(source.name, () => readManifest(source.name, source.text));
    if (read === undefined) continue;
    documents += read.documents;
    objects.push(...read.objects);
    for (const { line, document, message } of read.problems) {
      findings.push({ ...ofFile(source.name, "error", "MANIFEST_INVALID", message), line, document });
    }
  }
  const providerName = options.providerName ?? PROVIDER_NAME;
  const owned = (owner: ReturnType<typeof ownerOf>): KubernetesObject[] =>
    objects.filter((object) => ownerOf(object, providerName) === owner);
  const classes = owned("ours").flatMap(
    (object) => guard.run(object.file, () => checkClass(object, options)) ?? [],
  );
  const otherClasses = owned("another provider's");
  const others = owned("no class");
  findings.push(...duplicates(classes));

  const secrets = others.filter(({ kind }) => kind === "Secret");
  const used = new Map<CheckedClass, Set<string>>();
  for (const object of others) {
    const volumes = guard.run(object.file, () =>
      checkVolumes(object, { classes, otherClasses, secrets, options }),
    );
    if (volumes === undefined) continue;
    findings.push(...volumes.findings);
    for (const [checked, remaining] of volumes.used) {
      used.set(checked, new Set([...(used.get(checked) ?? []), ...remaining]));
    }
  }
  findings.push(...classes.flatMap((checked) => stillTrue(checked, used.get(checked))));
  findings.push(
    ...classes.filter((checked) => checked.needsIdentity && !used.has(checked)).flatMap(withoutIdentity),
  );
  findings.push(...guard.findings);
  if (classes.length === 0 && !findings.some(({ severity }) => severity === "error")) {
    findings.push(
      ofFile(
        sources.map(({ name }) => name).join(", "),
        "warning",
        "NOTHING_TO_CHECK",
        `no ${CLASS_KIND} with provider ${providerName} is in the files; name the files that hold them, or by --provider-name what they say as provider`,
      ),
    );
  }
  return {
    classes,
    findings: inOrder(
      findings,
      sources.map(({ name }) => name),
    ),
    counts: {
      files: sources.length,
      documents,
      otherProviders: otherClasses.length,
      otherKinds: others.length,
    },
  };
}

const MISSING: readonly Finding["code"][] = ["PARAMETER_MISSING", "OBJECTS_MISSING"];

/** What a class leaves out is no mistake where every volume that names it brings it by volumeAttributes. */
function stillTrue(
  { findings }: CheckedClass,
  remaining: ReadonlySet<string> | undefined,
): readonly Finding[] {
  if (remaining === undefined) return findings;
  return findings.filter((finding) => !MISSING.includes(finding.code) || remaining.has(keyOf(finding)));
}

function ofFile(
  file: string,
  severity: Finding["severity"],
  code: Finding["code"],
  message: string,
): Finding {
  return { severity, code, file, line: undefined, document: undefined, object: "", field: "", message };
}

function inOrder(findings: readonly Finding[], files: readonly string[]): Finding[] {
  const rank = new Map([...new Set(files)].map((file, index) => [file, index]));
  const rankOf = ({ file }: Finding): number => rank.get(file) ?? files.length;
  return [...findings].sort(
    (one, other) => rankOf(one) - rankOf(other) || (one.line ?? 0) - (other.line ?? 0),
  );
}

/** Whether both are applied together: what stands in folders apart, perhaps is applied to clusters apart. */
function mayMeet(one: KubernetesObject, other: KubernetesObject): boolean {
  return path.dirname(one.file) === path.dirname(other.file) && mayShareNamespace(one, other);
}

/** Of two classes with one name, and of two classes that make one Secret, the later one is told. */
function duplicates(classes: readonly CheckedClass[]): Finding[] {
  const findings: Finding[] = [];
  const byName = new Map<string, CheckedClass[]>();
  const bySecret = new Map<string, CheckedClass[]>();
  for (const checked of classes) {
    const { object, secrets } = checked;
    const said = new ObjectFindings(object);
    const earlier = (byName.get(object.name) ?? []).find((one) => mayMeet(one.object, object));
    if (earlier !== undefined && object.name !== "") {
      const where = { line: object.node.line, field: "metadata.name" };
      const words = `the class ${quote(object.name)} stands in ${placeOf(earlier)} already`;
      // Of two files, perhaps one is applied here and the other there.
      if (earlier.object.file === object.file) {
        said.error("CLASS_DUPLICATE", where, `${words}; remove one, or name it otherwise`);
      } else {
        said.warn(
          "CLASS_DUPLICATE",
          where,
          `${words}; if both are applied to one namespace, the later replaces the earlier`,
        );
      }
    }
    for (const { name, where } of secrets) {
      const maker = (bySecret.get(name) ?? []).find((one) => mayMeet(one.object, object));
      if (maker !== undefined && maker.object.name !== object.name) {
        said.warn(
          "SECRET_OBJECT_DUPLICATE",
          where,
          `Secret ${quote(name)} is made by the class in ${placeOf(maker)} too; each overwrites the other: choose another name`,
        );
      }
      bySecret.set(name, [...(bySecret.get(name) ?? []), checked]);
    }
    byName.set(object.name, [...(byName.get(object.name) ?? []), checked]);
    findings.push(...said.all);
  }
  return findings;
}

function placeOf({ object }: CheckedClass): string {
  return `${object.file}:${object.node.line}`;
}

function withoutIdentity({ object }: CheckedClass): Finding[] {
  const said = new ObjectFindings(object);
  said.warn(
    "IDENTITY_OUTSIDE_CLASS",
    { line: object.node.line, field: "spec.parameters" },
    "the class chooses no identity: each volume that names it needs a nodePublishSecretRef whose Secret has the keys " +
      "clientid and clientsecret, or volumeAttributes that choose one; set clientID for workload identity",
  );
  return said.all;
}
