import { api } from "./api.js";
import { podsOf } from "./cluster.js";
import { PROVIDER_LABEL, SYSTEM } from "./diagnosis.js";

/** How many Mounts all pods of the provider have answered, as `grpc_request_count <code>`. */
export async function providerCounts(): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { metadata, spec } of await podsOf(SYSTEM, PROVIDER_LABEL)) {
    const port = /"containerPort":(\d+),"name":"metrics"|"name":"metrics","containerPort":(\d+)/.exec(
      JSON.stringify(spec),
    );
    const address = `${metadata.name}:${port?.[1] ?? port?.[2] ?? "8898"}`;
    const text = String(
      await api.request("GET", `/api/v1/namespaces/${SYSTEM}/pods/${address}/proxy/metrics`),
    );
    for (const line of text.split("\n")) {
      const code = /^grpc_request_count\{.*Mount.*grpc_code="(\w+)".*\} (\d+)/.exec(line);
      if (code === null) continue;
      const key = `grpc_request_count ${code[1] ?? ""}`;
      counts.set(key, (counts.get(key) ?? 0) + Number(code[2]));
    }
  }
  return counts;
}
