import type { ObjectField, ObjectFields } from "../../../src/parameters/object-fields.js";
import { parseObjects } from "../../../src/parameters/parse-objects.js";

/** The fields of each entry, those that are empty left out; throws what is wrong, as a text. */
export function fieldsOf(text: string): Partial<ObjectFields>[] {
  const { entries, problems } = parseObjects(text);
  const messages = [...problems, ...entries.flatMap((entry) => entry.problems)].map(({ message }) => message);
  if (messages.length > 0) throw new Error(messages.join("; "));
  return entries.map(({ fields }) =>
    Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => value !== "")),
  );
}

/** What one field of one block reads as, written as `source` behind its colon. */
export function scalar(source: string, field: ObjectField = "objectAlias"): string {
  const [fields] = fieldsOf(
    `array:\n  - |\n    objectName: n\n    ${field}: ${source}\n    objectType: secret\n`,
  );
  return fields?.[field] ?? "";
}

/** Code and message of everything that is wrong with the YAML. */
export function yamlProblems(text: string): { code: string; message: string }[] {
  const { entries, problems } = parseObjects(text);
  return [...problems, ...entries.flatMap((entry) => entry.problems)].map(({ code, message }) => ({
    code,
    message,
  }));
}
