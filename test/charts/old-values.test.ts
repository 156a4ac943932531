import { expect } from "chai";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { CHART } from "../../scripts/docs/chart.js";
import { refusal } from "./support/helm.js";
import { type Objects, RELEASE, render, type Tree } from "./support/objects.js";
import { copyChart } from "./support/packed-chart.js";

const IMAGE = ["--set", "linux.image.repository=registry.example/p", "--set", "linux.image.tag="];

async function fixture(name: string): Promise<Tree> {
  return parse(await readFile(new URL(`fixtures/${name}.yaml`, import.meta.url), "utf8")) as Tree;
}

describe("chart: who comes from Microsoft's chart", () => {
  let folder: string;
  let chart: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "chart-"));
    chart = await copyChart(folder, { notes: true });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("finds the old names and defaults", async () => {
    const ours = leaves(parse(await readFile(`${CHART}/values.yaml`, "utf8")));
    const differing = [...leaves(await fixture("values-1.8.2"))].filter(
      ([place, old]) => ours.get(place) !== old,
    );
    const images = /^secrets-store-csi-driver\.(linux|windows)\.(\w+Image|image|crds)\./;
    // The driver's images are left to the driver's chart: name and version belong together.
    expect(differing.map(([place]) => place).filter((place) => !images.test(place))).to.deep.equal([
      "linux.image.repository",
      "linux.image.tag",
    ]);
  });

  it("finds the old fixed names", async () => {
    const objects = await render(chart, { windows: { enabled: true } }, [], "my");
    const app = "csi-secrets-store-provider-azure";
    expect([...objects.keys()]).to.include(`ServiceAccount/${app}`);
    for (const name of [`my-${app}`, `my-${app}-windows`]) {
      const { metadata, spec } = objects.get(`DaemonSet/${name}`) as unknown as DaemonSet;
      expect(metadata).to.deep.include({ namespace: "kube-system" });
      expect(metadata.labels["app"]).to.equal(app);
      // A selector cannot be changed afterwards: an upgrade of the old release fails unless it is the same.
      expect(spec.selector).to.deep.equal({ matchLabels: { app } });
      expect(spec.template.metadata.labels["app"]).to.equal(app);
      expect(spec.template.spec.serviceAccountName).to.equal(app);
      const container = spec.template.spec.containers["provider-azure-installer"];
      expect(Object.keys(container?.ports ?? {})).to.deep.equal(["metrics"]);
      expect(spec.template.spec.volumes).to.have.property("provider-vol");
    }
  });

  it("installs with every old value written out, but for the image", async () => {
    const objects = await render(chart, await fixture("values-1.8.2"), IMAGE);
    const plain = await render(chart, {}, IMAGE);
    expect(objects.get(`DaemonSet/${RELEASE}`)).to.deep.equal(plain.get(`DaemonSet/${RELEASE}`));
    expect(notesOf(objects)).not.to.include("WARNING");
  });

  it("says so when the image is still Microsoft's", async () => {
    const objects = await render(chart, await fixture("values-1.8.2"));
    expect(notesOf(objects)).to.include("WARNING: linux.image.repository is Microsoft's image");
    // It has no /readyz: with a probe its pods would never be ready.
    const probed = (tree: Objects): unknown =>
      (tree.get(`DaemonSet/${RELEASE}`) as unknown as DaemonSet).spec.template.spec.containers[
        "provider-azure-installer"
      ]?.readinessProbe;
    expect(probed(objects)).to.equal(undefined);
    expect(probed(await render(chart, await fixture("values-1.8.2"), IMAGE))).to.be.an("object");
  });

  it("says so when the image is ours and the tag Microsoft's", async () => {
    const objects = await render(chart, await fixture("values-1.8.2"), IMAGE.slice(0, 2));
    expect(notesOf(objects)).to.include(
      'WARNING: linux.image.tag "v1.8.2" looks like one of Microsoft\'s image',
    );
  });

  it("installs with a file as it is in use, and says what of it has no effect", async () => {
    const objects = await render(chart, await fixture("values-in-use"), IMAGE);
    const { spec } = objects.get(`DaemonSet/${RELEASE}`) as unknown as DaemonSet;
    const { containers, ...pod } = spec.template.spec;
    expect(containers["provider-azure-installer"]?.args).to.deep.equal({
      "--endpoint": "unix:///provider/azure.sock",
      "--log-format-json": "true",
      "-v": "5",
      "--construct-pem-chain": "false",
      "--healthz-port": "9000",
      "--healthz-path": "/healthz",
      "--healthz-timeout": "5s",
      "--prometheus-port": "9100",
    });
    expect(pod).to.deep.include({
      nodeSelector: { "kubernetes.io/os": "linux", pool: "system" },
      priorityClassName: "system-node-critical",
    });
    expect(pod).not.to.have.any.keys("tolerations", "dnsPolicy");
    const notes = notesOf(objects);
    expect(notes).to.include(
      "Microsoft's: enableArcExtension, Azure, arc, promMdmConverter, mdm, msiAdapter, telegraf, amacoreagent, fluentd.",
    );
    expect(notes).to.include("does not know, and ignored: linux.crds.");
    expect(notes).not.to.include("kubeletRootDir");
    expect([...objects.keys()].filter((name) => /arc|monitoring/i.test(name))).to.deep.equal([]);
  });

  it("refuses the old chart's defaults, which --reuse-values would keep", async () => {
    const old = path.join(folder, "old");
    await cp(chart, old, { recursive: true });
    // What Helm does for --reuse-values: the old release's values stand in for the chart's.
    await writeFile(path.join(old, "values.yaml"), JSON.stringify(await fixture("values-1.8.2")));
    expect(await refusal(["template", "x", old])).to.include("use --reset-then-reuse-values");
  });
});

interface DaemonSet {
  readonly metadata: { readonly labels: Record<string, string> };
  readonly spec: {
    readonly selector: unknown;
    readonly template: {
      readonly metadata: { readonly labels: Record<string, string> };
      readonly spec: {
        readonly serviceAccountName: string;
        readonly containers: Record<
          string,
          { readonly args: unknown; readonly ports: object; readonly readinessProbe?: object }
        >;
        readonly volumes: object;
      };
    };
  };
}

function notesOf(objects: Objects): string {
  return (objects.get("ConfigMap/notes")?.["data"] as { text: string }).text;
}

/** Every value that is no map with something in it, as text, by its path. */
function leaves(node: unknown, place = ""): Map<string, string> {
  const isMap = typeof node === "object" && node !== null && !Array.isArray(node);
  const parts = isMap ? Object.entries(node) : [];
  if (parts.length === 0) return new Map([[place, JSON.stringify(node)]]);
  return new Map(parts.flatMap(([key, part]) => [...leaves(part, place === "" ? key : `${place}.${key}`)]));
}
