/** Fields of one object, as a class's author writes them. */
export type ObjectFields = Readonly<Record<string, string | number>>;

/**
 * The `objects` parameter in the form of the documentation: `array:` of `- |` blocks. Values are written as they are,
 * unquoted.
 */
export function objectsYaml(...objects: readonly ObjectFields[]): string {
  const blocks = objects.map((fields) => {
    const lines = Object.entries(fields).map(([name, value]) => `    ${name}: ${value}`);
    return `  - |\n${lines.join("\n")}\n`;
  });
  return `array:\n${blocks.join("")}`;
}

/** One secret, with more fields if wanted. */
export function secretYaml(objectName: string, more: ObjectFields = {}): string {
  return objectsYaml({ objectName, objectType: "secret", ...more });
}
