import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import { copyChart } from "../charts/support/packed-chart.js";
import { goTools, needGo } from "../support/go-tools.js";
import { readManifests, type Manifest } from "../support/kubernetes.js";
import { waitUntil } from "../support/wait.js";
import {
  installDefinitions,
  isDefined,
  removeDefinitions,
  WITHOUT_SOURCE,
} from "./support/custom-resources.js";
import { kubectl, tryKubectl } from "./support/kubectl.js";
import { allYamlFiles, shippedManifests } from "./support/shipped-manifests.js";

const SHIPPED = shippedManifests();
const suffix = Math.random().toString(36).slice(2, 8);
/** What the provider needs no Pod Security Standard but "privileged" allows: a folder of the node. */
const PROVIDERS = `manifests-provider-${suffix}`;
/** Where everything else has to be well: a violation is a warning, and a warning an error. */
const OTHERS = `manifests-others-${suffix}`;

/** Chart values → every object that it can make. */
const CHARTS: Readonly<Record<string, readonly string[]>> = {
  "the chart, as it is": [],
  "the chart, with all that can be added": [
    "podMonitor.enabled=true",
    "prometheusRule.enabled=true",
    "grafanaDashboard.enabled=true",
    "linux.hostNetwork=false",
    "linux.openshift.securityContextConstraints.create=true",
    "networkPolicy.enabled=true",
    "windows.enabled=true",
    "secrets-store-csi-driver.syncSecret.enabled=true",
  ],
};

describe("manifests: a real API server takes them, without a warning", () => {
  const installed: string[] = [];
  before(async function () {
    needGo(this); // it fetches the modules with the definitions
    this.timeout(300_000);
    await installDefinitions(installed);
    await makeNamespace(PROVIDERS, "privileged");
    await makeNamespace(OTHERS, "baseline");
  });
  after(async function () {
    this.timeout(300_000);
    try {
      await kubectl(["delete", "namespace", "--ignore-not-found", "--wait=false", PROVIDERS, OTHERS]);
    } finally {
      await removeDefinitions(installed);
    }
  });

  for (const { name, isPrivileged, text } of SHIPPED) {
    it(name, async () => {
      await expectAccepted(await text(), isPrivileged ? PROVIDERS : OTHERS);
    });
  }

  describe("rendered by Helm", () => {
    let folder: string | undefined;
    let chart: string;
    let helm: (...args: string[]) => string;
    let version: string;
    before(async function () {
      const run = goTools(this, "helm");
      folder = mkdtempSync(path.join(tmpdir(), "chart-"));
      chart = await copyChart(folder);
      const answer = JSON.parse(await kubectl(["version", "-o", "json"])) as {
        serverVersion: { gitVersion: string };
      };
      version = answer.serverVersion.gitVersion;
      helm = (...args) => {
        const { status, stdout, stderr } = run("helm", args);
        expect(status, stderr).to.equal(0);
        return stdout;
      };
    });
    after(() => {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    });

    for (const [name, settings] of Object.entries(CHARTS)) {
      it(name, async () => {
        const flags = settings.flatMap((setting) => ["--set", setting]);
        const apis = ["monitoring.coreos.com/v1", "monitoring.coreos.com/v1/PodMonitor"].flatMap((api) => [
          "--api-versions",
          api,
        ]);
        await expectAccepted(
          helm(
            "template",
            "csi",
            chart,
            "--namespace",
            PROVIDERS,
            "--kube-version",
            version,
            ...apis,
            ...flags,
          ),
          PROVIDERS,
        );
      });
    }
  });

  it("the patch of the driver's object for workload identity", async () => {
    const patch = "manifests/kustomize/overlays/workload-identity/csidriver-patch.yaml";
    const driver = {
      apiVersion: "storage.k8s.io/v1",
      kind: "CSIDriver",
      metadata: { name: `patched-${suffix}` },
    };
    await kubectl(["create", "-f", "-"], { input: stringify(driver) });
    try {
      const patched = await kubectl([
        ...["patch", "csidriver", driver.metadata.name, "--patch-file", patch, "--dry-run=server"],
        ...["--warnings-as-errors", "-o", "jsonpath={.spec.tokenRequests[*].audience}"],
      ]);
      expect(patched).to.equal("api://AzureADTokenExchange api://AKSIdentityBinding");
    } finally {
      await kubectl(["delete", "csidriver", driver.metadata.name]);
    }
  });

  describe("what the provider asks of a node, by the restricted Pod Security Standard", () => {
    const namespace = `manifests-restricted-${suffix}`;
    before(async () => {
      await makeNamespace(namespace, "restricted");
    });
    after(async () => {
      await kubectl(["delete", "namespace", "--ignore-not-found", "--wait=false", namespace]);
    });

    const ROOT_WITH_A_FOLDER = ["restricted volume types", "runAsNonRoot != true", "runAsUser=0"];
    const NEEDS: Readonly<Record<string, readonly string[]>> = {
      "manifests/provider-azure-installer.yaml": ["host namespaces", ...ROOT_WITH_A_FOLDER],
      "manifests/kustomize/overlays/workload-identity": ROOT_WITH_A_FOLDER,
      // Its first container is root; the provider is not.
      "manifests/kustomize/overlays/hardened-non-root": ["host namespaces", ...ROOT_WITH_A_FOLDER],
    };
    for (const [name, needs] of Object.entries(NEEDS)) {
      it(`${name}: ${needs.join(", ")}; nothing else`, async () => {
        const text = await SHIPPED.find((one) => one.name === name)?.text();
        const { code, stderr } = await dryRun(readManifests(text ?? ""), namespace, []);
        expect(code, stderr).to.equal(0);
        const [, violations = ""] = /would violate PodSecurity "restricted:latest": (.*)/.exec(stderr) ?? [];
        expect(violations.split(/, (?=[a-z]+(?:[A-Z]| |=))/).map(violationName)).to.have.members(needs);
      });
    }
  });

  it("none is left out: each file is a manifest, part of a kustomization, or something else that is named here", () => {
    const others = ["manifests/embedded-vault/provider-values.yaml", "manifests/embedded-vault/seed.yaml"];
    const covered = new Set([...SHIPPED.flatMap(({ files }) => files), ...others]);
    expect(allYamlFiles().filter((file) => !covered.has(file))).to.deep.equal([]);
    expect(SHIPPED.length).to.be.above(20);
  });

  it("each kind is known to the API server, but for those whose definition cannot be had", async () => {
    const kinds = new Set<string>();
    for (const { text } of SHIPPED) for (const { kind } of readManifests(await text())) kinds.add(kind);
    for (const [kind, definition] of Object.entries(WITHOUT_SOURCE)) {
      expect(kinds, "named without need").to.include(kind);
      if (!(await isDefined(definition)))
        process.stdout.write(`      not checked here: ${kind} (${definition})\n`);
    }
  });
});

async function expectAccepted(text: string, namespace: string): Promise<void> {
  const manifests: Manifest[] = [];
  for (const manifest of readManifests(text)) {
    const definition = WITHOUT_SOURCE[manifest.kind];
    if (definition === undefined || (await isDefined(definition))) manifests.push(manifest);
  }
  expect(manifests).to.not.be.empty;
  // A pod is refused, even in a dry run, when its service account does not exist.
  const accounts = manifests.filter(({ kind }) => kind === "ServiceAccount");
  if (accounts.length > 0)
    await kubectl(["apply", "-n", namespace, "-f", "-"], { input: stream(accounts, namespace) });
  const { code, stderr } = await dryRun(manifests, namespace, ["--warnings-as-errors"]);
  expect(code, stderr).to.equal(0);
  expect(stderr).to.not.match(/^Warning/m);
}

async function dryRun(
  manifests: readonly Manifest[],
  namespace: string,
  flags: readonly string[],
): Promise<{ code: number; stderr: string }> {
  return await tryKubectl(
    ["apply", "--dry-run=server", "--validate=strict", ...flags, "-n", namespace, "-f", "-"],
    { input: stream(manifests, namespace) },
  );
}

/** Documents in a namespace of the test's own, whichever they name: theirs need not exist. */
function stream(manifests: readonly Manifest[], namespace: string): string {
  return manifests
    .map((manifest) =>
      manifest.metadata.namespace === undefined
        ? manifest
        : { ...manifest, metadata: { ...manifest.metadata, namespace } },
    )
    .map((manifest) => stringify(manifest))
    .join("---\n");
}

async function makeNamespace(name: string, standard: string): Promise<void> {
  const labels = {
    "pod-security.kubernetes.io/enforce": "privileged",
    "pod-security.kubernetes.io/warn": standard,
    "pod-security.kubernetes.io/warn-version": "latest",
  };
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
  await kubectl(["create", "-f", "-"], { input: stringify(namespace) });
  await waitUntil(
    async () => (await tryKubectl(["get", "serviceaccount", "default", "-n", name])).code === 0,
    `the default service account of ${name}`,
    { everyMs: 500 },
  );
}

/** `hostPath volumes (volume "provider-vol")` → `hostPath volumes` */
function violationName(violation: string): string {
  return violation.replace(/ ?\(.*$/, "");
}
