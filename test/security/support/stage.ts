import { writeFile } from "node:fs/promises";
import path from "node:path";
import { startEmulator, type Emulator } from "../../../emulator/emulator.js";
import { startImds, type ImdsDouble } from "../../../emulator/imds/imds-double.js";
import { startNmi, type NmiDouble } from "../../../emulator/nmi/nmi-double.js";
import { World } from "../../support/world.js";

/** A cloud that somebody else runs, whose authority gives out tokens for vaults of the public cloud. */
export const OTHER_AUTHORITY = "login.stack.example";
export const OTHER_SUFFIX = "vault.stack.example";
export const PUBLIC_AUTHORITY = "login.microsoftonline.com";
export const PUBLIC_SUFFIX = "vault.azure.net";
const AUDIENCE = "https://vault.azure.net";

/** The services that all stages share. */
export interface Services {
  readonly emulator: Emulator;
  readonly imds: ImdsDouble;
  readonly nmi: NmiDouble;
}

export async function startServices(): Promise<Services> {
  const emulator = await startEmulator({
    clouds: [{ authorityHosts: [OTHER_AUTHORITY], vaultSuffix: OTHER_SUFFIX, vaultAudience: AUDIENCE }],
  });
  const directory = emulator.entra;
  return { emulator, imds: await startImds({ directory }), nmi: await startNmi({ directory }) };
}

export async function stopServices({ emulator, imds, nmi }: Services): Promise<void> {
  await Promise.all([emulator.close(), imds.close(), nmi.close()]);
}

/** One provider, right or broken, and the services that it reaches. */
export interface Stage extends Services {
  readonly world: World;
  /** Writes an AzureStackCloud environment file where the provider can read it. @returns its path */
  environmentFile(authority: string, suffix: string): Promise<string>;
}

/** @param programPath - of a broken provider; the built one by default */
export async function startStage(services: Services, programPath?: string): Promise<Stage> {
  const world = await World.start({
    sharedEmulator: services.emulator,
    ...(programPath === undefined ? {} : { programPath }),
    env: {
      NODE_OPTIONS: `--require=${path.resolve("test/security/support/node-services.cjs")}`,
      TEST_IMDS_PORT: String(services.imds.port),
      TEST_NMI_PORT: String(services.nmi.port),
    },
  });
  return {
    ...services,
    world,
    environmentFile: async (authority, suffix) => {
      const file = path.join(world.folder, `${authority}-${suffix}.json`);
      await writeFile(
        file,
        JSON.stringify({
          activeDirectoryEndpoint: `https://${authority}/`,
          keyVaultDNSSuffix: suffix,
          resourceIdentifiers: { keyVault: AUDIENCE },
        }),
      );
      return file;
    },
  };
}
