import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { startEmulator, type Emulator } from "../../emulator/emulator.js";
import type { EmulatorOptions } from "../../emulator/options.js";
import { Pod, type PodOptions } from "./pod.js";
import { ProviderProcess } from "./provider-process.js";
import { assertNothingLeaks } from "./secrecy.js";

export interface WorldOptions {
  /** Flags of the provider, beside `-v=10`. */
  readonly flags?: readonly string[];
  /** Environment of the provider, beside the way to the emulator. */
  readonly env?: Readonly<Record<string, string>>;
  readonly emulator?: EmulatorOptions;
  /** One that runs already, for several worlds; it goes on when they stop. */
  readonly sharedEmulator?: Emulator;
  /** The provider's socket, where a driver looks for it; default one in a folder of its own. */
  readonly socketPath?: string;
  /** The provider's program, if it is not `dist/provider.js`. */
  readonly programPath?: string;
}

/**
 * One embedded Key Vault and Entra ID, and one built provider that reaches them as any installation would: through a
 * proxy, trusting one more certificate authority. Everything that the provider says is kept, and searched at the end.
 */
export class World {
  readonly emulator: Emulator;
  readonly provider: ProviderProcess;
  /** Holds the emulator's authority; tests may put their own files here. */
  readonly folder: string;
  /** The cluster's service-account issuer. */
  readonly issuerUrl = `https://oidc.cluster.example/${randomUUID()}/`;
  readonly #saidToDriver: string[] = [];
  readonly #closeEmulator: () => Promise<void>;
  #podCount = 0;

  private constructor(
    emulator: Emulator,
    provider: ProviderProcess,
    folder: string,
    closeEmulator: () => Promise<void>,
  ) {
    this.emulator = emulator;
    this.provider = provider;
    this.folder = folder;
    this.#closeEmulator = closeEmulator;
  }

  static async start(options: WorldOptions = {}): Promise<World> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-world-"));
    const { sharedEmulator } = options;
    const emulator = sharedEmulator ?? (await startEmulator(options.emulator));
    const closeEmulator = async (): Promise<void> => {
      if (sharedEmulator === undefined) await emulator.close();
    };
    try {
      const provider = await ProviderProcess.start({
        flags: ["-v=10", ...(options.flags ?? [])],
        env: { ...(await wayTo(emulator, folder)), ...options.env },
        ...(options.programPath === undefined ? {} : { programPath: options.programPath }),
        ...(options.socketPath === undefined ? {} : { socketPath: options.socketPath }),
      });
      return new World(emulator, provider, folder, closeEmulator);
    } catch (error) {
      await closeEmulator();
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** A pod with a vault, a tenant, an application and a namespace of its own. */
  pod(options: PodOptions = {}): Pod {
    this.#podCount += 1;
    return new Pod(this, this.#podCount, options);
  }

  /** Remembers what the driver was told, for the search at the end. */
  heard(message: string): void {
    this.#saidToDriver.push(message);
  }

  /** What `/metrics` shows now. */
  async metrics(): Promise<string> {
    return await (await fetch(`http://127.0.0.1:${this.provider.metricsPort}/metrics`)).text();
  }

  /** All that the provider has said so far, by way of log, metrics and answers. */
  async everythingSaid(): Promise<string> {
    return [this.provider.output, await this.metrics(), ...this.#saidToDriver].join("\n");
  }

  /**
   * Ends everything.
   * @param options.hasEnded - the test has ended the provider itself
   * @throws AssertionError when the provider died, or has shown a value that it must not show
   */
  async stop({ hasEnded = false } = {}): Promise<void> {
    try {
      if (!hasEnded) this.#saidToDriver.push(await this.metrics());
      assertNothingLeaks([this.provider.output, ...this.#saidToDriver].join("\n"));
    } finally {
      const code = await this.provider.stop();
      await this.#closeEmulator();
      await rm(this.folder, { recursive: true, force: true });
      if (code !== 0) throw new Error(`the provider ended with ${String(code)}: ${this.provider.output}`);
    }
  }
}

/** Environment in which a provider reaches the emulator under the real names. */
export async function wayTo(emulator: Emulator, folder: string): Promise<Record<string, string>> {
  const caFile = path.join(folder, "ca.pem");
  await writeFile(caFile, emulator.caPem);
  return { HTTPS_PROXY: `http://127.0.0.1:${emulator.proxyPort}`, NODE_EXTRA_CA_CERTS: caFile };
}
