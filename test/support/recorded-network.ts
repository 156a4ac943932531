import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

export interface RecordedEntry {
  /** "getaddrinfo" and "dns": a name looked up; "connect" and "datagram": something sent. */
  readonly kind: "getaddrinfo" | "dns" | "connect" | "datagram";
  readonly name: string;
  /** Of a connection, as it was asked for. */
  readonly port?: number;
}

export interface RecordedNetworkOptions {
  /** Where connections to port 443 lead, on this machine. */
  readonly port: number;
  /** Names for which no server answers, as a pattern. */
  readonly silent?: RegExp;
  /** A file of the system that is to be another one. */
  readonly file?: { readonly path: string; readonly instead: string };
}

/** The network as one process sees it: every name leads to this machine, and all that it looks up or sends is noted. */
export class RecordedNetwork {
  /** For the process's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly #record: string;

  /** @param folder - for the record */
  constructor(folder: string, { port, silent, file }: RecordedNetworkOptions) {
    this.#record = path.join(folder, `network-${process.hrtime.bigint()}`);
    this.reset();
    this.env = {
      NODE_OPTIONS: `--require=${path.resolve("test/support/network-preload.cjs")}`,
      TEST_NET_RECORD: this.#record,
      TEST_NET_PORT: String(port),
      ...(silent === undefined ? {} : { TEST_NET_SILENT: silent.source }),
      ...(file === undefined ? {} : { TEST_NET_FILES: `${file.path}=${file.instead}` }),
    };
  }

  get entries(): readonly RecordedEntry[] {
    return readFileSync(this.#record, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as RecordedEntry);
  }

  /** Everything looked up or turned to, each once, sorted. */
  get names(): readonly string[] {
    return [...new Set(this.entries.map(({ name }) => name))].sort();
  }

  reset(): void {
    writeFileSync(this.#record, "");
  }
}
