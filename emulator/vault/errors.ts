import { jsonAnswer } from "../http/answer.js";
import type { Answer } from "../http/answer.js";

/** The service's error body: `{"error":{"code","message","innererror"?}}`. */
export function vaultError(status: number, code: string, message: string, innerCode?: string): Answer {
  return jsonAnswer(
    status,
    { error: { code, message, ...(innerCode === undefined ? {} : { innererror: { code: innerCode } }) } },
    {},
    { code: innerCode ?? code },
  );
}
