import type { EmulatorProcess } from "../emulator/emulator-process.js";
import type { World } from "../emulator/protocol.js";
import { percentile } from "../measure/statistics.js";
import type { Scale } from "../scenario.js";
import { BareClient } from "./bare-client.js";

/** What the emulator gives a client that does nothing else: no provider can be faster. */
export interface Ceiling {
  readonly what: string;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Shares of the time, 0 to 1. */
  readonly emulatorBusy: number;
  readonly clientBusy: number;
}

const CONCURRENCY = 64;

/**
 * Measures the emulator with a bare HTTPS client. Also warms it up and makes its certificates, so that the first
 * provider does not pay for that.
 */
export async function measureCeiling(emulator: EmulatorProcess, scale: Scale): Promise<Ceiling[]> {
  const spec = { objects: 20, objectBytes: 32, principals: 1, podsPerPrincipal: 1 };
  const forMs = scale === "full" ? 3_000 : 500;
  const ceilings: Ceiling[] = [];
  for (const delayMs of [0, 20]) {
    const world = await emulator.openWorld({ world: spec, behaviour: { delayMs } });
    const client = new BareClient(emulator.address, CONCURRENCY);
    try {
      const token = readAccessToken(await signIn(client, world));
      const read = (): Promise<string> =>
        client.send({
          host: `${world.vaultName}.vault.azure.net`,
          path: "/secrets/object-0?api-version=7.4",
          method: "GET",
          headers: { Authorization: `Bearer ${token}` },
        });
      const at = `at ${delayMs} ms`;
      await drive(emulator, "warm-up", read, CONCURRENCY, forMs / 3);
      ceilings.push(await drive(emulator, `reads, 64 at a time, ${at}`, read, CONCURRENCY, forMs));
      ceilings.push(await drive(emulator, `reads, one at a time, ${at}`, read, 1, forMs));
      if (delayMs > 0) continue;
      ceilings.push(
        await drive(emulator, `sign-ins, 16 at a time, ${at}`, () => signIn(client, world), 16, forMs),
      );
    } finally {
      client.close();
    }
  }
  return ceilings;
}

async function drive(
  emulator: EmulatorProcess,
  what: string,
  once: () => Promise<unknown>,
  concurrency: number,
  forMs: number,
): Promise<Ceiling> {
  const latenciesMs: number[] = [];
  await emulator.tally();
  const busyBefore = performance.eventLoopUtilization();
  const startedAt = performance.now();
  const work = async (): Promise<void> => {
    while (performance.now() - startedAt < forMs) {
      const beganAt = performance.now();
      await once();
      latenciesMs.push(performance.now() - beganAt);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const seconds = (performance.now() - startedAt) / 1000;
  const clientBusy = performance.eventLoopUtilization(busyBefore).utilization;
  const { busy } = await emulator.tally();
  return {
    what,
    perSecond: latenciesMs.length / seconds,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    emulatorBusy: busy,
    clientBusy,
  };
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
