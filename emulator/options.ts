import type { CustomCloud } from "./clouds.js";
import type { LoggedRequest } from "./request-log.js";
import type { KeptAuthority } from "./tls/certificate-authority.js";

/** How an emulator is set up; every field has a default. */
export interface EmulatorOptions {
  /** Port of the HTTPS server; default a free one. */
  readonly port?: number;
  /** Port of the forward proxy; default a free one. */
  readonly proxyPort?: number;
  /** Address that both listen on; default "127.0.0.1". */
  readonly listenOn?: string;
  /** Clouds besides the public and the sovereign ones, such as an Azure Stack Hub. */
  readonly clouds?: readonly CustomCloud[];
  /** Signs all TLS certificates; default one made at start. */
  readonly authority?: KeptAuthority;
  /** When set, the proxy asks for it. */
  readonly proxyCredentials?: { readonly username: string; readonly password: string };
  /** Called with every request once it is answered. */
  readonly onRequest?: (request: LoggedRequest) => void;
  /** Milliseconds since the epoch, for everything but the validity of TLS certificates; default the system's clock. */
  readonly now?: () => number;
}
