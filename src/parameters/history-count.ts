import { parseGoInteger } from "../model/go-scalars.js";

const MAX_INT32 = 0x7fff_ffff;
const MIN_INT32 = -0x8000_0000;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/**
 * Reads objectVersionHistory as yaml.v3 reads an int32: `5`, `0x5`, `0b101`, `05`, `0o5`, `1_0`; of `5.9` and `5e0` the
 * whole part. Undefined for anything else and beyond 32 bits. However large, it is no more than "all versions".
 * @see https://pkg.go.dev/gopkg.in/yaml.v3 (resolve.go)
 */
export function parseHistoryCount(text: string): number | undefined {
  if (text === "") return 0;
  if (text.length > 64 || text.startsWith("_")) return undefined;
  const plain = text.replaceAll("_", "");
  const value = parseGoInteger(plain) ?? (FLOAT.test(plain) ? Math.trunc(Number(plain)) : undefined);
  if (value === undefined || value > MAX_INT32 || value < MIN_INT32) return undefined;
  return value === 0 ? 0 : value; // no -0
}
