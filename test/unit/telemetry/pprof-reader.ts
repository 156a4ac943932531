import protobuf from "protobufjs";

/**
 * The messages that a reader of pprof needs, under the names and numbers of its own profile.proto.
 * @see https://github.com/google/pprof/blob/main/proto/profile.proto
 */
const SCHEMA = `
syntax = "proto3";
message Profile {
  repeated ValueType sample_type = 1;
  repeated Sample sample = 2;
  repeated Mapping mapping = 3;
  repeated Location location = 4;
  repeated Function function = 5;
  repeated string string_table = 6;
  int64 time_nanos = 9;
  int64 duration_nanos = 10;
  ValueType period_type = 11;
  int64 period = 12;
}
message ValueType { int64 type = 1; int64 unit = 2; }
message Sample { repeated uint64 location_id = 1; repeated int64 value = 2; }
message Mapping { uint64 id = 1; int64 filename = 5; bool has_functions = 7; bool has_filenames = 8; bool has_line_numbers = 9; }
message Location { uint64 id = 1; uint64 mapping_id = 2; repeated Line line = 4; }
message Line { uint64 function_id = 1; int64 line = 2; int64 column = 3; }
message Function { uint64 id = 1; int64 name = 2; int64 system_name = 3; int64 filename = 4; int64 start_line = 5; }
`;
const TYPE = protobuf.parse(SCHEMA).root.lookupType("Profile");

interface RawProfile {
  readonly sampleType: readonly { readonly type: number; readonly unit: number }[];
  readonly sample: readonly { readonly locationId: readonly number[]; readonly value: readonly number[] }[];
  readonly location: readonly {
    readonly id: number;
    readonly line: readonly { readonly functionId: number; readonly line: number; readonly column: number }[];
  }[];
  readonly function: readonly { readonly id: number; readonly name: number; readonly filename: number }[];
  readonly stringTable: readonly string[];
  readonly timeNanos: number;
  readonly durationNanos: number;
  readonly periodType: { readonly type: number; readonly unit: number };
  readonly period: number;
}

export interface ReadProfile {
  /** As `cpu/nanoseconds`. */
  readonly measures: readonly string[];
  readonly period: string;
  /** Frames as `name url:line:column`, the innermost first. */
  readonly samples: readonly { readonly frames: readonly string[]; readonly values: readonly number[] }[];
  readonly strings: readonly string[];
  readonly timeNanos: number;
  readonly durationNanos: number;
}

/** Reads a profile that has been decompressed, by the names of the schema. */
export function readPprof(bytes: Uint8Array): ReadProfile {
  const raw = TYPE.toObject(TYPE.decode(bytes), { longs: Number, defaults: true }) as RawProfile;
  const text = (index: number): string => {
    const found = raw.stringTable[index];
    if (found === undefined) throw new Error(`no string ${index}`);
    return found;
  };
  const measure = ({ type, unit }: { type: number; unit: number }): string => `${text(type)}/${text(unit)}`;
  const functions = new Map(raw.function.map((each) => [each.id, each]));
  const frames = new Map(
    raw.location.map(({ id, line: [line] }) => {
      const called = functions.get(line?.functionId ?? 0);
      if (line === undefined || called === undefined) throw new Error(`no function at location ${id}`);
      return [id, `${text(called.name)} ${text(called.filename)}:${line.line}:${line.column}`];
    }),
  );
  return {
    measures: raw.sampleType.map(measure),
    period: `${raw.period} ${measure(raw.periodType)}`,
    samples: raw.sample.map(({ locationId, value }) => ({
      frames: locationId.map((id) => {
        const frame = frames.get(id);
        if (frame === undefined) throw new Error(`no location ${id}`);
        return frame;
      }),
      values: value,
    })),
    strings: raw.stringTable,
    timeNanos: raw.timeNanos,
    durationNanos: raw.durationNanos,
  };
}
