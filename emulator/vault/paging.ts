import { jsonAnswer } from "../http/answer.js";
import type { Answer } from "../http/answer.js";
import type { Call } from "../http/call.js";
import { vaultError } from "./errors.js";

/** Entries of a page unless `maxresults` asks for fewer; the service never gives more. */
export const PAGE_SIZE = 25;

/**
 * One page of a list, with `nextLink` when more follows (`null` on the last page, as the service writes it). The place
 * to go on from travels in `$skiptoken`.
 * @param isSparse - puts an empty page with a link before every full one
 */
export function answerPage(call: Call, items: readonly unknown[], isSparse: boolean): Answer {
  const asked = call.query.get("maxresults");
  const size = asked === null ? PAGE_SIZE : Number(asked);
  if (!Number.isInteger(size) || size < 1 || size > PAGE_SIZE) {
    return vaultError(
      400,
      "BadParameter",
      `The maxresults parameter is out of range: it must be between 1 and ${PAGE_SIZE}.`,
    );
  }
  const token = call.query.get("$skiptoken");
  const position = token === null ? { start: 0, isPaused: !isSparse } : readSkipToken(token);
  if (position === undefined) return vaultError(400, "BadParameter", "The skiptoken is invalid.");
  const { start, isPaused } = position;
  if (isSparse && !isPaused) return page([], nextLink(call, asked, { start, isPaused: true }));
  const end = start + size;
  const next = end < items.length ? nextLink(call, asked, { start: end, isPaused: !isSparse }) : null;
  return page(items.slice(start, end), next);
}

/** Where to go on from, and whether the empty page before it has been shown. */
interface Position {
  readonly start: number;
  readonly isPaused: boolean;
}

function page(value: readonly unknown[], next: string | null): Answer {
  return jsonAnswer(200, { value, nextLink: next });
}

/** Spelt as the service does: with the port even when it is 443, and with a bare `$`. */
function nextLink(call: Call, asked: string | null, position: Position): string {
  const host = /:\d+$/.test(call.host) ? call.host : `${call.host}:443`;
  const apiVersion = call.query.get("api-version") ?? "";
  const size = asked === null ? "" : `&maxresults=${asked}`;
  return `https://${host}${call.path.replace(/\/$/, "")}?api-version=${apiVersion}&$skiptoken=${writeSkipToken(position)}${size}`;
}

/** Base64url of JSON, of the service's form; the marker in it is our own. */
function writeSkipToken({ start, isPaused }: Position): string {
  const marker = `${isPaused ? 2 : 1}!${start}`;
  return Buffer.from(JSON.stringify({ NextMarker: marker, TargetLocation: 0 })).toString("base64url");
}

function readSkipToken(token: string): Position | undefined {
  const text = Buffer.from(token, "base64url").toString("utf8");
  const [, pause, start] = /^\{"NextMarker":"([12])!(\d{1,9})"/.exec(text) ?? [];
  return start === undefined ? undefined : { start: Number(start), isPaused: pause === "2" };
}
