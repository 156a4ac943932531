import { constants } from "node:fs";
import { open } from "node:fs/promises";
import tls from "node:tls";
import { ProviderError } from "../../errors/provider-error.js";
import type { Trust } from "../../network/certificate-authorities.js";

/** Largest bundle read. A cluster's has one or two certificates, some 2 KiB. */
const MAX_CA_BYTES = 256 * 1024;
const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/;

/** Whom connections to the cluster trust. */
export interface ClusterTrust {
  readonly context: tls.SecureContext;
  /** False: the pod has no authority of the cluster, and the process's own trust stands in. */
  readonly isClusters: boolean;
}

/**
 * The cluster's authority as the provider's own pod finds it, and nobody else's. The file is read anew each time, because
 * a cluster rotates its authority; the context is the same object as long as the file is the same. While the file is being
 * replaced (empty), what it held before counts.
 *
 * Where there is no such file (a provider that AKS runs outside of the cluster), the process's own trust stands in, as it
 * does in the provider for Go.
 */
export class ClusterAuthority {
  readonly #file: string;
  readonly #processTrust: Trust;
  #known: { readonly pem: string; readonly context: tls.SecureContext } | undefined;

  constructor(file: string, processTrust: Trust) {
    this.#file = file;
    this.#processTrust = processTrust;
  }

  /** @throws {ProviderError} SIGN_IN_FAILED when the file is there but cannot be used */
  async trust(): Promise<ClusterTrust> {
    const file = await readBundle(this.#file);
    if (file.state === "absent") return { context: await this.#processTrust(), isClusters: false };
    if (file.state === "unusable") throw unusable(this.#file, file.problem);
    if (file.pem === "" && this.#known !== undefined)
      return { context: this.#known.context, isClusters: true };
    if (!PEM_CERTIFICATE.test(file.pem)) throw unusable(this.#file, "holds no PEM certificate");
    if (this.#known?.pem !== file.pem) {
      const context = tls.createSecureContext({ ca: file.pem, minVersion: "TLSv1.2" });
      this.#known = { pem: file.pem, context };
    }
    return { context: this.#known.context, isClusters: true };
  }
}

type Bundle =
  | { readonly state: "read"; readonly pem: string }
  | { readonly state: "absent" }
  | { readonly state: "unusable"; readonly problem: string };

async function readBundle(path: string): Promise<Bundle> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const facts = await file.stat();
      if (!facts.isFile()) return { state: "unusable", problem: "is not a regular file" };
      if (facts.size > MAX_CA_BYTES) return { state: "unusable", problem: "is larger than 256 KiB" };
      const buffer = Buffer.alloc(facts.size);
      const { bytesRead } = await file.read(buffer, 0, facts.size, 0);
      return { state: "read", pem: buffer.toString("latin1", 0, bytesRead).trim() };
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return code === "ENOENT" || code === "ENOTDIR"
      ? { state: "absent" }
      : { state: "unusable", problem: `cannot be read (${code})` };
  }
}

function unusable(file: string, problem: string): ProviderError {
  return new ProviderError(
    "SIGN_IN_FAILED",
    `identity binding needs the cluster's certificate authority, but ${file} ${problem}; check that the provider's pod ` +
      "mounts its service account's token and that kube-root-ca.crt is intact",
  );
}
