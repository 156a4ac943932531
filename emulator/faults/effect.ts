import type { AadstsNumber } from "../entra/errors.js";

/** Waits before anything else; several add up. The jitter is uniform, on top. */
export interface DelayEffect {
  readonly kind: "delay";
  readonly delayMs: number;
  readonly jitterMs?: number;
}

/** Another answer in the place of the right one. */
export type ReplacingEffect =
  /** An answer of one's own. An object as body is sent as JSON. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Readonly<Record<string, unknown>>;
    }
  /** 429 as the service throttles; without `retryAfterSeconds` the header is missing, which is the usual case. */
  | { readonly kind: "throttled"; readonly retryAfterSeconds?: number }
  /** As above, but only for what goes beyond `limit` requests in `windowMs` (default 10,000) to one host. */
  | {
      readonly kind: "throttle";
      readonly limit: number;
      readonly windowMs?: number;
      readonly retryAfterSeconds?: number;
    }
  /** 503 of a service that is out of order. */
  | { readonly kind: "unavailable"; readonly retryAfterSeconds?: number }
  /** 200 with a body that is no JSON, though the header says so. */
  | { readonly kind: "garbage" }
  /** Sends the client elsewhere; default status 307. */
  | { readonly kind: "redirect"; readonly location: string; readonly status?: 301 | 302 | 303 | 307 | 308 }
  /** 401 of continuous access evaluation: the token was good, but other claims are wanted now. */
  | { readonly kind: "claimsChallenge"; readonly claims?: string }
  /** 401 as for a token that the vault does not accept. */
  | { readonly kind: "rejectToken"; readonly message?: string }
  /** The token endpoint's error of this number, with the text given. */
  | { readonly kind: "signInError"; readonly number: AadstsNumber; readonly text: string };

/** The right answer with something changed in its JSON body; errors stay as they are. */
export type ChangingEffect =
  /** The body that the function makes of it. */
  | { readonly kind: "rewrite"; readonly change: (body: unknown) => unknown }
  /** The right page of a list, with this `nextLink`. */
  | { readonly kind: "nextLink"; readonly url: string }
  /** Every page of a list has a `nextLink`, and the next page is like the first. */
  | { readonly kind: "endlessPages" };

/** Something that happens to the connection. */
export type ConnectionEffect =
  /** Takes the request and never answers. */
  | { readonly kind: "hang" }
  /** Ends the connection instead of answering. */
  | { readonly kind: "reset" }
  /** Sends status, headers and half of the right body, then drops the connection. */
  | { readonly kind: "truncate" }
  /** 200 with a JSON string that never ends, or ends after so many bytes. */
  | { readonly kind: "hugeBody"; readonly bytes?: number }
  /** The right answer, one byte at a time. */
  | { readonly kind: "slowDrip"; readonly intervalMs: number };

/** Something wrong with the handshake; only `host` of the filter counts, and `skip` and `times`. */
export interface TlsEffect {
  readonly kind: "tls";
  readonly fault: TlsFault;
}

/** What may go wrong with one request. */
export type Effect = DelayEffect | ReplacingEffect | ChangingEffect | ConnectionEffect | TlsEffect;

const CHANGING: ReadonlySet<string> = new Set<ChangingEffect["kind"]>([
  "rewrite",
  "nextLink",
  "endlessPages",
]);
const CONNECTION: ReadonlySet<string> = new Set<ConnectionEffect["kind"]>([
  "hang",
  "reset",
  "truncate",
  "hugeBody",
  "slowDrip",
]);

export function isChanging(effect: Effect): effect is ChangingEffect {
  return CHANGING.has(effect.kind);
}

export function isOfConnection(effect: Effect): effect is ConnectionEffect {
  return CONNECTION.has(effect.kind);
}

export function isReplacing(effect: Effect): effect is ReplacingEffect {
  return effect.kind !== "delay" && effect.kind !== "tls" && !isChanging(effect) && !isOfConnection(effect);
}

/** A certificate of an authority that nobody trusts, an expired one, one for another name, or no handshake. */
export type TlsFault = "unknownAuthority" | "expired" | "wrongName" | "reset";
