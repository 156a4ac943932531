import type { HttpClient } from "@azure/core-rest-pipeline";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import type { LocalIdentities } from "../../../src/identity/local-identities.js";

/** A JSON Web Token, or its beginning, in a text that must hold none. */
export const TOKEN_IN_TEXT = /eyJ[\w-]{8,}/;

/** The error that a promise rejects with; fails the test when it does not, or with another kind of error. */
export async function failureOf<Failure extends Error>(
  promise: Promise<unknown>,
  kind: new (...args: never[]) => Failure,
): Promise<Failure> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof kind) return error;
    throw new Error(`it failed otherwise: ${String(error)}`, { cause: error });
  }
  throw new Error("it did not fail");
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A client that must not be asked. */
export const NO_WAY_OUT: HttpClient = {
  sendRequest: (request) =>
    Promise.reject(new Error(`asked ${new URL(request.url).host} by the process's own client`)),
};

/** For identities that ask none of the node's own services. */
export const NO_LOCAL = {} as LocalIdentities;
