import { packageOf, type SpdxPackage } from "./spdx.js";

/**
 * The packages of a dpkg status file, or of distroless' files with one package each.
 * @param text - paragraphs of `Field: value` lines, see deb-control(5)
 */
export function debianPackages(text: string): SpdxPackage[] {
  return text
    .split(/\n\s*\n/)
    .map(fieldsOf)
    .filter((fields) => fields.has("Package"))
    .map((fields) => {
      const [name, version, arch] = ["Package", "Version", "Architecture"].map((field) => {
        const value = fields.get(field);
        if (value === undefined) throw new Error(`a Debian package without ${field}`);
        return value;
      }) as [string, string, string];
      const supplier = fields.get("Maintainer");
      const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${arch}`;
      return packageOf("Debian", name, version, {
        purl,
        ...(supplier === undefined ? {} : { supplier: `Organization: ${supplierName(supplier)}` }),
      });
    });
}

/** SPDX writes the address in parentheses. */
function supplierName(maintainer: string): string {
  return maintainer.replace(/\s*<([^>]*)>\s*$/, " ($1)");
}

function fieldsOf(paragraph: string): Map<string, string> {
  const lines = paragraph.split("\n").map((line) => /^([A-Za-z-]+):\s*(.*)$/.exec(line));
  return new Map(lines.filter((match) => match !== null).map((match) => [match[1] ?? "", match[2] ?? ""]));
}
