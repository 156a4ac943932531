import { Client, credentials, Metadata, status, type ServiceError } from "@grpc/grpc-js";

/** How a call ended; `bytes` is the answer's message when `status` is OK. */
export interface RawAnswer {
  readonly status: keyof typeof status;
  readonly message: string;
  readonly bytes: Buffer;
}

/** Calls any method with any bytes: what the driver never sends. */
export class RawClient {
  readonly #client: Client;

  constructor(target: string) {
    this.#client = new Client(target, credentials.createInsecure(), {
      "grpc.default_authority": "localhost",
      "grpc.max_receive_message_length": 64 * 1024 * 1024,
    });
  }

  async unary(method: string, request: Uint8Array, deadlineMs = 15_000): Promise<RawAnswer> {
    return await new Promise((resolve) => {
      this.#client.makeUnaryRequest(
        method,
        (bytes: Buffer) => bytes,
        (bytes) => bytes,
        Buffer.from(request),
        new Metadata({ waitForReady: true }),
        { deadline: Date.now() + deadlineMs },
        (error: ServiceError | null, bytes = Buffer.alloc(0)) => {
          resolve({
            status: status[error?.code ?? status.OK] as keyof typeof status,
            message: error?.details ?? "",
            bytes,
          });
        },
      );
    });
  }

  /** The first message of a stream, which is then cancelled. */
  async firstOf(method: string, request: Uint8Array): Promise<Buffer> {
    const call = this.#client.makeServerStreamRequest(
      method,
      (bytes: Buffer) => bytes,
      (bytes) => bytes,
      Buffer.from(request),
      new Metadata(),
    );
    try {
      return await new Promise((resolve, reject) => {
        call.on("data", resolve);
        call.on("error", reject);
      });
    } finally {
      call.on("error", () => undefined); // its own cancellation
      call.cancel();
    }
  }

  close(): void {
    this.#client.close();
  }
}
