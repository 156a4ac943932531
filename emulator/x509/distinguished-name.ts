import { objectId, printable, sequence, set, utf8 } from "./der.js";
import type { Der } from "./der.js";

const ATTRIBUTE_IDS: ReadonlyMap<string, string> = new Map([
  ["CN", "2.5.4.3"],
  ["C", "2.5.4.6"],
  ["L", "2.5.4.7"],
  ["ST", "2.5.4.8"],
  ["O", "2.5.4.10"],
  ["OU", "2.5.4.11"],
]);

/**
 * The name that a text such as `CN=web.contoso.com, O=Contoso` spells, in the order written; a comma inside a value is
 * written `\,`. Values are PrintableString where the alphabet allows, as Key Vault writes them.
 * @throws {RangeError} for anything but CN, C, L, ST, O and OU
 */
export function distinguishedName(text: string): Der {
  const parts = text.split(/(?<!\\),/).map((part) => /^\s*([A-Z]+)\s*=\s*(.*?)\s*$/s.exec(part));
  return sequence(
    ...parts.map((part) => {
      const [, attribute = "", escaped = ""] = part ?? [];
      const id = ATTRIBUTE_IDS.get(attribute);
      if (id === undefined || escaped === "") {
        throw new RangeError(`subject ${JSON.stringify(text)} is not of the form CN=name, O=organisation`);
      }
      const value = escaped.replaceAll("\\,", ",");
      return set(
        sequence(objectId(id), /^[A-Za-z0-9 '()+,./:=?-]+$/.test(value) ? printable(value) : utf8(value)),
      );
    }),
  );
}
