import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { isWellFormed } from "../model/quote.js";

/** An answer of the authority that is no token. */
export interface Refusal {
  readonly host: string;
  /** HTTP status. */
  readonly status: number;
  /** `AADSTS700016`, of AD FS `MSIS9622`, else OAuth's word such as `invalid_client`; undefined when there is none. */
  readonly code: string | undefined;
  /** The digits of an AADSTS code. */
  readonly aadsts: number | undefined;
  /** The authority's own words: one line, bounded, without the proof and without what is new in every answer. */
  readonly text: string;
  /** For the authority's support: belongs in the log, not in the message. */
  readonly correlationId: string | undefined;
  readonly traceId: string | undefined;
}

const MAX_TEXT_CHARACTERS = 600;
/** Nothing is searched in more: the body may be as large as the client's cap. */
const MAX_READ_CHARACTERS = 16_384;
const NUMBERED = /^\s*((?:AADSTS|MSIS)(\d{1,9}))\b/;
/** What Entra ID adds at the end: with it, no two events of a pod would be alike. */
const TRAILER = / ?(?:Trace ID|Correlation ID|Timestamp): .*$/;
const TOKEN = /\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g;

/**
 * Reads an answer of the token endpoint or of discovery; never throws.
 * @param proof - the secret or assertion that was sent: an authority that echoes it must not bring it into a message
 * @see RFC 6749 section 5.2
 */
export function readRefusal(host: string, response: PipelineResponse, proof: string): Refusal {
  const body = parseObject(response.bodyAsText ?? "");
  const description = textOf(body.get("error_description"));
  const [, numbered, digits] = NUMBERED.exec(description) ?? [];
  const isAadsts = numbered?.startsWith("AADSTS") ?? false;
  const word = unlessProof(textOf(body.get("error")), proof);
  return {
    host,
    status: response.status,
    code: numbered ?? (/^[\w.-]{1,64}$/.test(word) ? word : undefined),
    aadsts: isAadsts ? Number(digits) : undefined,
    text: cleanText(withoutProof(description, proof).replace(NUMBERED, "").replace(/^:\s*/, "")),
    correlationId: idOf(unlessProof(textOf(body.get("correlation_id")), proof)),
    traceId: idOf(unlessProof(textOf(body.get("trace_id")), proof)),
  };
}

function parseObject(json: string): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null) return new Map(Object.entries(value));
  } catch {
    // Not what RFC 6749 asks for; the status alone must do.
  }
  return new Map();
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.slice(0, MAX_READ_CHARACTERS) : "";
}

function idOf(text: string): string | undefined {
  return /^[\w-]{1,64}$/.test(text) ? text : undefined;
}

/** A proof shorter than this would be given away by where it is missing. */
const MIN_PROOF_CHARACTERS = 8;

function withoutProof(text: string, proof: string): string {
  // As it is, and as the form of the request carries it; half a surrogate pair cannot be encoded.
  const encoded = isWellFormed(proof) ? encodeURIComponent(proof) : proof;
  const forms = new Set([proof, encoded, new URLSearchParams({ p: proof }).toString().slice(2)]);
  if (proof.length < MIN_PROOF_CHARACTERS && proof !== "" && [...forms].some((form) => text.includes(form)))
    return "";
  return [...forms]
    .filter((form) => form !== "")
    .reduce((rest, form) => rest.replaceAll(form, "[removed]"), text);
}

/** A word or an id; empty where it holds the proof, which has the form of one. A short proof is part of many words. */
function unlessProof(text: string, proof: string): string {
  const holdsProof = proof.length < MIN_PROOF_CHARACTERS ? text === proof : text.includes(proof);
  return holdsProof ? "" : text;
}

/**
 * Another party's words for a message: one line, at most 600 characters, without anything like a token and without ids
 * that differ in every answer.
 */
export function cleanText(text: string): string {
  const line = text
    .slice(0, MAX_READ_CHARACTERS)
    .replace(TOKEN, "[removed]")
    .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replace(TRAILER, "")
    .trim();
  return line.length > MAX_TEXT_CHARACTERS ? `${line.slice(0, MAX_TEXT_CHARACTERS)}…` : line;
}
