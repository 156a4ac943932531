import { expect } from "chai";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { CHART } from "../../scripts/docs/chart.js";
import { copyDriverChart, DRIVER_VERSION } from "./support/driver-chart.js";
import { helm } from "./support/helm.js";

const REPOSITORY = "https://kubernetes-sigs.github.io/secrets-store-csi-driver/charts";
const ARCHIVE = `secrets-store-csi-driver-${DRIVER_VERSION}.tgz`;

describe("chart: helm dependency build from a checkout", () => {
  let folder: string;
  let server: Server;
  let env: Record<string, string>;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "chart-"));
    await cp(CHART, path.join(folder, "chart"), { recursive: true });
    await helm(["package", await copyDriverChart(folder), "--destination", folder]);
    server = createServer((request, response) => {
      void readFile(path.join(folder, path.basename(request.url ?? ""))).then(
        (archive) => response.end(archive),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    // The repository as `helm repo add` leaves it, with an index that says that the archive is on this machine.
    const entry = {
      name: "secrets-store-csi-driver",
      version: DRIVER_VERSION,
      urls: [`http://127.0.0.1:${port}/${ARCHIVE}`],
    };
    const cache = path.join(folder, "cache");
    await mkdir(cache);
    await writeFile(
      path.join(cache, "driver-index.yaml"),
      JSON.stringify({
        apiVersion: "v1",
        entries: { "secrets-store-csi-driver": [{ apiVersion: "v2", ...entry }] },
      }),
    );
    await writeFile(
      path.join(folder, "repositories.yaml"),
      JSON.stringify({ repositories: [{ name: "driver", url: REPOSITORY }] }),
    );
    env = { HELM_REPOSITORY_CONFIG: path.join(folder, "repositories.yaml"), HELM_REPOSITORY_CACHE: cache };
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await rm(folder, { recursive: true, force: true });
  });

  it("takes the driver's chart that Chart.lock names", async () => {
    const chart = path.join(folder, "chart");
    await helm(["dependency", "build", chart, "--skip-refresh"], env);
    expect(await readdir(path.join(chart, "charts"))).to.deep.equal([ARCHIVE]);
    const rendered = await helm(["template", "csi", chart], env);
    expect(rendered).to.include(
      "# Source: csi-secrets-store-provider-azure/charts/secrets-store-csi-driver/",
    );
  });
});
