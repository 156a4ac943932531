import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Address, AnswerMessage, CommandMessage, CommandName, Commands } from "./protocol.js";

interface Waiting {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The parent's side of the emulator's process. */
export class EmulatorProcess {
  readonly address: Address;
  /** What a provider needs in its environment to reach the emulator under the real names; Node and Go alike. */
  readonly env: Readonly<Record<string, string>>;
  readonly #channel: Channel;
  readonly #folder: string;

  private constructor(channel: Channel, address: Address, folder: string) {
    this.#channel = channel;
    this.#folder = folder;
    this.address = address;
    const proxy = `http://127.0.0.1:${address.proxyPort}`;
    const caFile = path.join(folder, "ca.pem");
    this.env = { HTTPS_PROXY: proxy, NODE_EXTRA_CA_CERTS: caFile, SSL_CERT_FILE: caFile };
  }

  static async start(): Promise<EmulatorProcess> {
    const channel = new Channel(
      fork(path.join(import.meta.dirname, "child.ts"), {
        execArgv: ["--import", "tsx"],
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      }),
    );
    const address = await channel.ask("address", null);
    const folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-bench-ca-"));
    await writeFile(path.join(folder, "ca.pem"), address.caPem);
    return new EmulatorProcess(channel, address, folder);
  }

  async openWorld(input: Commands["openWorld"]["input"]): Promise<Commands["openWorld"]["output"]> {
    return await this.#channel.ask("openWorld", input);
  }

  /** What was asked since the last call, and how busy the emulator was meanwhile. */
  async tally(): Promise<Commands["tally"]["output"]> {
    return await this.#channel.ask("tally", null);
  }

  async stop(): Promise<void> {
    await this.#channel.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Questions and answers over a child's IPC channel. */
class Channel {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on("message", ({ id, output, error }: AnswerMessage) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(output);
      else waiting?.reject(new Error(`the emulator refused: ${error}`));
    });
    child.once("exit", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the emulator's process has ended"));
      this.#waiting.clear();
    });
  }

  ask<Name extends CommandName>(
    name: Name,
    input: Commands[Name]["input"],
  ): Promise<Commands[Name]["output"]> {
    const id = this.#nextId++;
    return new Promise<Commands[Name]["output"]>((resolve, reject) => {
      this.#waiting.set(id, {
        resolve: (output) => {
          resolve(output as Commands[Name]["output"]);
        },
        reject,
      });
      const message: CommandMessage = { id, name, input };
      this.#child.send(message, (error) => {
        if (error !== null) reject(error);
      });
    });
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    if (this.#child.connected) this.#child.disconnect();
    await ended;
  }
}
