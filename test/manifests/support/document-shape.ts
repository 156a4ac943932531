import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { readSeed } from "../../../emulator/seed/seed.js";
import { isMap, isObject, type Yaml } from "./manifest.js";

const CHART = "manifests/charts/csi-secrets-store-provider-azure";
/** What `issuer: cluster` of a seed stands for. */
const CLUSTER_ISSUER = "https://kubernetes.default.svc.cluster.local";
/** What begins a configuration or a rule file of Prometheus. */
const PROMETHEUS_KEYS = new Set(["global", "groups", "rule_files", "scrape_configs"]);
/** What begins a seed of the embedded vault. */
const SEED_KEYS = new Set(["vaults", "tenants", "issuers", "clouds"]);

/** What a document is, and what is wrong with it as that. */
export interface Shape {
  readonly name: "object" | "chart" | "values" | "seed" | "prometheus" | "unknown";
  readonly problems: readonly string[];
}

/** Tells a document by its keys, and checks those that are no Kubernetes objects. */
export function shapeOf(value: Yaml, text: string): Shape {
  const is = (name: Shape["name"], problems: readonly string[] = []): Shape => ({ name, problems });
  if (isObject(value)) return is("object");
  if (!isMap(value)) return is("unknown");
  const keys = Object.keys(value);
  if (["apiVersion", "name", "version"].every((key) => keys.includes(key))) return is("chart");
  if (keys.every((key) => PROMETHEUS_KEYS.has(key))) return is("prometheus");
  if (keys.some((key) => SEED_KEYS.has(key))) return is("seed", seedProblems(text));
  const values = parse(readFileSync(`${CHART}/values.yaml`, "utf8")) as Yaml;
  if (isMap(values) && keys.every((key) => key in values))
    return is("values", unknownValues(value, values, ""));
  return is("unknown");
}

function seedProblems(text: string): string[] {
  try {
    readSeed(text, CLUSTER_ISSUER);
    return [];
  } catch (error) {
    return [`no seed of the embedded vault: ${(error as Error).message}`];
  }
}

/** Values that the chart does not know; an empty mapping or nothing in its values.yaml takes anything. */
function unknownValues(value: Yaml, known: Yaml, path: string): string[] {
  if (!isMap(value) || !isMap(known) || Object.keys(known).length === 0) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const place = path === "" ? key : `${path}.${key}`;
    if (!(key in known)) return [`the chart has no value ${place}`];
    return unknownValues(inner, known[key], place);
  });
}
