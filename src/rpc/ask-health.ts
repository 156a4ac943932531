import { Client, credentials, status, type ServiceError } from "@grpc/grpc-js";
import { decodeHealth, encodeHealthCheckRequest } from "./wire.js";

/** What a provider answers about itself. `answers`: it speaks gRPC but has no health service. */
export type HealthAnswer = "serving" | "not-serving" | "answers" | "unreachable" | "silent";

/**
 * Dials a provider's endpoint and asks its health service. Each call makes a connection of its own, because that is
 * the path that is asked about.
 * @param target - as {@link dialTarget} makes it
 * @param timeoutMs - for dialling and answering together; `silent` when it passes
 */
export async function askHealth(target: string, timeoutMs: number): Promise<HealthAnswer> {
  const client = new Client(target, credentials.createInsecure(), {
    "grpc.use_local_subchannel_pool": 1,
    "grpc.enable_http_proxy": 0,
    "grpc.enable_channelz": 0,
    "grpc.enable_retries": 0,
    "grpc.service_config_disable_resolution": 1,
    "grpc.default_authority": "localhost",
    "grpc.max_receive_message_length": 4096,
  });
  try {
    return await new Promise<HealthAnswer>((resolve) => {
      client.makeUnaryRequest(
        "/grpc.health.v1.Health/Check",
        encodeHealthCheckRequest,
        decodeHealth,
        "",
        { deadline: Date.now() + timeoutMs },
        (error, answer) => {
          if (error !== null) resolve(readFailure(error));
          else resolve(answer === "SERVING" ? "serving" : "not-serving");
        },
      );
    });
  } finally {
    client.close();
  }
}

function readFailure({ code }: ServiceError): HealthAnswer {
  if (code === status.UNAVAILABLE) return "unreachable";
  return code === status.DEADLINE_EXCEEDED ? "silent" : "answers";
}
