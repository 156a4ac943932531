import { mkdir, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { PodOptions } from "../../support/pod.js";
import { World } from "../../support/world.js";
import { ApiServer } from "./api-server.js";
import { driverKubeconfig, type DriverOptions, installDriver, StockDriver } from "./stock-driver.js";
import type { Volume } from "./volume.js";
import { DEFAULT_CLASS, Workload } from "./workload.js";

/**
 * The stock driver with a real API server, our built provider, and the embedded vault, which accepts what the API server
 * signs. The part of the kubelet is played by the tests.
 */
export class DriverWorld {
  readonly world: World;
  readonly api: ApiServer;
  readonly providersDir: string;
  readonly #folder: string;
  readonly #volumes: Volume[] = [];
  readonly #driverOptions: DriverOptions;
  #driver: StockDriver;

  private constructor(
    world: World,
    api: ApiServer,
    driver: StockDriver,
    options: DriverOptions,
    folder: string,
  ) {
    this.world = world;
    this.api = api;
    this.providersDir = options.providersDir;
    this.#driver = driver;
    this.#driverOptions = options;
    this.#folder = folder;
  }

  static async start(): Promise<DriverWorld> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "azure-driver-"));
    const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
    try {
      const providersDir = path.join(folder, "providers");
      await mkdir(providersDir);
      const world = await World.start({
        socketPath: path.join(providersDir, "azure.sock"),
        // Every rotation asks the vault, without waiting for what is remembered to grow old.
        flags: ["--object-cache-ttl=0s"],
      });
      undo.unshift(() => world.stop());
      const api = await ApiServer.start(path.join(folder, "api"), world.issuerUrl);
      undo.unshift(() => api.stop());
      const keys: unknown = await api.client.get("/openid/v1/jwks");
      world.emulator.entra.issuer(world.issuerUrl).publishKeySet(keys);
      await installDriver(api);
      const options = { folder, kubeconfig: await driverKubeconfig(api, folder), providersDir };
      return new DriverWorld(world, api, await StockDriver.start(options), options, folder);
    } catch (error) {
      for (const step of undo) await step().catch(() => undefined);
      throw error;
    }
  }

  /** The driver that runs now. */
  get driver(): StockDriver {
    return this.#driver;
  }

  /** Ends the driver, and starts another one in its place. */
  async replaceDriver(signal: NodeJS.Signals): Promise<void> {
    await this.#driver.stop(signal);
    this.world.heard(this.#driver.output);
    this.#driver = await StockDriver.start(this.#driverOptions);
  }

  /**
   * A pod that may read a vault of its own.
   * @param classNames - of its volumes; default one, of the default class
   */
  async workload(
    options: PodOptions = {},
    classNames: readonly string[] = [DEFAULT_CLASS],
  ): Promise<Workload> {
    const parts = {
      client: this.api.client,
      csi: () => this.#driver.csi,
      kubeletDir: path.join(this.#folder, "kubelet"),
      onVolume: (volume: Volume) => this.#volumes.push(volume),
    };
    return await Workload.create(this.world.pod(options), parts, classNames);
  }

  /** Ends everything; what the driver has said is searched for values as well. */
  async stop(): Promise<void> {
    const left = this.#volumes.filter(({ mounted }) => mounted !== undefined);
    for (const volume of left) await volume.unpublish();
    this.world.heard(this.#driver.output);
    await this.#driver.stop();
    await this.api.stop();
    try {
      await this.world.stop();
    } finally {
      await rm(this.#folder, { recursive: true, force: true });
    }
  }
}
