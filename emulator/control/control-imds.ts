import { SeedError } from "../seed/shape.js";
import { NotThere } from "./control-routes.js";
import type { ControlCall, ControlState } from "./control-routes.js";

/** Gives the node an application as a managed identity: as its own (system), or as one more (user). */
export function assignIdentity(state: ControlState, { at, fields }: ControlCall): unknown {
  const identities = identitiesOf(state);
  const tenantId = fields.text("tenantId");
  const kind = fields.optionalChoice("kind", ["system", "user"]);
  fields.finish();
  if (kind === undefined) throw new SeedError("kind must be one of system, user");
  const { principal } = state.emulator.entra.tenant(tenantId).application({ clientId: at["clientId"] ?? "" });
  if (kind === "system") identities.assignSystem(principal);
  else identities.assignUser(principal, principal.clientId);
  return {};
}

/** Takes it away again; it stays an application. */
export function removeIdentity(state: ControlState, { at }: ControlCall): unknown {
  const identities = identitiesOf(state);
  const clientId = at["clientId"] ?? "";
  const system = identities.find({ clientId: null, resourceId: null });
  if (!("problem" in system) && system.principal.clientId === clientId.toLowerCase())
    identities.removeSystem();
  identities.removeUser(clientId);
  return {};
}

function identitiesOf({ imds }: ControlState): NonNullable<ControlState["imds"]>["identities"] {
  if (imds === undefined) throw new NotThere("the emulator was started without --imds-port");
  return imds.identities;
}
