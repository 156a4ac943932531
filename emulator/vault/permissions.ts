import type { Principal } from "../entra/principal.js";
import type { ObjectType } from "./object-type.js";

export type Operation = "get" | "list";

/** What one principal may do, per kind of object. */
export interface Grant {
  readonly secrets?: readonly Operation[];
  readonly keys?: readonly Operation[];
  readonly certificates?: readonly Operation[];
  /** Only objects of these names (as RBAC on single objects); default all. Listing is then not possible. */
  readonly names?: readonly string[];
}

/** Whom a grant is for: an application of the vault's tenant, or a service principal by its object id. */
export type Grantee = { readonly clientId: string } | { readonly objectId: string };

const EVERYTHING: Grant = {
  secrets: ["get", "list"],
  keys: ["get", "list"],
  certificates: ["get", "list"],
};

/** Who may do what in one vault; nobody may do anything until told. */
export class Permissions {
  readonly #grants = new Map<string, Grant[]>();

  grant(grantee: Grantee, grant: Grant = EVERYTHING): void {
    const key = keyOf(grantee);
    this.#grants.set(key, [...(this.#grants.get(key) ?? []), grant]);
  }

  /** Takes away everything that was granted under this id. */
  revoke(grantee: Grantee): void {
    this.#grants.delete(keyOf(grantee));
  }

  allows(principal: Principal, operation: Operation, type: ObjectType, name?: string): boolean {
    const grants = [
      ...(this.#grants.get(keyOf({ clientId: principal.clientId })) ?? []),
      ...(this.#grants.get(keyOf({ objectId: principal.objectId })) ?? []),
    ];
    return grants.some(
      (grant) =>
        operationsOf(grant, type).includes(operation) &&
        (grant.names === undefined ||
          (name !== undefined &&
            grant.names.some((granted) => granted.toLowerCase() === name.toLowerCase()))),
    );
  }
}

function operationsOf(grant: Grant, type: ObjectType): readonly Operation[] {
  switch (type) {
    case "secret":
      return grant.secrets ?? [];
    case "key":
      return grant.keys ?? [];
    case "cert":
      return grant.certificates ?? [];
  }
}

function keyOf(grantee: Grantee): string {
  return "clientId" in grantee
    ? `client ${grantee.clientId.toLowerCase()}`
    : `object ${grantee.objectId.toLowerCase()}`;
}
