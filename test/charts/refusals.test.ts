import { expect } from "chai";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { helm, refusal } from "./support/helm.js";
import { render } from "./support/objects.js";
import { copyChart } from "./support/packed-chart.js";

/** What cannot be meant, and the words that say so. */
const REFUSED: readonly (readonly [value: string, words: RegExp])[] = [
  ["logVerbosity=much", /logVerbosity/],
  ["constructPEMChain=perhaps", /constructPEMChain/],
  ["cloudName=Azure", /cloudName/],
  ["defaultTenantID=a b", /defaultTenantID/],
  ["defaultTenantID=a..b", /defaultTenantID/],
  ["tokenProxyURL=http://proxy.example", /tokenProxyURL/],
  ["objectCacheTTL=60", /objectCacheTTL/],
  ["vaultMaxRequestsPerSecond=-1", /vaultMaxRequestsPerSecond/],
  ["extraCABundle.pem=ca.crt", /extraCABundle.*pem/s],
  ["extraCABundle.confgMapName=a", /confgMapName/],
  [
    "extraCABundle.configMapName=a,extraCABundle.secretName=b",
    /takes one of pem, configMapName and secretName/,
  ],
  [
    "extraCABundle.configMapName=a,linux.env[0].name=NODE_EXTRA_CA_CERTS,linux.env[0].value=/x",
    /both set NODE_EXTRA_CA_CERTS/,
  ],
  [
    "cloudEnvironment.a=b,linux.env[0].name=AZURE_ENVIRONMENT_FILEPATH,linux.env[0].value=/x",
    /both set AZURE_ENVIRONMENT_FILEPATH/,
  ],
  [
    "linux.updateStrategy.rollingUpdate.maxSurge=1",
    /with linux.hostNetwork two pods cannot have the same ports/,
  ],
  [
    "linux.hostNetwork=false,linux.updateStrategy.rollingUpdate.maxSurge=1",
    /a new provider is ready once the old one has left the socket/,
  ],
  ["metricsAddr=:8898", /metricsAddr/],
  ["linux.healthzPort=0", /healthzPort/],
  ["linux.healthzPath=healthz", /healthzPath/],
  ["linux.image.digest=0a0a", /digest/],
  ["linux.providerName=../azure", /providerName/],
  ["linux.image.pullPolicy=Sometimes", /pullPolicy/],
  ["linux.extraArgs[0]=verbose", /extraArgs/],
  ["linux.env[0].nam=x", /linux.*env/s],
  ["linux.readinessProbe.failureTreshold=2", /failureTreshold/],
  ["linux.hostNetwork=false,linux.healthzBindAddress=127.0.0.1", /must listen on all/],
  ["networkPolicy.enabled=true", /set linux.hostNetwork=false too/],
  [
    "linux.openshift.securityContextConstraints.create=true,linux.privileged=true",
    /allows no privileged container/,
  ],
  ["linux.openshift.scc.create=true", /openshift/],
  ["podMonitor.label.a=b", /podMonitor/],
  ["serviceAccount.nam=x", /serviceAccount/],
];

describe("chart: lint, versions, what depends on several values, refusals", () => {
  let folder: string;
  let chart: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "chart-"));
    chart = await copyChart(folder, { notes: true });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("has nothing that Helm's lint complains about", async () => {
    const everything = [
      "linux.hostNetwork=false",
      "networkPolicy.enabled=true",
      "windows.enabled=true",
      "podMonitor.enabled=true",
      "prometheusRule.enabled=true",
      "grafanaDashboard.enabled=true",
      "cloudEnvironment.a=b",
    ].flatMap((value) => ["--set", value]);
    for (const values of [[], everything])
      expect(await helm(["lint", "--strict", chart, ...values])).to.include("0 chart(s) failed");
  });

  it("renders for every Kubernetes that it says, and for no older one", async () => {
    for (const version of ["1.22.0", "1.30.0", "1.34.4", "1.37.0"]) {
      const objects = await render(chart, {}, ["--kube-version", version]);
      expect(objects.has("DaemonSet/csi-secrets-store-provider-azure"), version).to.equal(true);
      // The driver's chart asks for tokens in another field since 1.35.
      const csi = objects.get("CSIDriver/secrets-store.csi.k8s.io")?.["spec"];
      expect(csi).to.deep.include({
        tokenRequests: [{ audience: "api://AzureADTokenExchange" }, { audience: "api://AKSIdentityBinding" }],
        requiresRepublish: false,
      });
      expect("serviceAccountTokenInSecrets" in (csi as object), version).to.equal(version === "1.37.0");
    }
    expect(await refusal(["template", "x", chart, "--kube-version", "1.21.9"])).to.include("incompatible");
  });

  it("gives the scraped metrics the job that the alerts look for, whatever the chart is called", async () => {
    const values = { nameOverride: "azure", podMonitor: { enabled: true } };
    const spec = (await render(chart, values)).get("PodMonitor/csi-secrets-store-provider-azure")?.["spec"];
    expect(JSON.stringify(spec)).to.include(
      '{"targetLabel":"job","replacement":"csi-secrets-store-provider-azure"}',
    );
  });

  it("tells those on OpenShift what they need", async () => {
    const flags = ["--api-versions", "security.openshift.io/v1"];
    const notes = async (linux: object): Promise<string> => {
      const objects = await render(chart, { linux }, flags);
      return JSON.stringify(objects.get("ConfigMap/notes"));
    };
    expect(await notes({})).to.include("linux.openshift.securityContextConstraints.create=true");
    expect(await notes({ privileged: true })).not.to.include("OpenShift");
    expect(await notes({ privileged: true })).to.include("less hardened");
    const own = await notes({ openshift: { securityContextConstraints: { create: true } } });
    expect(own).not.to.include("OpenShift");
    expect(own).not.to.include("less hardened");
  });

  it("tells what values take away of the hardening, and nothing of what they add", async () => {
    const notes = async (linux: object): Promise<string> =>
      JSON.stringify((await render(chart, { linux })).get("ConfigMap/notes"));
    const less = "WARNING: less hardened than this chart is by itself: linux.";
    expect(await notes({})).not.to.include("less hardened");
    expect(await notes({ securityContext: { runAsUser: 65532, runAsNonRoot: true } })).not.to.include(
      "less hardened",
    );
    expect(await notes({ privileged: true })).to.include(`${less}privileged.`);
    expect(await notes({ podSecurityContext: null })).to.include(`${less}podSecurityContext.seccompProfile.`);
    expect(await notes({ securityContext: { capabilities: { add: ["SYS_ADMIN"] } } })).to.include(
      `${less}securityContext.capabilities.`,
    );
    expect(await notes({ securityContext: null })).to.include(
      `${less}securityContext.allowPrivilegeEscalation, linux.securityContext.readOnlyRootFilesystem, ` +
        "linux.securityContext.capabilities.",
    );
  });

  it("tells those who have the driver already how to see whether it asks for tokens", async () => {
    const notes = async (install: boolean): Promise<string> => {
      const objects = await render(chart, { "secrets-store-csi-driver": { install } });
      return JSON.stringify(objects.get("ConfigMap/notes"));
    };
    expect(await notes(false)).to.include("kubectl get csidriver secrets-store.csi.k8s.io");
    expect(await notes(true)).not.to.include("get csidriver");
  });

  it("lets a new provider start beside the old one where that can end", async () => {
    const updateStrategy = { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };
    const linux = { hostNetwork: false, readinessProbe: { enabled: false }, updateStrategy };
    const objects = [...(await render(chart, { linux })).values()];
    expect(JSON.stringify(objects.map(({ spec }) => spec))).to.include('"maxSurge":1');
  });

  for (const [value, words] of REFUSED)
    it(`refuses ${value}`, async () => {
      expect(await refusal(["template", "x", chart, "--set", value])).to.match(words);
    });
});
