import { expect } from "chai";
import { secretYaml } from "../support/objects-yaml.js";
import { waitUntil } from "../support/wait.js";
import { World } from "../support/world.js";

/** As the provider that this one replaces writes them; dashboards in the field read these. */
const CONSTANT =
  'provider="azure",os_type="linux",service_name="csi-secrets-store-provider-azure",' +
  'otel_scope_name="csi-secrets-store-provider-azure",otel_scope_version="",otel_scope_schema_url=""';
const BUCKETS = [
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

describe("metrics", () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(async () => {
    await world.stop();
  });

  /** Waits until `/metrics`, whose text may be a second old, shows a series; its labels may stand in any order. */
  async function series(name: string, labels: Record<string, string>): Promise<string[]> {
    let found: string[] = [];
    await waitUntil(
      async () => {
        const lines = (await world.metrics()).split("\n");
        found = lines.filter(
          (line) =>
            line.startsWith(`${name}{`) &&
            Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)),
        );
        return found.length > 0;
      },
      `${name} ${JSON.stringify(labels)}`,
      { everyMs: 250 }, // the port lets one address in ten times a second
    );
    return found;
  }

  it("are Prometheus text", async () => {
    const answer = await fetch(`http://127.0.0.1:${world.provider.metricsPort}/metrics`);
    expect(answer.headers.get("content-type")).to.match(/^text\/plain; version=0\.0\.4/);
    for (const line of (await answer.text()).split("\n")) {
      expect(line).to.match(/^(#.*|[a-z_]+(\{([a-z_]+="([^"\\]|\\.)*",?)*\})? [-+0-9.eInfNa]+|)$/);
    }
  });

  it("grpc_request has method, code and message, in seconds, with the old buckets", async () => {
    const pod = world.pod();
    pod.plantSecret("one");
    await pod.mount(secretYaml("one"));
    const labels = { grpc_method: "/v1alpha1.CSIDriverProvider/Mount", grpc_code: "OK", grpc_message: "" };
    const [count = ""] = await series("grpc_request_count", labels);
    for (const label of CONSTANT.split(",")) expect(count).to.contain(label);
    expect(await series("grpc_request_sum", labels)).to.have.length(1);
    const buckets = await series("grpc_request_bucket", labels);
    expect(buckets.map((line) => /le="([^"]+)"/.exec(line)?.[1])).to.deep.equal(BUCKETS);
    expect(await world.metrics()).to.contain("# TYPE grpc_request histogram");
  });

  it("grpc_request has Version calls and the exact code of failed mounts, with an error code as message", async () => {
    await world.provider.client.version();
    await world.pod().mountError(secretYaml("absent"));
    await series("grpc_request_count", {
      grpc_method: "/v1alpha1.CSIDriverProvider/Version",
      grpc_code: "OK",
    });
    const [failed = ""] = await series("grpc_request_count", {
      grpc_method: "/v1alpha1.CSIDriverProvider/Mount",
      grpc_code: "NotFound",
    });
    expect(failed).to.match(/grpc_message="[A-Z_]{0,40}"/);
  });

  it("keyvault_request has type, name and error of each read and list", async () => {
    const pod = world.pod();
    pod.plantSecret("metered");
    await pod.mount(secretYaml("metered", { objectVersionHistory: 2 }));
    await pod.mountError(secretYaml("unmetered"));
    const [read = ""] = await series("keyvault_request_count", {
      object_type: "secret",
      object_name: "metered",
      error: "",
    });
    for (const label of CONSTANT.split(",")) expect(read).to.contain(label);
    expect(read).to.match(/ 2$/); // one read, one list
    const [failed = ""] = await series("keyvault_request_count", {
      object_type: "secret",
      object_name: "unmetered",
    });
    expect(failed).to.match(/error="[A-Z_]{1,40}"/);
    const buckets = await series("keyvault_request_bucket", { object_name: "metered" });
    expect(buckets.map((line) => /le="([^"]+)"/.exec(line)?.[1])).to.deep.equal(BUCKETS);
  });

  it("show target_info and otel_scope_info, as OpenTelemetry's exporter does", async () => {
    await series("target_info", { service_name: "csi-secrets-store-provider-azure" });
    await series("otel_scope_info", { otel_scope_name: "csi-secrets-store-provider-azure" });
  });

  it("a thousand object names and more are bounded, the rest is `other`", async () => {
    const pod = world.pod();
    const block = (n: number): string =>
      `[${Array.from({ length: 300 }, (_, i) => `{objectName: n${n}-${i}, objectType: secret}`).join(",")}]`;
    for (let n = 0; n < 4; n += 1) await pod.mountError(block(n));
    await series("keyvault_request_count", { object_name: "other" });
    const names = new Set(
      [...(await world.metrics()).matchAll(/object_name="([^"]*)"/g)].map(([, name]) => name),
    );
    expect(names.size).to.be.at.most(1_002);
  });

  it("names with quotes, backslashes and line ends stay one label", async () => {
    const pod = world.pod();
    const objectName = 'a"\\\nb{}';
    await pod.mountError(secretYaml(JSON.stringify(objectName), { objectAlias: "file" }));
    for (const line of (await world.metrics()).split("\n")) expect(line).not.to.match(/^b\{\}/);
  });
});
