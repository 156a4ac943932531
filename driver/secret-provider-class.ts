import { parseAllDocuments } from "yaml";

/** What the driver takes from a SecretProviderClass: its name, its provider and its parameters. */
export interface SecretProviderClass {
  readonly name: string;
  readonly provider: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Finds the SecretProviderClasses of a manifest, in its order; other documents are passed over.
 * @param manifest - YAML, one or more documents
 * @throws Error when a parameter is not a string, as the API server refuses it
 * @see https://secrets-store-csi-driver.sigs.k8s.io/concepts.html#secretproviderclass
 */
export function readSecretProviderClasses(manifest: string): SecretProviderClass[] {
  return parseAllDocuments(manifest)
    .map((document) => document.toJS() as unknown)
    .filter(isClassDocument)
    .map(({ metadata, spec }) => {
      for (const [key, value] of Object.entries(spec.parameters)) {
        if (typeof value !== "string") {
          throw new Error(`SecretProviderClass ${metadata.name}: spec.parameters.${key} must be a string`);
        }
      }
      return { name: metadata.name, provider: spec.provider, parameters: spec.parameters };
    });
}

interface ClassDocument {
  kind: "SecretProviderClass";
  metadata: { name: string };
  spec: { provider: string; parameters: Record<string, string> };
}

function isClassDocument(document: unknown): document is ClassDocument {
  return (
    typeof document === "object" &&
    document !== null &&
    "kind" in document &&
    document.kind === "SecretProviderClass"
  );
}
