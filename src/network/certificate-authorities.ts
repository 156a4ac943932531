import { readdirSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import tls from "node:tls";
import type { Logger } from "../telemetry/logger.js";
import { AuthoritySet, MAX_AUTHORITIES, MAX_BYTES } from "./authority-set.js";
import { codeOf, readSmallFile } from "./small-file.js";
import type { Environment } from "./environment.js";

/**
 * Gives the TLS context that every connection of the process shares; built when first asked for. The same one until
 * the certificate authorities change.
 */
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

const MAX_DIRECTORY_ENTRIES = 2_000;
/** How often files are looked at for a change. */
const CHECK_EVERY_MS = 30_000;

/**
 * Builds the shared TLS context on the first call and remembers it: it takes some 60 ms and 3 MB, which a process
 * that only starts or answers health checks need not pay. Trusts Node's own roots and everything that
 * {@link loadCertificateAuthorities} finds. TLS 1.2 is the least.
 *
 * When a file or folder has changed (a ConfigMap with a new authority), the context is built anew, half a minute later at
 * most. What was there before stays while a named file cannot be used.
 */
export function createTrust(
  env: Environment,
  logger: Logger,
  locations: SystemLocations = LINUX_LOCATIONS,
  now: () => number = () => performance.now(),
): Trust {
  let known: tls.SecureContext | undefined;
  let seen = "";
  let checkedAtMs = 0;
  const refresh = (): tls.SecureContext => {
    if (known !== undefined && now() - checkedAtMs < CHECK_EVERY_MS) return known;
    checkedAtMs = now();
    const found = fingerprint(env, locations);
    if (known !== undefined && found === seen) return known;
    seen = found;
    const { added, isComplete } = gather(env, logger, locations);
    if (known !== undefined) {
      if (!isComplete) return known;
      logger.info(0, "The certificate authorities have changed", { added: added.length });
    }
    // A context with `ca` knows only what `ca` holds, so Node's own roots are passed again.
    const ca = added.length === 0 ? {} : { ca: [...tls.rootCertificates, ...added] };
    return (known = tls.createSecureContext({ minVersion: "TLSv1.2", ...ca }));
  };
  return () => Promise.resolve(refresh());
}

/** Changes when what the files and folders hold may have changed. */
function fingerprint(env: Environment, locations: SystemLocations): string {
  const { files, directories } = placesToRead(env, locations);
  return [...files, ...directories]
    .map((path) => {
      try {
        const { ino, size, mtimeMs, ctimeMs } = statSync(path);
        return [ino, size, mtimeMs, ctimeMs].join(" ");
      } catch (error) {
        return codeOf(error);
      }
    })
    .join("\n");
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
  return gather(env, logger, locations).added;
}

interface Gathered {
  readonly added: readonly string[];
  /** False: something that the environment names could not be used. */
  readonly isComplete: boolean;
}

function gather(env: Environment, logger: Logger, locations: SystemLocations): Gathered {
  const found = new AuthoritySet(tls.rootCertificates);
  let isComplete = true;
  for (const name of NAMED_FILES) {
    const path = env[name];
    if (path) isComplete = readNamedFile(path, name, found, logger) && isComplete;
  }
  if (!env["SSL_CERT_FILE"]) readFirstBundle(locations.files, found);
  const { directories, areNamed } = placesToRead(env, locations);
  for (const directory of directories) {
    isComplete = readDirectory(directory, areNamed, found, logger) && isComplete;
  }
  if (found.isFull) {
    logger.warn("more certificate authorities than this provider reads; the rest is left out", {
      maxAuthorities: MAX_AUTHORITIES,
      maxBytes: MAX_BYTES,
    });
  }
  return { added: found.added, isComplete };
}

const NAMED_FILES = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"] as const;

interface Places {
  readonly files: readonly string[];
  readonly directories: readonly string[];
  /** The folders are those of SSL_CERT_DIR. */
  readonly areNamed: boolean;
}

function placesToRead(env: Environment, locations: SystemLocations): Places {
  const named = NAMED_FILES.map((name) => env[name] ?? "").filter((path) => path !== "");
  const directories = env["SSL_CERT_DIR"] ?? "";
  return {
    files: env["SSL_CERT_FILE"] ? named : [...named, ...locations.files],
    directories: directories === "" ? locations.directories : directories.split(":").filter(Boolean),
    areNamed: directories !== "",
  };
}

/** @returns false, after a warning, when the file is of no use */
function readNamedFile(path: string, variable: string, into: AuthoritySet, logger: Logger): boolean {
  const file = readSmallFile(path);
  if (!file.ok) {
    logger.warn(`the file named by ${variable} cannot be used: ${file.problem}`, { file: path });
  } else if (into.addAll(file.text) === 0) {
    logger.warn(`the file named by ${variable} holds no PEM certificate`, { file: path });
  } else {
    return true;
  }
  return false;
}

function readFirstBundle(paths: readonly string[], into: AuthoritySet): void {
  for (const path of paths) {
    const file = readSmallFile(path);
    if (!file.ok) continue;
    into.addAll(file.text);
    return;
  }
}

/** @returns false, after a warning, when a folder that was named cannot be read */
function readDirectory(directory: string, isNamed: boolean, into: AuthoritySet, logger: Logger): boolean {
  let entries;
  try {
    entries = readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (isNamed) logger.warn(`a folder of SSL_CERT_DIR cannot be read: ${codeOf(error)}`, { directory });
    return !isNamed;
  }
  if (entries.length > MAX_DIRECTORY_ENTRIES) {
    logger.warn("a folder of certificate authorities has more files than this provider reads", {
      directory,
      maxFiles: MAX_DIRECTORY_ENTRIES,
    });
  }
  for (const entry of entries.slice(0, MAX_DIRECTORY_ENTRIES)) {
    if (into.isFull) break;
    const path = join(directory, entry.name);
    // OpenSSL's hash names link to their neighbours: reading those twice is for nothing.
    if (entry.isSymbolicLink() && pointsBeside(path)) continue;
    const file = readSmallFile(path);
    if (file.ok) into.addAll(file.text);
  }
  return true;
}

function pointsBeside(path: string): boolean {
  try {
    return !readlinkSync(path).includes("/");
  } catch {
    return false;
  }
}
