import { type CST, type ErrorCode, Lexer, Parser } from "yaml";
import { MANIFEST_LIMITS } from "./limits.js";

/** Where a text is no YAML, or more than is read; `why`: words, or the library's code. */
export interface Broken {
  readonly offset: number;
  readonly why: string | { readonly code: ErrorCode };
}

/** Hands on the tokens of a text, bounded in depth and number; ends early where it is broken. */
export function tokenize(text: string, take: (token: CST.Token) => void): Broken | undefined {
  const parser = new Parser();
  let pieces = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type === "error") return { offset: token.offset, why: { code: "UNEXPECTED_TOKEN" } };
      take(token);
    }
    pieces += 1;
    if (parser.stack.length > MANIFEST_LIMITS.depth) {
      return { offset: parser.offset, why: `it nests deeper than ${MANIFEST_LIMITS.depth} levels` };
    }
    if (pieces > MANIFEST_LIMITS.pieces) {
      return {
        offset: parser.offset,
        why: `it has more than ${MANIFEST_LIMITS.pieces} marks, names and values`,
      };
    }
  }
  for (const token of parser.end()) {
    if (token.type === "error") return { offset: token.offset, why: { code: "UNEXPECTED_TOKEN" } };
    take(token);
  }
  return undefined;
}
