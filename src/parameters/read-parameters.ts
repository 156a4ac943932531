import { GO_BOOLEAN_SPELLINGS, parseGoBoolean } from "../model/go-scalars.js";
import { quote } from "../model/quote.js";
import { isIdentifier } from "./choose-identity.js";
import type { Problems } from "./problems.js";

/** Reads single parameters, and says of each what is wrong with it. */
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
        `${name} ${quote(text)} is not right; write ${GO_BOOLEAN_SPELLINGS}`,
      );
    }
    return value;
  }

  /** Printable text without spaces; empty when it is not set, undefined after a problem. */
  identifier(name: string, maxLength: number): string | undefined {
    const text = this.text(name);
    if (isIdentifier(text, maxLength)) return text;
    this.#problems.add(
      "PARAMETER_INVALID",
      `${name} ${quote(text)} is not right; write an ID of at most ${maxLength} printable characters without spaces`,
    );
    return undefined;
  }
}
