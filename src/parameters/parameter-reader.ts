import { isIdentifier } from "../model/entra-names.js";
import { GO_BOOLEAN_SPELLINGS, parseGoBoolean } from "../model/go-scalars.js";
import { quote } from "../model/quote.js";
import type { Problems } from "./problems.js";

/** Reads single parameters, and collects what is wrong with each. */
export class ParameterReader {
  readonly #attributes: ReadonlyMap<string, string>;
  readonly #problems: Problems;

  constructor(attributes: ReadonlyMap<string, string>, problems: Problems) {
    this.#attributes = attributes;
    this.#problems = problems;
  }

  /** Empty when it is not set. */
  text(name: string): string {
    return this.#attributes.get(name) ?? "";
  }

  /** False when it is not set or blank; undefined after a problem. */
  boolean(name: string): boolean | undefined {
    const text = this.text(name);
    const value = text === "" ? false : parseGoBoolean(text);
    if (value === undefined) {
      this.#problems.add(
        "PARAMETER_INVALID",
        `failed to parse ${name} flag, error: ${quote(text)} is no boolean; write one of ${GO_BOOLEAN_SPELLINGS}`,
        { parameter: name },
      );
    }
    return value;
  }

  /** Empty when it is not set; undefined after a problem. */
  identifier(name: string): string | undefined {
    const text = this.text(name);
    if (text === "" || isIdentifier(text)) return text;
    this.#problems.add(
      "PARAMETER_INVALID",
      `${name} ${quote(text)} is no client ID; write the ID of the application or identity, mostly a UUID`,
      { parameter: name },
    );
    return undefined;
  }

  /**
   * A word about a parameter that is probably a misspelling of a missing one; empty when there is none. Parameters are
   * case-sensitive, and `keyVaultName` for `keyvaultName` is the commonest mistake.
   */
  misspelling(name: string): string {
    const folded = name.toLowerCase();
    for (const key of this.#attributes.keys()) {
      if (key !== name && key.toLowerCase() === folded) return ` (${quote(key)} is set; write ${name})`;
    }
    return "";
  }
}
