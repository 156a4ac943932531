import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { v1alpha1 } from "../provider-proto/generated/messages.js";

/** The answer to a Mount that the driver accepts. */
export interface MountAnswer {
  /** id → version; of several entries with one id the last counts, as in the driver's map. */
  readonly objectVersions: ReadonlyMap<string, string>;
  readonly files: readonly v1alpha1.File[];
}

/** The answer to a Version call. */
export interface ProviderVersion {
  readonly version: string;
  readonly runtimeName: string;
  readonly runtimeVersion: string;
}

/**
 * The driver's own service config: it waits for the socket, and calls up to three times when the answer is
 * UNAVAILABLE.
 */
const SERVICE_CONFIG = {
  methodConfig: [
    {
      name: [{ service: "v1alpha1.CSIDriverProvider" }],
      waitForReady: true,
      retryPolicy: {
        maxAttempts: 3,
        initialBackoff: "1.0s",
        maxBackoff: "10.0s",
        backoffMultiplier: 1.1,
        retryableStatusCodes: ["UNAVAILABLE"],
      },
    },
  ],
};

/** The driver's default of `--max-call-recv-msg-size`. */
const MAX_RECEIVED_BYTES = 4 * 1024 * 1024;

/**
 * Speaks to a provider's socket as the stock driver v1.6 does: plaintext, authority `localhost`, the driver's retry
 * policy and its checks on the answer.
 * @see pkg/secrets-store/provider_client.go of the driver
 */
export class DriverClient {
  readonly #client: Client;

  /** @param target - `unix:/path/azure.sock`, or `host:port` for a provider on TCP */
  constructor(target: string) {
    this.#client = new Client(target, credentials.createInsecure(), {
      "grpc.default_authority": "localhost",
      "grpc.service_config": JSON.stringify(SERVICE_CONFIG),
      "grpc.max_receive_message_length": MAX_RECEIVED_BYTES,
    });
  }

  async version(options: CallOptions = {}): Promise<ProviderVersion> {
    return await this.#call(
      "Version",
      v1alpha1.VersionRequest.encode({ version: "v1alpha1" }).finish(),
      (bytes) => v1alpha1.VersionResponse.decode(bytes),
      options,
    );
  }

  /** @throws Error with the driver's own words when it would fail the mount; a gRPC error has its `code` */
  async mount(request: v1alpha1.IMountRequest, options: CallOptions = {}): Promise<MountAnswer> {
    const answer = await this.#call(
      "Mount",
      v1alpha1.MountRequest.encode(request).finish(),
      (bytes) => v1alpha1.MountResponse.decode(bytes),
      options,
    );
    const errorCode = answer.error?.code ?? "";
    if (errorCode !== "") throw new Error(`mount request failed with provider error code ${errorCode}`);
    if (answer.objectVersion.length === 0) throw new Error("missing object versions");
    return {
      objectVersions: new Map(answer.objectVersion.map(({ id, version }) => [id ?? "", version ?? ""])),
      files: answer.files.map((file) => v1alpha1.File.fromObject(file)),
    };
  }

  close(): void {
    this.#client.close();
  }

  #call<Answer>(
    method: "Mount" | "Version",
    request: Uint8Array,
    decode: (bytes: Uint8Array) => Answer,
    { deadlineMs = 120_000, signal }: CallOptions,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const call = this.#client.makeUnaryRequest(
        `/v1alpha1.CSIDriverProvider/${method}`,
        (bytes: Uint8Array) => Buffer.from(bytes),
        decode,
        request,
        new Metadata({ waitForReady: true }),
        { deadline: Date.now() + deadlineMs },
        (error: ServiceError | null, answer?: Answer) => {
          signal?.removeEventListener("abort", cancel);
          if (error !== null) reject(error);
          else resolve(answer as Answer);
        },
      );
      const cancel = (): void => {
        call.cancel();
      };
      signal?.addEventListener("abort", cancel, { once: true });
    });
  }
}

export interface CallOptions {
  /** How long the call may take, in milliseconds; the kubelet gives two minutes. */
  readonly deadlineMs?: number;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
}
