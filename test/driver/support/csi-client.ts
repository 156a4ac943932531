import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import protobuf from "protobufjs";

const MESSAGES = protobuf.loadSync(new URL("csi.proto", import.meta.url).pathname);

/** What the kubelet says of one ephemeral volume. */
export interface PublishRequest {
  readonly volumeId: string;
  readonly targetPath: string;
  readonly readonly: boolean;
  /** Data of the Secret of nodePublishSecretRef. */
  readonly secrets: Readonly<Record<string, string>>;
  /** `volumeAttributes`, and what the kubelet adds to them. */
  readonly volumeContext: Readonly<Record<string, string>>;
}

/** Speaks to a CSI driver's socket as the kubelet does. */
export class CsiClient {
  readonly #client: Client;

  constructor(socketPath: string) {
    this.#client = new Client(`unix:${socketPath}`, credentials.createInsecure(), {
      // A driver that starts anew is found again soon.
      "grpc.initial_reconnect_backoff_ms": 100,
      "grpc.max_reconnect_backoff_ms": 200,
    });
  }

  /** Waits for the driver, up to the deadline. */
  async probe(deadlineMs: number): Promise<void> {
    await this.#call("Identity/Probe", "Probe", {}, deadlineMs);
  }

  /** @throws a gRPC error with the driver's words in `details` */
  async publish(request: PublishRequest, deadlineMs = 120_000): Promise<void> {
    const volumeCapability = { mount: {}, accessMode: { mode: 1 } };
    await this.#call(
      "Node/NodePublishVolume",
      "NodePublishVolume",
      { ...request, volumeCapability },
      deadlineMs,
    );
  }

  async unpublish(volumeId: string, targetPath: string): Promise<void> {
    await this.#call("Node/NodeUnpublishVolume", "NodeUnpublishVolume", { volumeId, targetPath }, 120_000);
  }

  close(): void {
    this.#client.close();
  }

  #call(method: string, message: string, request: object, deadlineMs: number): Promise<void> {
    const requestType = MESSAGES.lookupType(`csi.v1.${message}Request`);
    const responseType = MESSAGES.lookupType(`csi.v1.${message}Response`);
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        `/csi.v1.${method}`,
        (bytes: Uint8Array) => Buffer.from(bytes),
        (bytes) => responseType.decode(bytes),
        requestType.encode(requestType.fromObject(request)).finish(),
        new Metadata({ waitForReady: true }),
        { deadline: Date.now() + deadlineMs },
        (error: ServiceError | null) => {
          if (error === null) resolve();
          else reject(error);
        },
      );
    });
  }
}
