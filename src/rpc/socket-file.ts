import { existsSync, lstatSync, renameSync, unlinkSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { basename, dirname, join } from "node:path";

/** The kernel's room for a socket's path, less its closing NUL. */
const MAX_PATH_BYTES = 107;
/** Connections kept open at once; the driver needs one. */
export const MAX_CONNECTIONS = 256;

/** The endpoint cannot be served as it is configured. Its message says what to change. */
export class EndpointError extends Error {
  override readonly name = "EndpointError";
}

/** What makes a file the same file: a number of an inode is given out again once its file has gone. */
interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
  readonly madeAtNs: bigint;
}

/** Whose the file at our path is now. */
export type SocketOwner = "ours" | "nobody" | "another";

/**
 * A Unix socket that listens at a path.
 *
 * It is bound under a name of its own in the same folder and then renamed over the path. The rename is one step for
 * everyone who looks: there is no moment without a socket, none in which it has a wider mode, and whatever file lay
 * there is gone. When two processes do it at once the later one has the path and the earlier one sees that in
 * {@link owner}. It also means that closing cannot remove another's socket: libuv unlinks the name that it bound,
 * which no longer exists.
 */
export class SocketFile {
  readonly path: string;
  readonly #server: Server;
  readonly #identity: FileIdentity;

  private constructor(path: string, server: Server, identity: FileIdentity) {
    this.path = path;
    this.#server = server;
    this.#identity = identity;
  }

  /**
   * Binds with mode 0700, takes the path and listens.
   * @throws {EndpointError} when the path cannot hold a socket
   */
  static async bind(path: string, onConnection: (socket: Socket) => void): Promise<SocketFile> {
    const ownName = join(dirname(path), temporaryName(basename(path)));
    if (Buffer.byteLength(path) > MAX_PATH_BYTES || Buffer.byteLength(ownName) > MAX_PATH_BYTES) {
      throw new EndpointError(
        `the path of --endpoint has ${Buffer.byteLength(path)} bytes, and a Unix socket's may have ${MAX_PATH_BYTES}; ` +
          "choose a shorter one",
      );
    }
    const server = createServer(onConnection);
    server.maxConnections = MAX_CONNECTIONS;
    // A connection that could not be accepted, for want of descriptors say, is lost; the socket goes on listening.
    server.on("error", () => undefined);
    try {
      await listenPrivately(server, ownName);
      const identity = readIdentity(ownName);
      renameSync(ownName, path);
      if (identity === undefined)
        throw new EndpointError(`the socket at ${path} was removed while it was made`);
      return new SocketFile(path, server, identity);
    } catch (error) {
      server.close();
      throw explain(error, path);
    }
  }

  owner(): SocketOwner {
    const found = readIdentity(this.path);
    if (found === undefined) return "nobody";
    const { device, inode, madeAtNs } = this.#identity;
    return found.device === device && found.inode === inode && found.madeAtNs === madeAtNs
      ? "ours"
      : "another";
  }

  /** Accepts no further connection. Those that are open stay, and so does the file: who dials it is refused. */
  stopAccepting(): void {
    this.#server.close();
  }

  /** Removes the file if it is still ours. Looking and removing are not one step, but nothing comes between them here. */
  remove(): void {
    if (this.owner() !== "ours") return;
    try {
      unlinkSync(this.path);
    } catch {
      // Someone else removed it, or the folder cannot be written any more. The next provider replaces it.
    }
  }
}

/** No longer than the name that it stands in for, unless that is very short, so that it fits where that fits. */
function temporaryName(name: string): string {
  const length = Math.max(6, Math.min(12, Buffer.byteLength(name)));
  return `.${crypto
    .randomUUID()
    .replaceAll("-", "")
    .slice(0, length - 1)}`;
}

/**
 * Listens under umask 0077, so that the socket has mode 0700 from its first moment. The umask is the process's, and
 * stays until the kernel has made the file, which the listening event tells.
 */
async function listenPrivately(server: Server, path: string): Promise<void> {
  const umask = process.umask(0o077);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ path }, () => {
        server.off("error", reject);
        resolve();
      });
    });
  } finally {
    process.umask(umask);
  }
}

function readIdentity(path: string): FileIdentity | undefined {
  try {
    // A socket's modification time is set when it is made; renaming it or changing its mode leaves it.
    const { dev, ino, mtimeNs } = lstatSync(path, { bigint: true });
    return { device: dev, inode: ino, madeAtNs: mtimeNs };
  } catch {
    return undefined;
  }
}

function explain(error: unknown, path: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const folder = dirname(path);
  if (code === "EISDIR" || code === "ENOTEMPTY") {
    return new EndpointError(
      `there is a folder at ${path}, where --endpoint wants its socket; remove the folder, or name a file inside it`,
    );
  }
  // Binding in a folder that is not there is EACCES to libuv.
  if (code === "ENOENT" || code === "ENOTDIR" || (code === "EACCES" && !existsSync(folder))) {
    return new EndpointError(
      `the folder ${folder} of --endpoint does not exist; mount the node's providers folder there ` +
        "(volumeMounts of the DaemonSet), or change --endpoint",
    );
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new EndpointError(
      `no socket can be made in the folder ${folder} of --endpoint (${code}); make it writable for the user that the ` +
        `provider runs as (uid ${String(process.getuid?.())})`,
    );
  }
  return error;
}
