import protobuf from "protobufjs/minimal.js";

/** Where a function stands in its script. Lines and columns count from 1; 0 is unknown. */
export interface Frame {
  readonly functionName: string;
  readonly scriptUrl: string;
  readonly line: number;
  readonly column: number;
}

/** What was measured while one stack was seen. */
export interface Stack {
  /** The innermost first. */
  readonly frames: readonly Frame[];
  /** One whole number for each of the profile's `measures`, in their order. */
  readonly values: readonly number[];
}

/** For example `{ type: "cpu", unit: "nanoseconds" }`. */
export interface Measure {
  readonly type: string;
  readonly unit: string;
}

export interface Profile {
  readonly measures: readonly Measure[];
  /** Of which one sample was taken every `period`. */
  readonly periodMeasure: Measure;
  readonly period: number;
  readonly stacks: readonly Stack[];
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly durationMs: number;
}

/** Names longer than this are cut. */
const MAX_NAME_LENGTH = 256;
const UNNAMED = "(anonymous)";

/** Field numbers of pprof's messages, so far as they are written here. */
const PROFILE = {
  sampleType: 1,
  sample: 2,
  mapping: 3,
  location: 4,
  function: 5,
  stringTable: 6,
  timeNanos: 9,
  durationNanos: 10,
  periodType: 11,
  period: 12,
} as const;
const VALUE_TYPE = { type: 1, unit: 2 } as const;
const SAMPLE = { locationId: 1, value: 2 } as const;
const MAPPING = { id: 1, filename: 5, hasFunctions: 7, hasFilenames: 8, hasLineNumbers: 9 } as const;
const LOCATION = { id: 1, mappingId: 2, line: 4 } as const;
const LINE = { functionId: 1, line: 2, column: 3 } as const;
const FUNCTION = { id: 1, name: 2, systemName: 3, filename: 4, startLine: 5 } as const;

/**
 * A profile as pprof's protobuf message, not yet compressed.
 * @see https://github.com/google/pprof/blob/main/proto/profile.proto
 */
export function encodePprof(profile: Profile): Uint8Array {
  const out = protobuf.Writer.create();
  const strings = new Strings();
  const measure = ({ type, unit }: Measure): Fields => [
    [VALUE_TYPE.type, strings.id(type)],
    [VALUE_TYPE.unit, strings.id(unit)],
  ];
  for (const each of profile.measures) writeMessage(out, PROFILE.sampleType, measure(each));

  const locations = new Map<string, { readonly id: number; readonly frame: Frame }>();
  const locate = (frame: Frame): number => {
    const key = JSON.stringify([frame.functionName, frame.scriptUrl, frame.line, frame.column]);
    const known = locations.get(key) ?? { id: locations.size + 1, frame };
    locations.set(key, known);
    return known.id;
  };
  for (const { frames, values } of profile.stacks) {
    writeMessage(out, PROFILE.sample, [
      ...frames.map((frame): Field => [SAMPLE.locationId, locate(frame)]),
      ...values.map((value): Field => [SAMPLE.value, value]),
    ]);
  }
  // One mapping that says that the names are all there: a reader then looks for no binary to find them in.
  writeMessage(out, PROFILE.mapping, [
    [MAPPING.id, 1],
    [MAPPING.filename, strings.id("provider")],
    [MAPPING.hasFunctions, 1],
    [MAPPING.hasFilenames, 1],
    [MAPPING.hasLineNumbers, 1],
  ]);
  for (const { id, frame } of locations.values()) {
    const name = strings.id(frame.functionName === "" ? UNNAMED : frame.functionName);
    const line: Fields = [
      [LINE.functionId, id],
      [LINE.line, frame.line],
      [LINE.column, frame.column],
    ];
    writeMessage(out, PROFILE.location, [
      [LOCATION.id, id],
      [LOCATION.mappingId, 1],
      [LOCATION.line, line],
    ]);
    writeMessage(out, PROFILE.function, [
      [FUNCTION.id, id],
      [FUNCTION.name, name],
      [FUNCTION.systemName, name],
      [FUNCTION.filename, strings.id(frame.scriptUrl)],
      [FUNCTION.startLine, frame.line],
    ]);
  }
  writeField(out, [PROFILE.timeNanos, Math.round(profile.startedAtMs) * 1e6]);
  writeField(out, [PROFILE.durationNanos, Math.round(profile.durationMs) * 1e6]);
  writeMessage(out, PROFILE.periodType, measure(profile.periodMeasure));
  writeField(out, [PROFILE.period, profile.period]);
  for (const text of strings.all) out.uint32(tag(PROFILE.stringTable, LENGTH_DELIMITED)).string(text);
  return out.finish();
}

/** Each text once; the first is empty, as pprof wants it. */
class Strings {
  readonly #ids = new Map([["", 0]]);

  id(text: string): number {
    const cut = text.slice(0, MAX_NAME_LENGTH);
    const id = this.#ids.get(cut) ?? this.#ids.size;
    this.#ids.set(cut, id);
    return id;
  }

  get all(): Iterable<string> {
    return this.#ids.keys();
  }
}

type Field = readonly [number: number, value: number | Fields];
type Fields = readonly Field[];

const VARINT = 0;
const LENGTH_DELIMITED = 2;

function tag(field: number, wireType: number): number {
  return ((field << 3) | wireType) >>> 0;
}

function writeMessage(out: protobuf.Writer, field: number, fields: Fields): void {
  out.uint32(tag(field, LENGTH_DELIMITED)).fork();
  for (const each of fields) writeField(out, each);
  out.ldelim();
}

function writeField(out: protobuf.Writer, [field, value]: Field): void {
  if (typeof value === "number") out.uint32(tag(field, VARINT)).int64(value);
  else writeMessage(out, field, value);
}
