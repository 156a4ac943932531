import { quote } from "../../model/quote.js";
import { CommandError } from "../command-error.js";
import { type KubernetesObject, readManifest } from "../manifest/kubernetes-object.js";
import { entryAt } from "../manifest/node.js";
import type { Source } from "../manifest/read-sources.js";
import { ownerOf, readTexts } from "../validate/read-class.js";

export interface ChosenClass {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * The class to mount: the only one of the manifest, or the one of that name.
 * @param name - empty: the only one
 * @param providerName - what it has to say as `provider`
 * @throws {CommandError}
 */
export function chooseClass(source: Source, name: string, providerName: string): ChosenClass {
  const classes = objectsOf(source).filter((object) => ownerOf(object, providerName) === "ours");
  const named = name === "" ? classes : classes.filter((object) => object.name === name);
  const [chosen, ...others] = named;
  if (chosen === undefined) {
    const what = name === "" ? "" : ` ${quote(name)}`;
    throw new CommandError(
      1,
      `${source.name} holds no SecretProviderClass${what} with provider ${providerName}; it has ${namesOf(classes)}`,
    );
  }
  if (others.length > 0) {
    const remedy = name === "" ? "choose one by --class" : "keep one of them in the file";
    throw new CommandError(
      1,
      `${source.name} holds ${named.length} SecretProviderClasses (${namesOf(named)}); ${remedy}`,
    );
  }
  return {
    name: chosen.name,
    namespace: chosen.namespace,
    parameters: parametersOf(source, chosen),
  };
}

/** The objects of a manifest. @throws {CommandError} when it cannot be read as a whole */
export function objectsOf(source: Source): readonly KubernetesObject[] {
  if ("problem" in source) throw new CommandError(2, `${source.name}: ${source.problem}`);
  const { objects, problems } = readManifest(source.name, source.text);
  const [problem] = problems;
  if (problem !== undefined) throw new CommandError(1, `${source.name}:${problem.line}: ${problem.message}`);
  return objects;
}

function parametersOf(source: Source, { node }: KubernetesObject): ReadonlyMap<string, string> {
  const refused: string[] = [];
  const { values } = readTexts(
    entryAt(node, "spec", "parameters"),
    "spec.parameters",
    ({ line }, message) => {
      refused.push(`${source.name}:${line}: ${message}`);
    },
  );
  const [first] = refused;
  if (first !== undefined) throw new CommandError(1, first);
  return values;
}

function namesOf(objects: readonly KubernetesObject[]): string {
  if (objects.length === 0) return "none";
  const shown = objects.slice(0, 20).map(({ name }) => quote(name));
  return shown.join(", ") + (objects.length > shown.length ? " …" : "");
}
