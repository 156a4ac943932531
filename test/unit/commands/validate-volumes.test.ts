import { expect } from "chai";
import { brief, classYaml, findingsOf, podYaml } from "./support.js";

const CSI = "spec.volumes[0].csi";
const NO_IDENTITY = classYaml({ parameters: "" });
const secretYaml = (data: string, label = '    secrets-store.csi.k8s.io/used: "true"'): string =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: creds\n  labels:\n${label}\nstringData:\n${data}\n`;

/** Findings of a pod beside what it needs, as `<severity> <code> <field>`. */
function check(pod: string, ...others: readonly string[]): string[] {
  return brief(findingsOf([...others, pod].join("---\n"))).map((line) => line.replace(/^\S+ /, ""));
}

describe("commands/validate, volumes of pods", () => {
  it("finds nothing in a sound pair, in every kind that makes pods", () => {
    expect(check(podYaml(), classYaml())).to.deep.equal([]);
    for (const kind of ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"]) {
      const volumes =
        "containers: []\nvolumes: [{name: v, csi: {driver: secrets-store.csi.k8s.io, readOnly: true, volumeAttributes: {secretProviderClass: nobody}}}]";
      const path =
        kind === "CronJob"
          ? ["spec", "jobTemplate", "spec", "template", "spec"]
          : ["spec", "template", "spec"];
      const spec = path.reduceRight((inner, key) => `${key}:\n${inner.replace(/^/gm, "  ")}`, volumes);
      expect(
        check(`apiVersion: apps/v1\nkind: ${kind}\nmetadata: {name: x}\n${spec}\n`, classYaml()),
        kind,
      ).to.deep.equal([
        `warning VOLUME_CLASS_MISSING ${path.join(".")}.volumes[0].csi.volumeAttributes.secretProviderClass`,
      ]);
    }
  });

  it("warns of a class that is not in the files, with the one that was meant", () => {
    const [finding] = findingsOf(`${classYaml()}---\n${podYaml({ className: "shops" })}`);
    expect(finding).to.include({ code: "VOLUME_CLASS_MISSING", severity: "warning" });
    expect(finding?.message).to.include('did you mean "shop"?');
  });

  it("knows that a class of another namespace is out of reach, and one of another provider nobody's mistake", () => {
    const elsewhere = classYaml({ metadata: "namespace: other" });
    const pod = podYaml().replace("name: shop-pod", "name: shop-pod\n  namespace: mine");
    const [finding] = findingsOf(`${elsewhere}---\n${pod}`);
    expect(finding?.message).to.include('there is one in namespace "other"');
    expect(
      check(podYaml(), classYaml({ name: "ours" }), classYaml().replace("azure", "vault")),
    ).to.deep.equal([]);
  });

  it("means the class beside the pod where several have its name", () => {
    const pod = podYaml();
    const findings = findingsOf({
      "base/class.yaml": NO_IDENTITY,
      "test/class.yaml": classYaml(),
      "test/pod.yaml": pod,
    });
    expect(brief(findings.filter(({ object }) => object.startsWith("Pod")))).to.deep.equal([]);
  });

  it("sees a volume that is not read-only, and one without a class", () => {
    expect(check(podYaml().replace("readOnly: true", "readOnly: false"), classYaml())).to.deep.equal([
      `error VOLUME_INVALID ${CSI}.readOnly`,
    ]);
    expect(check(podYaml().replace(/ +secretProviderClass.*\n/, ""), classYaml())).to.deep.equal([
      `error VOLUME_INVALID ${CSI}.volumeAttributes.secretProviderClass`,
    ]);
  });

  it("warns of subPath and subPathExpr of that volume alone", () => {
    for (const field of ["subPath", "subPathExpr"]) {
      expect(check(podYaml({ mount: `mountPath: /a\n${field}: db` }), classYaml())).to.deep.equal([
        `warning VOLUME_SUBPATH spec.containers[0].volumeMounts[0].${field}`,
      ]);
    }
    const other = podYaml({ mount: "mountPath: /a\nsubPath: db" }).replace(
      "- name: secrets\n",
      "- name: other\n",
    );
    expect(check(other, classYaml())).to.deep.equal([]);
  });

  it("holds volumeAttributes against the rules, at their own lines, and says nothing of the class twice", () => {
    const wrong = podYaml({ attributes: 'useVMManagedIdentity: "maybe"\ncloudName: moon' });
    expect(check(wrong, classYaml())).to.deep.equal([
      `error PARAMETER_INVALID ${CSI}.volumeAttributes.useVMManagedIdentity`,
      `error CLOUD_UNKNOWN ${CSI}.volumeAttributes.cloudName`,
    ]);
    const broken = classYaml({ parameters: "clientID: a b" });
    expect(check(podYaml(), broken)).to.deep.equal(["error PARAMETER_INVALID spec.parameters.clientID"]);
    expect(check(podYaml({ attributes: "clientID: 5" }), classYaml())).to.deep.equal([
      `error VOLUME_INVALID ${CSI}.volumeAttributes.clientID`,
    ]);
  });

  it("may bring what the class leaves out; it is missing where one of them does not", () => {
    const open = classYaml().replace(/ +keyvaultName.*\n/, "");
    const missing = "error PARAMETER_MISSING spec.parameters.keyvaultName";
    const brings = podYaml({ attributes: "keyvaultName: contoso-shop" });
    expect(check(brings, open)).to.deep.equal([]);
    expect(check(brings, podYaml(), open)).to.deep.equal([missing]);
    expect(check(podYaml({ className: "other" }), open)).to.include(missing);
  });

  describe("of a class without an identity", () => {
    const withSecret = podYaml({ csi: "nodePublishSecretRef:\n  name: creds" });

    it("need a Secret", () => {
      expect(check(podYaml(), NO_IDENTITY)).to.deep.equal([`error IDENTITY_SECRET_MISSING ${CSI}`]);
      expect(check(withSecret, NO_IDENTITY)).to.deep.equal([]);
    });

    it("or attributes that choose one", () => {
      expect(check(podYaml({ attributes: "clientID: app" }), NO_IDENTITY)).to.deep.equal([]);
    });

    it("whose keys are looked at where it is in the files, and its values never shown", () => {
      const sound = secretYaml("  ClientID: hush-app\n  clientsecret: hush-secret");
      expect(check(withSecret, NO_IDENTITY, sound)).to.deep.equal([]);
      const half = secretYaml("  clientid: hush-app\n  clientscret: hush-secret");
      expect(check(withSecret, NO_IDENTITY, half)).to.deep.equal([`error IDENTITY_SECRET_MISSING ${CSI}`]);
      const findings = findingsOf([NO_IDENTITY, half, withSecret].join("---\n"));
      expect(JSON.stringify(findings)).to.not.include("hush");
    });

    it("and its label", () => {
      const unlabelled = secretYaml("  clientid: a\n  clientsecret: b", "    app: shop");
      expect(check(withSecret, NO_IDENTITY, unlabelled)).to.deep.equal([
        `warning SECRET_UNLABELLED ${CSI}.nodePublishSecretRef.name`,
      ]);
    });
  });
});
