import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { parse, parseAllDocuments } from "yaml";
import { ALERTS, DASHBOARD, monitoringManifests } from "../../scripts/monitoring/manifests.js";
import { queryProblems } from "../support/check-query.js";
import { exportedMetrics } from "../support/exported-metrics.js";

interface PodMonitor {
  readonly spec: {
    readonly jobLabel: string;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly podMetricsEndpoints: readonly {
      readonly port: string;
      readonly path: string;
      readonly relabelings: readonly { readonly targetLabel: string }[];
    }[];
  };
}

interface DaemonSet {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly containers: readonly { readonly ports: readonly { readonly name: string }[] }[];
      };
    };
  };
}

describe("manifests/monitoring", () => {
  for (const [path, text] of monitoringManifests()) {
    it(`${path} is what scripts/monitoring.ts makes of the chart's files`, async () => {
      expect(await readFile(path, "utf8")).to.equal(text);
    });
  }

  it("the rule and the dashboard arrive unchanged in what Kubernetes is given", async () => {
    const rule = parse(await readFile("manifests/monitoring/prometheusrule.yaml", "utf8")) as {
      spec: unknown;
    };
    expect(rule.spec).to.deep.equal(parse(await readFile(ALERTS, "utf8")));
    const map = parse(await readFile("manifests/monitoring/dashboard.yaml", "utf8")) as {
      data: Record<string, string>;
    };
    expect(Object.values(map.data)).to.deep.equal([await readFile(DASHBOARD, "utf8")]);
  });

  it("the PodMonitor finds the provider's pods, their port, and names node and job as the alerts expect", async () => {
    const { spec } = parse(await readFile("manifests/monitoring/podmonitor.yaml", "utf8")) as PodMonitor;
    const [template] = parseAllDocuments(await readFile("manifests/provider-azure-installer.yaml", "utf8"))
      .map((document) => document.toJS() as DaemonSet & { kind: string })
      .filter(({ kind }) => kind === "DaemonSet")
      .map((daemonSet) => daemonSet.spec.template);
    expect(template?.metadata.labels).to.include(spec.selector.matchLabels);
    const [endpoint] = spec.podMetricsEndpoints;
    expect(template?.spec.containers[0]?.ports.map(({ name }) => name)).to.include(endpoint?.port);
    expect(endpoint?.path).to.equal("/metrics");
    expect(endpoint?.relabelings.map(({ targetLabel }) => targetLabel)).to.include("node");
    const job = template?.metadata.labels[spec.jobLabel] ?? "";
    const [, wanted = "absent"] = /up\{job=~"([^"]+)"\}/.exec(await readFile(ALERTS, "utf8")) ?? [];
    expect(job).to.match(new RegExp(`^(?:${wanted})$`));
  });
});

describe("docs/metrics.md", () => {
  it("shows only queries whose metrics, labels and values exist", async () => {
    const exported = await exportedMetrics();
    const text = await readFile("docs/metrics.md", "utf8");
    const [, block = ""] = /```promql\n([^]*?)```/.exec(text) ?? [];
    // A query ends where the next line does not go on with an operator.
    const queries = block
      .replaceAll(/^#.*\n/gm, "\n")
      .split(/\n(?! +\/)/)
      .filter((query) => query.trim() !== "");
    expect(queries).to.have.length.above(10);
    expect(queries.flatMap((query) => queryProblems(query, exported))).to.deep.equal([]);
  });
});

describe("docs/monitoring.md", () => {
  it("leads to pages and headings that exist", async () => {
    const text = await readFile("docs/monitoring.md", "utf8");
    const links = [...text.matchAll(/\]\(([^)#]*)(?:#([^)]+))?\)/g)];
    expect(links).to.have.length.above(10);
    for (const [link, page = "", anchor] of links) {
      const headings = (await readFile(`docs/${page === "" ? "monitoring.md" : page}`, "utf8")).matchAll(
        /^#+ (.+)$/gm,
      );
      if (anchor !== undefined)
        expect(
          [...headings].map(([, title = ""]) => anchorOf(title)),
          link,
        ).to.include(anchor);
    }
  });
});

/** As GitHub makes a heading's anchor. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}
