import { randomUUID } from "node:crypto";
import { jsonAnswer } from "../http/answer.js";
import type { Answer } from "../http/answer.js";

/** OAuth 2.0 name of the error and HTTP status of one AADSTS number. @see RFC 6749 section 5.2 */
const KINDS = {
  50013: ["invalid_grant", 400],
  50027: ["invalid_request", 400],
  50166: ["invalid_request", 400],
  50196: ["invalid_grant", 400],
  70003: ["unsupported_grant_type", 400],
  70011: ["invalid_scope", 400],
  70021: ["invalid_request", 400],
  90002: ["invalid_request", 400],
  90023: ["invalid_request", 400],
  90033: ["temporarily_unavailable", 503],
  90055: ["temporarily_unavailable", 429],
  90100: ["invalid_request", 400],
  500011: ["invalid_resource", 400],
  700016: ["unauthorized_client", 400],
  700024: ["invalid_client", 401],
  700027: ["invalid_client", 401],
  700211: ["invalid_client", 401],
  700212: ["invalid_client", 401],
  700213: ["invalid_client", 401],
  700222: ["invalid_client", 401],
  900144: ["invalid_request", 400],
  1002012: ["invalid_scope", 400],
  7000112: ["unauthorized_client", 400],
  7000215: ["invalid_client", 401],
  7000218: ["invalid_client", 401],
  7000222: ["invalid_client", 401],
  7002138: ["invalid_client", 401],
} as const satisfies Record<number, readonly [string, number]>;

/** The numbers that this Entra ID knows. */
export type AadstsNumber = keyof typeof KINDS;

/** A refused sign-in: number and text of the error, without the trailer that `entraError` adds. */
export class SignInRefused extends Error {
  override readonly name = "SignInRefused";
  readonly number: AadstsNumber;

  constructor(number: AadstsNumber, text: string) {
    super(text);
    this.number = number;
  }
}

/** What the trailer and the ids of an error are made from. */
export interface ErrorSetting {
  readonly host: string;
  readonly nowMs: number;
  /** The client's `client-request-id`, which comes back as the correlation id. */
  readonly correlationId?: string | undefined;
}

/** The service's JSON error: the text ends with trace id, correlation id and time. */
export function entraError(refused: SignInRefused, setting: ErrorSetting): Answer {
  const [error, status] = KINDS[refused.number];
  const traceId = randomUUID();
  const correlationId = setting.correlationId ?? randomUUID();
  const timestamp = `${new Date(setting.nowMs).toISOString().slice(0, 19).replace("T", " ")}Z`;
  return jsonAnswer(
    status,
    {
      error,
      error_description:
        `AADSTS${refused.number}: ${refused.message} ` +
        `Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
      error_codes: [refused.number],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `https://${setting.host}/error?code=${refused.number}`,
    },
    {},
    { code: `AADSTS${refused.number}` },
  );
}
