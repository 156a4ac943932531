import { closeSync, constants, fstatSync, openSync, readdirSync, readlinkSync, readSync } from "node:fs";
import { join } from "node:path";
import tls from "node:tls";
import type { Logger } from "../telemetry/logger.js";
import type { Environment } from "./environment.js";

/** Gives the TLS context that every connection of the process shares; built when first asked for. */
export type Trust = () => Promise<tls.SecureContext>;

/** Where a system keeps its authorities. */
export interface SystemLocations {
  /** Bundles; the first that can be read counts. Replaced by SSL_CERT_FILE. */
  readonly files: readonly string[];
  /** Folders of single certificates; all are read. Replaced by SSL_CERT_DIR. */
  readonly directories: readonly string[];
}

/** As Go looks on Linux. @see https://pkg.go.dev/crypto/x509#SystemCertPool */
export const LINUX_LOCATIONS: SystemLocations = {
  files: [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
  ],
  directories: ["/etc/ssl/certs", "/etc/pki/tls/certs"],
};

const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_DIRECTORY_ENTRIES = 2_000;
const MAX_AUTHORITIES = 4_000;

/** A body of base64 only: a file full of opening lines is read in linear time. */
const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/**
 * Builds the shared TLS context on the first call and remembers it: it takes some 60 ms and 3 MB, which a process
 * that only starts or answers health checks need not pay. Trusts Node's own roots and everything that
 * {@link loadCertificateAuthorities} finds. TLS 1.2 is the least.
 */
export function createTrust(
  env: Environment,
  logger: Logger,
  locations: SystemLocations = LINUX_LOCATIONS,
): Trust {
  let context: Promise<tls.SecureContext> | undefined;
  const build = (): tls.SecureContext => {
    const added = loadCertificateAuthorities(env, logger, locations);
    // A context with `ca` knows only what `ca` holds, so Node's own roots are passed again.
    const ca = added.length === 0 ? {} : { ca: [...tls.rootCertificates, ...added] };
    return tls.createSecureContext({ minVersion: "TLSv1.2", ...ca });
  };
  return () => (context ??= Promise.resolve(build()));
}

/**
 * The certificate authorities that an administrator has added to Node's own: from NODE_EXTRA_CA_CERTS, from the
 * system's bundle (or SSL_CERT_FILE) and from the system's folders (or SSL_CERT_DIR, separated by colons). PEM, one
 * certificate each, without those that Node carries. What cannot be read is left out with a warning that names the
 * file, never what is in it.
 *
 * It reads synchronously, once: three hundred small files take 10 ms that way, and 200 ms and 7 MB more by the thread pool.
 */
export function loadCertificateAuthorities(
  env: Environment,
  logger: Logger,
  locations: SystemLocations = LINUX_LOCATIONS,
): readonly string[] {
  const found = new AuthoritySet(tls.rootCertificates);
  for (const name of ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"] as const) {
    const path = env[name];
    if (path) readNamedFile(path, name, found, logger);
  }
  if (!env["SSL_CERT_FILE"]) readFirstBundle(locations.files, found);
  const named = env["SSL_CERT_DIR"];
  for (const directory of named ? named.split(":").filter((path) => path !== "") : locations.directories) {
    readDirectory(directory, named !== undefined && named !== "", found, logger);
  }
  if (found.isFull) {
    logger.warn("more certificate authorities than this provider reads; the rest is left out", {
      maxAuthorities: MAX_AUTHORITIES,
    });
  }
  return found.added;
}

/** Certificates by their base64 body, so that one found twice (bundle and folder) is kept once. */
class AuthoritySet {
  readonly #seen = new Set<string>();
  readonly #added: string[] = [];
  #isFull = false;

  constructor(known: readonly string[]) {
    for (const pem of known) this.#seen.add(pem.replace(/-----[^-]+-----|\s/g, ""));
  }

  get added(): readonly string[] {
    return this.#added;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** Takes every certificate of a PEM text; returns how many it holds. */
  addAll(pemText: string): number {
    let count = 0;
    for (const [, lines = ""] of pemText.matchAll(PEM_CERTIFICATE)) {
      count += 1;
      const body = lines.replace(/\s/g, "");
      if (this.#seen.has(body)) continue;
      if (this.#added.length >= MAX_AUTHORITIES) {
        this.#isFull = true;
        break;
      }
      this.#seen.add(body);
      this.#added.push(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`);
    }
    return count;
  }
}

function readNamedFile(path: string, variable: string, into: AuthoritySet, logger: Logger): void {
  const file = readSmallFile(path);
  if (!file.ok) {
    logger.warn(`the file named by ${variable} cannot be used: ${file.problem}`, { file: path });
  } else if (into.addAll(file.text) === 0) {
    logger.warn(`the file named by ${variable} holds no PEM certificate`, { file: path });
  }
}

function readFirstBundle(paths: readonly string[], into: AuthoritySet): void {
  for (const path of paths) {
    const file = readSmallFile(path);
    if (!file.ok) continue;
    into.addAll(file.text);
    return;
  }
}

function readDirectory(directory: string, isNamed: boolean, into: AuthoritySet, logger: Logger): void {
  let entries;
  try {
    entries = readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (isNamed) logger.warn(`a folder of SSL_CERT_DIR cannot be read: ${codeOf(error)}`, { directory });
    return;
  }
  if (entries.length > MAX_DIRECTORY_ENTRIES) {
    logger.warn("a folder of certificate authorities has more files than this provider reads", {
      directory,
      maxFiles: MAX_DIRECTORY_ENTRIES,
    });
  }
  for (const entry of entries.slice(0, MAX_DIRECTORY_ENTRIES)) {
    const path = join(directory, entry.name);
    // OpenSSL's hash names link to their neighbours: reading those twice is for nothing.
    if (entry.isSymbolicLink() && pointsBeside(path)) continue;
    const file = readSmallFile(path);
    if (file.ok) into.addAll(file.text);
  }
}

function pointsBeside(path: string): boolean {
  try {
    return !readlinkSync(path).includes("/");
  } catch {
    return false;
  }
}

type FileText =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

/** Reads a regular file of bounded size; opened non-blocking, so that a FIFO cannot hold the start. */
function readSmallFile(path: string): FileText {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const facts = fstatSync(file);
      if (!facts.isFile()) return { ok: false, problem: "not a regular file" };
      if (facts.size > MAX_FILE_BYTES) return { ok: false, problem: "larger than 4 MiB" };
      const buffer = Buffer.allocUnsafe(facts.size);
      const length = readSync(file, buffer, 0, facts.size, 0);
      return { ok: true, text: buffer.toString("latin1", 0, length) };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return { ok: false, problem: codeOf(error) };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "unreadable";
}
