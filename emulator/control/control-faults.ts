import { randomUUID } from "node:crypto";
import type { Effect, FaultFilter, FaultHandle } from "../emulator.js";
import { SeedError } from "../seed/shape.js";
import type { Fields } from "../seed/shape.js";
import { NotThere } from "./control-routes.js";
import type { ControlCall, ControlState } from "./control-routes.js";
import { REQUEST_KINDS } from "./control-requests.js";

/** The effects that can be told in JSON, each with how its fields are read. */
const EFFECTS: Readonly<Record<string, (fields: Fields) => Effect>> = {
  delay: (fields) => ({
    kind: "delay",
    delayMs: numberOf(fields, "delayMs"),
    ...optionalNumber(fields, "jitterMs"),
  }),
  throttled: (fields) => ({ kind: "throttled", ...optionalNumber(fields, "retryAfterSeconds") }),
  throttle: (fields) => ({
    kind: "throttle",
    limit: numberOf(fields, "limit"),
    ...optionalNumber(fields, "windowMs"),
    ...optionalNumber(fields, "retryAfterSeconds"),
  }),
  unavailable: (fields) => ({ kind: "unavailable", ...optionalNumber(fields, "retryAfterSeconds") }),
  answer: (fields) => ({
    kind: "answer",
    status: numberOf(fields, "status"),
    ...optionalText(fields, "body"),
  }),
  rejectToken: (fields) => ({ kind: "rejectToken", ...optionalText(fields, "message") }),
  garbage: () => ({ kind: "garbage" }),
  hang: () => ({ kind: "hang" }),
  reset: () => ({ kind: "reset" }),
  truncate: () => ({ kind: "truncate" }),
  tls: (fields) => ({
    kind: "tls",
    fault: fields.optionalChoice("fault", ["unknownAuthority", "expired", "wrongName", "reset"]) ?? "reset",
  }),
};

/** Switches a fault on: the fields of its effect, with `kind`, and in `for` those of the filter. */
export function addFault(state: ControlState, { fields }: ControlCall): unknown {
  const kind = fields.text("kind");
  const read = Object.hasOwn(EFFECTS, kind) ? EFFECTS[kind] : undefined;
  if (read === undefined) throw new SeedError(`kind must be one of ${Object.keys(EFFECTS).join(", ")}`);
  const effect = read(fields);
  const filter = fields.optionalMapping("for", readFilter) ?? {};
  fields.finish();
  const id = randomUUID();
  state.faults.set(id, state.emulator.faults.add(effect, filter));
  return { id };
}

/** The fault that a path names. */
export function faultOf(state: ControlState, at: ControlCall["at"]): FaultHandle {
  const fault = state.faults.get(at["id"] ?? "");
  if (fault === undefined) throw new NotThere("no fault of this id is switched on");
  return fault;
}

function readFilter(fields: Fields): FaultFilter {
  const kind = fields.optionalChoice("kind", REQUEST_KINDS);
  return {
    ...optionalText(fields, "host"),
    ...optionalText(fields, "path"),
    ...optionalText(fields, "method"),
    ...(kind === undefined ? {} : { kind }),
    ...optionalNumber(fields, "skip"),
    ...optionalNumber(fields, "times"),
  };
}

function numberOf(fields: Fields, name: string): number {
  const value = fields.optionalNumber(name);
  if (value === undefined) throw new SeedError(`${name} is missing`);
  return value;
}

function optionalNumber<Name extends string>(fields: Fields, name: Name): Partial<Record<Name, number>> {
  const value = fields.optionalNumber(name);
  return value === undefined ? {} : ({ [name]: value } as Partial<Record<Name, number>>);
}

function optionalText<Name extends string>(fields: Fields, name: Name): Partial<Record<Name, string>> {
  const value = fields.optionalText(name);
  return value === undefined ? {} : ({ [name]: value } as Partial<Record<Name, string>>);
}
