import { AttributeTypeAndValue, AttributeValue, Name, RelativeDistinguishedName } from "@peculiar/asn1-x509";

const ATTRIBUTE_IDS: ReadonlyMap<string, string> = new Map([
  ["CN", "2.5.4.3"],
  ["C", "2.5.4.6"],
  ["L", "2.5.4.7"],
  ["ST", "2.5.4.8"],
  ["O", "2.5.4.10"],
  ["OU", "2.5.4.11"],
]);

/**
 * The name that a text such as `CN=web.contoso.com, O=Contoso` spells, most significant attribute last as written;
 * a comma inside a value is written `\,`.
 * @throws {RangeError} for anything but CN, C, L, ST, O and OU
 */
export function parseDistinguishedName(text: string): Name {
  const parts = text.split(/(?<!\\),/).map((part) => /^\s*([A-Z]+)\s*=\s*(.*?)\s*$/s.exec(part));
  return new Name(
    parts.map((part) => {
      const [, attribute = "", value = ""] = part ?? [];
      const type = ATTRIBUTE_IDS.get(attribute);
      if (type === undefined || value === "") {
        throw new RangeError(`subject ${JSON.stringify(text)} is not of the form CN=name, O=organisation`);
      }
      const unescaped = value.replaceAll("\\,", ",");
      const wire = new AttributeValue(
        attribute === "C" ? { printableString: unescaped } : { utf8String: unescaped },
      );
      return new RelativeDistinguishedName([new AttributeTypeAndValue({ type, value: wire })]);
    }),
  );
}
