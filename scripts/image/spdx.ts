/**
 * The shapes of an SPDX 2.3 document that an image's bill of materials needs, and how they are made. Pure.
 * @see https://spdx.github.io/spdx-spec/v2.3/
 */
export interface SpdxPackage {
  readonly SPDXID: string;
  readonly name: string;
  readonly versionInfo: string;
  readonly downloadLocation: string;
  readonly filesAnalyzed: false;
  readonly licenseDeclared?: string;
  readonly licenseConcluded?: string;
  readonly copyrightText?: string;
  readonly supplier?: string;
  readonly primaryPackagePurpose?: string;
  /** Of npm's own documents: the package's folder. */
  readonly packageFileName?: string;
  readonly externalRefs?: readonly ExternalRef[];
}

export interface ExternalRef {
  readonly referenceCategory: "PACKAGE-MANAGER" | "SECURITY";
  readonly referenceType: "purl" | "cpe23Type";
  readonly referenceLocator: string;
}

export interface Relationship {
  readonly spdxElementId: string;
  readonly relatedSpdxElement: string;
  readonly relationshipType: string;
}

export interface SpdxDocument {
  readonly spdxVersion: "SPDX-2.3";
  readonly dataLicense: "CC0-1.0";
  readonly SPDXID: "SPDXRef-DOCUMENT";
  readonly name: string;
  readonly documentNamespace: string;
  readonly creationInfo: { readonly created: string; readonly creators: readonly string[] };
  readonly documentDescribes: readonly string[];
  readonly packages: readonly SpdxPackage[];
  readonly relationships: readonly Relationship[];
}

/** A package that npm does not know, with what SPDX wants said where nothing is known. */
export function packageOf(
  kind: string,
  name: string,
  version: string,
  { purl, ...rest }: Partial<SpdxPackage> & { readonly purl?: string } = {},
): SpdxPackage {
  return {
    SPDXID: `SPDXRef-${kind}-${`${name}-${version}`.replace(/[^a-zA-Z0-9.-]/g, ".")}`,
    name,
    versionInfo: version,
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    licenseDeclared: "NOASSERTION",
    licenseConcluded: "NOASSERTION",
    copyrightText: "NOASSERTION",
    ...(purl === undefined ? {} : { externalRefs: [purlRef(purl)] }),
    ...rest,
  };
}

export function purlRef(purl: string): ExternalRef {
  return { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: purl };
}

/** That `whole` contains each of `parts`. */
export function containing(whole: SpdxPackage, parts: readonly SpdxPackage[]): Relationship[] {
  return parts.map(({ SPDXID }) => ({
    spdxElementId: whole.SPDXID,
    relatedSpdxElement: SPDXID,
    relationshipType: "CONTAINS",
  }));
}
