import { jsonAnswer } from "../http/answer.js";
import type { Answer } from "../http/answer.js";
import type { Call } from "../http/call.js";
import { vaultError } from "./errors.js";

/** Entries of a page unless `maxresults` asks for fewer; the service never gives more. */
export const PAGE_SIZE = 25;

/**
 * One page of a list, with `nextLink` when more follows (`null` on the last page, as the service writes it). The place
 * to go on from travels in `$skiptoken`.
 */
export function answerPage(call: Call, items: readonly unknown[]): Answer {
  const asked = call.query.get("maxresults");
  const size = asked === null ? PAGE_SIZE : Number(asked);
  if (!Number.isInteger(size) || size < 1 || size > PAGE_SIZE) {
    return vaultError(
      400,
      "BadParameter",
      `Invalid value for maxresults: it must be between 1 and ${PAGE_SIZE}.`,
    );
  }
  const token = call.query.get("$skiptoken");
  const start = token === null ? 0 : readSkipToken(token);
  if (start === undefined) return vaultError(400, "BadParameter", "The skiptoken is invalid.");
  const end = start + size;
  return jsonAnswer(200, {
    value: items.slice(start, end),
    nextLink: end < items.length ? nextLink(call, asked, end) : null,
  });
}

/** Spelt as the service does: with the port even when it is 443, and with a bare `$`. */
function nextLink(call: Call, asked: string | null, start: number): string {
  const host = /:\d+$/.test(call.host) ? call.host : `${call.host}:443`;
  const apiVersion = call.query.get("api-version") ?? "";
  const size = asked === null ? "" : `&maxresults=${asked}`;
  return `https://${host}${call.path.replace(/\/$/, "")}?api-version=${apiVersion}&$skiptoken=${writeSkipToken(start)}${size}`;
}

function writeSkipToken(start: number): string {
  return Buffer.from(JSON.stringify({ NextMarker: String(start), TargetLocation: 0 })).toString("base64url");
}

function readSkipToken(token: string): number | undefined {
  const start = /^\{"NextMarker":"(\d{1,9})"/.exec(Buffer.from(token, "base64url").toString("utf8"))?.[1];
  return start === undefined ? undefined : Number(start);
}
