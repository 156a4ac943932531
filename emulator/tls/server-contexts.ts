import type { SecureContext, SecureContextOptions } from "node:tls";
import type { Faults } from "../faults/faults.js";
import type { HostVerdict } from "../router.js";
import { CertificateAuthority } from "./certificate-authority.js";

/** Names of a client that sends no server name: it dials the loopback address. */
const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "::1"];

/** Which certificate a handshake gets: one for the name asked for, a wrong one when a fault says so, or none. */
export class ServerContexts {
  readonly #trusted: CertificateAuthority;
  readonly #faults: Faults;
  readonly #judge: (hostname: string) => HostVerdict;
  #untrusted: CertificateAuthority | undefined;

  constructor(trusted: CertificateAuthority, faults: Faults, judge: (hostname: string) => HostVerdict) {
    this.#trusted = trusted;
    this.#faults = faults;
    this.#judge = judge;
  }

  /** Settings of a server for handshakes without a name. */
  get fallback(): SecureContextOptions {
    return this.#trusted.settingsFor(LOOPBACK_NAMES, "current");
  }

  /** Node's SNICallback; a vault that does not exist gets no handshake, as its name would not resolve. */
  serve(serverName: string, callback: (error: Error | null, context?: SecureContext) => void): void {
    const hostname = serverName.toLowerCase();
    const fault = this.#faults.takeTls(hostname);
    if (fault === "reset" || this.#judge(hostname) === "unresolvable") {
      callback(new Error(`no handshake for ${hostname}`));
      return;
    }
    callback(null, this.#contextFor(hostname, fault));
  }

  #contextFor(
    hostname: string,
    fault: "unknownAuthority" | "expired" | "wrongName" | undefined,
  ): SecureContext {
    switch (fault) {
      case "unknownAuthority":
        this.#untrusted ??= new CertificateAuthority("Untrusted Root CA");
        return this.#untrusted.contextFor([hostname]);
      case "expired":
        return this.#trusted.contextFor([hostname], "expired");
      case "wrongName":
        return this.#trusted.contextFor(["wrong.example.com"]);
      case undefined:
        return this.#trusted.contextFor([hostname]);
    }
  }
}
