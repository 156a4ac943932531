import { expect } from "chai";
import { createMetrics, type Metrics } from "../../../src/telemetry/metrics.js";

const SCOPE =
  'provider="azure",os_type="linux",service_name="csi-secrets-store-provider-azure",' +
  'otel_scope_name="csi-secrets-store-provider-azure",otel_scope_version="",otel_scope_schema_url=""';

async function lines(metrics: Metrics, start: string): Promise<string[]> {
  return (await metrics.render()).split("\n").filter((line) => line.startsWith(start));
}

describe("telemetry/metrics createMetrics", () => {
  it("exposes grpc_request under the names, labels and buckets that dashboards read", async () => {
    const metrics = createMetrics({ version: "1.2.3" });
    const method = "/v1alpha1.CSIDriverProvider/Mount";
    metrics.observeGrpcRequest({ method, code: "OK", error: "", seconds: 0.25 });
    metrics.observeGrpcRequest({ method, code: "OK", error: "", seconds: 40 });
    const labels = `${SCOPE},grpc_method="${method}",grpc_code="OK",grpc_message=""`;
    const bounds = [
      "0.1",
      "0.2",
      "0.3",
      "0.4",
      "0.5",
      "1",
      "1.5",
      "2",
      "2.5",
      "3",
      "5",
      "10",
      "15",
      "30",
      "+Inf",
    ];
    const counts = [0, 0, ...Array.from({ length: 12 }, () => 1), 2];
    expect(await lines(metrics, "grpc_request")).to.deep.equal([
      ...bounds.map((bound, i) => `grpc_request_bucket{le="${bound}",${labels}} ${String(counts[i])}`),
      `grpc_request_sum{${labels}} 40.25`,
      `grpc_request_count{${labels}} 2`,
    ]);
  });

  it("exposes keyvault_request with the object and our error code", async () => {
    const metrics = createMetrics({ version: "1.2.3" });
    metrics.observeKeyVaultRequest({
      objectType: "secret",
      objectName: "db",
      error: "VAULT_FORBIDDEN",
      seconds: 1,
    });
    metrics.observeKeyVaultRequest({ objectType: "secret", objectName: "db", error: "", seconds: 1 });
    expect(await lines(metrics, "keyvault_request_count")).to.deep.equal([
      `keyvault_request_count{${SCOPE},object_type="secret",object_name="db",error="VAULT_FORBIDDEN"} 1`,
      `keyvault_request_count{${SCOPE},object_type="secret",object_name="db",error=""} 1`,
    ]);
    expect(await lines(metrics, "# TYPE keyvault_request")).to.deep.equal([
      "# TYPE keyvault_request histogram",
    ]);
  });

  it("bounds the series that names and errors can make", async () => {
    const metrics = createMetrics({ version: "1.2.3" });
    for (let i = 0; i < 1500; i++) {
      for (const error of ["", "VAULT_FORBIDDEN"] as const) {
        metrics.observeKeyVaultRequest({ objectType: "secret", objectName: `n${i}`, error, seconds: 1 });
      }
    }
    const counts = await lines(metrics, "keyvault_request_count");
    expect(counts).to.have.length(1002);
    expect(counts.filter((line) => line.includes('object_name="other"'))).to.deep.equal([
      `keyvault_request_count{${SCOPE},object_type="secret",object_name="other",error=""} 1000`,
      `keyvault_request_count{${SCOPE},object_type="secret",object_name="other",error="VAULT_FORBIDDEN"} 1000`,
    ]);
  });

  it("keeps a name with quotes and line ends inside its label", async () => {
    const metrics = createMetrics({ version: "1.2.3" });
    const objectName = 'a"} 1\ngrpc_request_count{x="\\';
    metrics.observeKeyVaultRequest({ objectType: "key", objectName, error: "", seconds: 1 });
    expect(await lines(metrics, "grpc_request_count")).to.be.empty;
    expect(await lines(metrics, "keyvault_request_count")).to.deep.equal([
      `keyvault_request_count{${SCOPE},object_type="key",object_name="a\\"} 1\\ngrpc_request_count{x=\\"\\\\",error=""} 1`,
    ]);
  });

  it("tells the state of the process and of the build", async () => {
    const metrics = createMetrics({ version: "1.2.3" });
    metrics.setMountsInFlight(3);
    metrics.setServing(true);
    metrics.countUnexpectedError();
    const text = await metrics.render();
    expect(text).to.contain(
      'target_info{service_name="csi-secrets-store-provider-azure",service_version="1.2.3"} 1\n',
    );
    expect(text).to.contain(
      'otel_scope_info{otel_scope_name="csi-secrets-store-provider-azure",otel_scope_version=""} 1\n',
    );
    expect(text).to.contain("azure_provider_mounts_in_flight 3\n");
    expect(text).to.contain("azure_provider_serving 1\n");
    expect(text).to.contain("azure_provider_unexpected_errors_total 1\n");
    expect(text).to.contain(`node_version="${process.version}"} 1\n`);
    const value = (name: string): number => Number(new RegExp(`^${name} (.*)$`, "m").exec(text)?.[1]);
    expect(value("process_resident_memory_bytes")).to.be.above(1e7);
    expect(value("nodejs_heap_used_bytes")).to.be.above(1e6);
    expect(value("process_cpu_seconds_total")).to.be.above(0.01);
    expect(value("process_start_time_seconds")).to.be.closeTo(performance.timeOrigin / 1000, 1);
    expect(value("nodejs_eventloop_utilization")).to.be.within(0, 1);
  });

  it("shares nothing between two registries", async () => {
    const [one, two] = [createMetrics({ version: "1" }), createMetrics({ version: "2" })];
    one.setMountsInFlight(7);
    expect(await two.render()).to.contain("azure_provider_mounts_in_flight 0\n");
  });

  it("renders again and again without adding CPU time up", async () => {
    const metrics = createMetrics({ version: "1" });
    const read = async (): Promise<number> =>
      Number((await lines(metrics, "process_cpu_seconds_total "))[0]?.split(" ")[1]);
    const first = await read();
    const second = await read();
    expect(second).to.be.within(first, first + 1);
  });
});
