import { checkManifests } from "../../../src/commands/validate/check-manifests.js";
import type { ClassOptions } from "../../../src/commands/validate/check-class.js";
import type { Finding } from "../../../src/commands/validate/finding.js";

export const NO_OPTIONS: ClassOptions = {
  defaults: { cloudName: "AzurePublicCloud" },
  withSeparateFiles: false,
};

/** All findings of manifests, by file name; a text stands for one file `a.yaml`. */
export function findingsOf(
  manifests: string | Readonly<Record<string, string>>,
  options: Partial<ClassOptions> = {},
): readonly Finding[] {
  const files = typeof manifests === "string" ? { "a.yaml": manifests } : manifests;
  const sources = Object.entries(files).map(([name, text]) => ({ name, text }));
  return checkManifests(sources, { ...NO_OPTIONS, ...options }).findings;
}

/** `<line> <severity> <code> <field>` of each. */
export function brief(findings: readonly Finding[]): string[] {
  return findings.map(({ line, severity, code, field }) =>
    [line ?? "-", severity, code, field].join(" ").trimEnd(),
  );
}

const indent = (text: string, by: number): string =>
  text
    .split("\n")
    .map((line) => (line === "" ? line : " ".repeat(by) + line))
    .join("\n");

/** A sound class; `parameters` and `rest` are YAML, put below `spec.parameters` and `spec`. */
export function classYaml({
  name = "shop",
  objects = "array:\n  - |\n    objectName: db\n    objectType: secret",
  parameters = "clientID: 5a2c6d0e-8f4b-4c11-9a57-0d3e1b7c9f21",
  rest = "",
  metadata = "",
}: {
  name?: string;
  objects?: string;
  parameters?: string;
  rest?: string;
  metadata?: string;
} = {}): string {
  return [
    "apiVersion: secrets-store.csi.x-k8s.io/v1",
    "kind: SecretProviderClass",
    "metadata:",
    `  name: ${name}`,
    ...(metadata === "" ? [] : [indent(metadata, 2)]),
    "spec:",
    "  provider: azure",
    "  parameters:",
    "    keyvaultName: contoso-shop",
    "    tenantID: 8e6b1f3a-2c9d-4b75-a0e4-6f1d2c3b4a59",
    "    objects: |",
    indent(objects, 6),
    ...(parameters === "" ? [] : [indent(parameters, 4)]),
    ...(rest === "" ? [] : [indent(rest, 2)]),
    "",
  ].join("\n");
}

/** A pod with one volume of the driver; `csi` is YAML below it. */
export function podYaml({
  className = "shop",
  csi = "",
  attributes = "",
  mount = "mountPath: /mnt/secrets",
}: {
  className?: string;
  csi?: string;
  attributes?: string;
  mount?: string;
} = {}): string {
  return [
    "apiVersion: v1",
    "kind: Pod",
    "metadata:",
    "  name: shop-pod",
    "spec:",
    "  containers:",
    "    - name: shop",
    "      image: shop",
    "      volumeMounts:",
    "        - name: secrets",
    indent(mount, 10),
    "  volumes:",
    "    - name: secrets",
    "      csi:",
    "        driver: secrets-store.csi.k8s.io",
    "        readOnly: true",
    "        volumeAttributes:",
    `          secretProviderClass: ${className}`,
    ...(attributes === "" ? [] : [indent(attributes, 10)]),
    ...(csi === "" ? [] : [indent(csi, 8)]),
    "",
  ].join("\n");
}
