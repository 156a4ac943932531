import type { EmulatorProcess } from "../emulator/emulator-process.js";
import type { World } from "../emulator/protocol.js";
import { BareClient } from "./bare-client.js";
import { drive } from "./drive.js";
import type { Ceiling } from "./ceiling.js";

const READERS = 64;
const SIGNERS = 16;

/** What the embedded vault gives a bare HTTPS client, with and without a delay. */
export async function measureVault(
  emulator: EmulatorProcess,
  forMs: number,
  signal: AbortSignal,
): Promise<Ceiling[]> {
  const spec = { objects: 1, objectBytes: 32, principals: 1, podsPerPrincipal: 1 };
  const ceilings: Ceiling[] = [];
  for (const delayMs of [0, 20]) {
    const world = await emulator.openWorld({ world: spec, behaviour: { delayMs } });
    const client = new BareClient(emulator.address, READERS);
    try {
      const read = await reader(client, world);
      const measure = async (name: string, once: () => Promise<unknown>, concurrency: number) =>
        await drive(emulator, {
          what: `${name}, ${concurrency} at a time, vault at ${delayMs} ms`,
          once,
          concurrency,
          forMs,
          signal,
        });
      await measure("warm-up", read, READERS);
      ceilings.push(await measure("reads", read, READERS), await measure("reads", read, 1));
      if (delayMs === 0) {
        ceilings.push(await measure("sign-ins", () => signIn(client, world), SIGNERS));
      }
    } finally {
      client.close();
    }
  }
  return ceilings;
}

/** Signs in, and reads the same object each time that it is called. */
async function reader(client: BareClient, world: World): Promise<() => Promise<unknown>> {
  const token = readAccessToken(await signIn(client, world));
  return () =>
    client.send({
      host: `${world.vaultName}.vault.azure.net`,
      path: "/secrets/object-0?api-version=7.4",
      method: "GET",
      headers: { Authorization: `Bearer ${token}` },
    });
}

async function signIn(client: BareClient, world: World): Promise<string> {
  const [pod] = world.pods;
  return await client.send({
    host: "login.microsoftonline.com",
    path: `/${world.tenantId}/oauth2/v2.0/token`,
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: pod?.clientId ?? "",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: pod?.token ?? "",
      scope: "https://vault.azure.net/.default",
    }).toString(),
  });
}

function readAccessToken(body: string): string {
  const { access_token: token } = JSON.parse(body) as { access_token?: unknown };
  if (typeof token !== "string") throw new Error("the token endpoint answered without a token");
  return token;
}
