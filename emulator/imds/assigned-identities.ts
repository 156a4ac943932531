import type { Principal } from "../entra/principal.js";

/** One managed identity of a virtual machine. */
export interface AssignedIdentity {
  readonly principal: Principal;
  /** `/subscriptions/…/userAssignedIdentities/<name>`, or the machine's own id for the system-assigned one. */
  readonly resourceId: string;
}

/** How a request names an identity. */
export interface IdentityQuery {
  readonly clientId: string | null;
  readonly resourceId: string | null;
}

const GROUP = "/subscriptions/5e0f3d3c-9c1c-4b34-9d0e-0a8b3c8f3a10/resourceGroups/MC_shop";

/** The managed identities of one virtual machine, and which of them a request gets. */
export class AssignedIdentities {
  #system: AssignedIdentity | undefined;
  readonly #users = new Map<string, AssignedIdentity>();

  /** Switches the system-assigned identity on. */
  assignSystem(principal: Principal): void {
    this.#system = {
      principal,
      resourceId: `${GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/nodes`,
    };
  }

  removeSystem(): void {
    this.#system = undefined;
  }

  /** Assigns a user-assigned identity. @returns its resource id */
  assignUser(principal: Principal, name = "identity"): string {
    const resourceId = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
    this.#users.set(principal.clientId.toLowerCase(), { principal, resourceId });
    return resourceId;
  }

  removeUser(clientId: string): void {
    this.#users.delete(clientId.toLowerCase());
  }

  /**
   * The identity that the service gives a token of, or its words for why it does not. Without a name: the
   * system-assigned one, else the user-assigned one when it is the only one.
   */
  find({ clientId, resourceId }: IdentityQuery): AssignedIdentity | { readonly problem: string } {
    const notFound = { problem: "Identity not found" };
    const users = [...this.#users.values()];
    if (clientId !== null) {
      const ofMachine = [...users, ...(this.#system === undefined ? [] : [this.#system])];
      return (
        ofMachine.find(({ principal }) => principal.clientId.toLowerCase() === clientId.toLowerCase()) ??
        notFound
      );
    }
    if (resourceId !== null) {
      return users.find((user) => user.resourceId.toLowerCase() === resourceId.toLowerCase()) ?? notFound;
    }
    if (this.#system !== undefined) return this.#system;
    if (users.length > 1) {
      return {
        problem:
          "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request",
      };
    }
    return users[0] ?? notFound;
  }
}
