import type { Principal } from "../entra/principal.js";

/** What goes back to the client, and what the request log keeps of it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Who asked, once proven. */
  readonly principal?: Principal | undefined;
  /** The error's code, as a client reads it: "SecretNotFound", "AADSTS7000215". */
  readonly code?: string | undefined;
}

/** An answer with a JSON body. */
export function jsonAnswer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  about: Pick<Answer, "principal" | "code"> = {},
): Answer {
  return {
    status,
    headers: { "Content-Type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(body),
    ...about,
  };
}
