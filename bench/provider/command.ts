/** What a command template may ask for. */
export interface CommandValues {
  /** `unix:///run/azure.sock` */
  readonly endpoint: string;
  readonly healthzPort: number;
  readonly metricsPort: number;
}

/** The flags of the contract, for a template that places nothing itself. */
const USUAL_FLAGS = [
  "--endpoint={endpoint}",
  "--healthz-port={healthzPort}",
  "--prometheus-port={metricsPort}",
];

/**
 * The argument list of a provider's command. `{endpoint}`, `{healthzPort}` and `{metricsPort}` are filled in; a
 * template without `{endpoint}` gets the usual three flags behind it.
 * @throws {RangeError} for an empty template, an open quote or an unknown placeholder
 */
export function fillCommand(template: string, values: CommandValues): [string, ...string[]] {
  const words = splitWords(template);
  const complete = template.includes("{endpoint}") ? words : [...words, ...USUAL_FLAGS];
  const [program, ...rest] = complete.map((word) =>
    word.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      if (!isValueName(name, values)) {
        throw new RangeError(
          `"{${name}}" in the provider's command is not known; use {endpoint}, {healthzPort} or {metricsPort}`,
        );
      }
      return String(values[name]);
    }),
  );
  if (words.length === 0 || program === undefined) throw new RangeError("the provider's command is empty");
  return [program, ...rest];
}

/**
 * Splits at blanks as a shell does, with single and double quotes; nothing else of a shell's language.
 * @throws {RangeError} for a quote that is not closed
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (const character of text) {
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else word = (word ?? "") + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (quote !== undefined) throw new RangeError(`a ${quote} in the provider's command is not closed`);
  if (word !== undefined) words.push(word);
  return words;
}

function isValueName(name: string, values: CommandValues): name is keyof CommandValues {
  return Object.hasOwn(values, name);
}
