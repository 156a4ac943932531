import { parse } from "yaml";
import type { Emulator, FaultHandle } from "../emulator.js";
import type { Call } from "../http/call.js";
import type { ImdsDouble } from "../imds/imds-double.js";
import { readSeed } from "../seed/seed.js";
import { Fields, SeedError } from "../seed/shape.js";
import { addFault, faultOf } from "./control-faults.js";
import { assignIdentity, removeIdentity } from "./control-imds.js";
import { countBy, countsOf, newestOf } from "./control-requests.js";
import * as vaults from "./control-vaults.js";

/** What a control port works on. */
export interface ControlState {
  readonly emulator: Emulator;
  /** Suffix of the vaults that are meant by name alone. */
  readonly suffix: string | undefined;
  readonly clusterIssuer: string | undefined;
  /** The metadata service that stands beside, if there is one. */
  readonly imds: ImdsDouble | undefined;
  /** Faults that were switched on by this port, by the id that it gave. */
  readonly faults: Map<string, FaultHandle>;
}

/** Thrown for a path that nothing stands under. */
export class NotThere extends Error {
  override readonly name = "NotThere";
}

/** One request, taken apart. */
export interface ControlCall {
  /** What stood in the place of the path's `:names`. */
  readonly at: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The body's fields; an empty body has none. */
  readonly fields: Fields;
  readonly text: string;
}

type Handler = (state: ControlState, call: ControlCall) => unknown;

/** Everything that the port takes: what is answered goes out as JSON. */
const ROUTES: readonly (readonly [route: string, handler: Handler])[] = [
  ["POST /seed", sowSeed],
  ["POST /vaults/:vault/secrets/:name", vaults.setSecret],
  ["POST /vaults/:vault/keys/:name", vaults.createKey],
  ["POST /vaults/:vault/certificates/:name", vaults.createCertificate],
  ["GET /vaults/:vault/:collection/:name", vaults.listVersions],
  ["POST /vaults/:vault/:collection/:name/:version", vaults.setEnabled],
  ["POST /vaults/:vault/grants/:clientId", vaults.grant],
  ["DELETE /vaults/:vault/grants/:clientId", vaults.revoke],
  ["DELETE /vaults/:vault/:collection/:name", vaults.deleteObject],
  ["DELETE /vaults/:vault", vaults.deleteVault],
  ["POST /imds/:clientId", assignIdentity],
  ["DELETE /imds/:clientId", removeIdentity],
  ["POST /faults", addFault],
  ["GET /faults/:id", (state, { at }) => ({ hits: faultOf(state, at).hits })],
  ["DELETE /faults/:id", removeFault],
  ["DELETE /faults", clearFaults],
  ["GET /requests", (state, { query }) => newestOf(state.emulator.requests, query)],
  ["GET /requests/counts", (state, { query }) => countsOf(state.emulator.requests, query)],
  ["GET /requests/count-by/:property", (state, { at, query }) => countBy(state.emulator.requests, at, query)],
  ["DELETE /requests", resetRequests],
];

/**
 * Does what a request of the control port says.
 * @throws {NotThere} for another path, or for something that is not in the emulator
 * @throws {SeedError} for a body that says something else than it may
 */
export function answerControl(state: ControlState, call: Call): unknown {
  for (const [route, handler] of ROUTES) {
    const at = matchRoute(route, `${call.method} ${call.path}`);
    if (at === undefined) continue;
    // A seed is read by its own reader.
    const fields = new Fields(route === "POST /seed" ? {} : parseBody(call.body), "");
    const answer = handler(state, { at, query: call.query, fields, text: call.body });
    fields.finish();
    return answer;
  }
  throw new NotThere(`no such path; known are ${ROUTES.map(([route]) => route).join(", ")}`);
}

function matchRoute(route: string, target: string): Record<string, string> | undefined {
  const wanted = route.split("/");
  const given = target.split("/");
  if (wanted.length !== given.length) return undefined;
  const at: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const found = given[index] ?? "";
    if (part.startsWith(":") && found !== "") at[part.slice(1)] = decodeURIComponent(found);
    else if (part !== found) return undefined;
  }
  return at;
}

function parseBody(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 }) ?? {};
  } catch {
    throw new SeedError("the body is not well-formed JSON or YAML");
  }
}

/** Tenants, vaults, issuers, as in the file that the emulator starts with; its ports and clouds stay. */
function sowSeed({ emulator, clusterIssuer }: ControlState, { text }: ControlCall): unknown {
  readSeed(text, clusterIssuer).sow(emulator);
  return {};
}

function removeFault(state: ControlState, { at }: ControlCall): unknown {
  const fault = faultOf(state, at);
  fault.remove();
  state.faults.delete(at["id"] ?? "");
  return { hits: fault.hits };
}

function clearFaults({ emulator, faults }: ControlState): unknown {
  emulator.faults.clear();
  faults.clear();
  return {};
}

function resetRequests({ emulator }: ControlState): unknown {
  emulator.requests.reset();
  return {};
}
