import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parseAllDocuments, stringify } from "yaml";
import { CLASS_CASES, parametersOf, SOUND_PARAMETERS } from "../support/class-cases.js";
import { waitUntil } from "../support/wait.js";
import { api, ApiError } from "./support/api.js";
import { kubectl, tryKubectl } from "./support/kubectl.js";

const SUFFIX = Math.random().toString(36).slice(2, 8);
const NAMESPACE = `admission-${SUFFIX}`;
const FILES = ["secretproviderclass-policy.yaml", "secretproviderclass-warnings.yaml"];
const PATIENCE = { limitMs: 120_000, everyMs: 500 };
const CLASSES = `/apis/secrets-store.csi.x-k8s.io/v1/namespaces/${NAMESPACE}/secretproviderclasses`;

interface PolicyObject {
  readonly kind: string;
  metadata: { name: string };
  spec: Record<string, unknown>;
}

/** The policies as shipped, but under names of this run, and for its namespace alone: nobody else is disturbed. */
function ownPolicies(): PolicyObject[] {
  return FILES.flatMap((file) => parseAllDocuments(readFileSync(`manifests/admission/${file}`, "utf8"))).map(
    (document) => {
      const object = document.toJS() as PolicyObject;
      object.metadata.name += `-${SUFFIX}`;
      if (object.kind === "ValidatingAdmissionPolicyBinding") {
        object.spec["policyName"] = `${String(object.spec["policyName"])}-${SUFFIX}`;
        object.spec["matchResources"] = {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": NAMESPACE } },
        };
      }
      return object;
    },
  );
}

const classOf = (
  parameters: Readonly<Record<string, string>> | undefined,
  more: object = {},
  apiVersion = "secrets-store.csi.x-k8s.io/v1",
): object => ({
  apiVersion,
  kind: "SecretProviderClass",
  metadata: { name: "shop" },
  spec: { provider: "azure", ...(parameters === undefined ? {} : { parameters }), ...more },
});

/** Why the API server would not take a class; undefined when it would. Nothing is stored. */
async function refusalOf(manifest: object): Promise<string | undefined> {
  try {
    await api.request("POST", `${CLASSES}?dryRun=All`, manifest);
    return undefined;
  } catch (error) {
    if (error instanceof ApiError && error.status === 422) return error.message;
    throw error;
  }
}

async function warningsOf(manifest: object): Promise<string[]> {
  const { code, stderr } = await tryKubectl(["create", "--dry-run=server", "-n", NAMESPACE, "-f", "-"], {
    input: stringify(manifest),
  });
  expect(code, stderr).to.equal(0);
  return stderr.split("\n").filter((line) => line.startsWith("Warning: "));
}

describe("the admission policy", () => {
  const policies = ownPolicies();
  before(async function () {
    this.timeout(180_000);
    await kubectl(["create", "namespace", NAMESPACE]);
    await kubectl(["apply", "-f", "-"], { input: policies.map((object) => stringify(object)).join("---\n") });
    // The API server takes some seconds until it follows a new policy.
    await waitUntil(
      async () => (await refusalOf(classOf({}))) !== undefined,
      "the policy to refuse",
      PATIENCE,
    );
    await waitUntil(
      async () => (await warningsOf(classOf({ ...SOUND_PARAMETERS, tenantID: "" }))).length > 0,
      "the policy to warn",
      PATIENCE,
    );
  });
  after(async function () {
    this.timeout(180_000);
    for (const { kind, metadata } of policies.toReversed()) {
      await kubectl(["delete", kind, metadata.name, "--ignore-not-found"]);
    }
    await kubectl(["delete", "namespace", NAMESPACE, "--ignore-not-found", "--wait=false"]);
  });

  it("compiles without a warning of the API server", async () => {
    for (const { kind, metadata } of policies) {
      if (kind !== "ValidatingAdmissionPolicy") continue;
      const found = (await api.request(
        "GET",
        `/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/${metadata.name}`,
      )) as { status?: { typeChecking?: { expressionWarnings?: unknown[] } } };
      expect(found.status?.typeChecking?.expressionWarnings ?? []).to.deep.equal([]);
    }
  });

  describe("says what the program says", () => {
    for (const given of CLASS_CASES) {
      const isTaken = given.verdict !== "refused";
      it(`${given.name}: ${isTaken ? "taken" : "refused"}`, async () => {
        const refusal = await refusalOf(classOf(parametersOf(given)));
        if (isTaken) expect(refusal).to.equal(undefined);
        else
          expect(refusal)
            .to.be.a("string")
            .that.includes(given.says ?? "");
      });
    }
  });

  it("refuses a class without parameters, and one of the older API version, for the same reason", async () => {
    expect(await refusalOf(classOf(undefined))).to.include("keyvaultName is not provided");
    const { code, stderr } = await tryKubectl(["create", "--dry-run=server", "-n", NAMESPACE, "-f", "-"], {
      input: stringify(classOf({}, {}, "secrets-store.csi.x-k8s.io/v1alpha1")),
    });
    expect(code).to.equal(1);
    expect(stderr).to.include("keyvaultName is not provided");
  });

  it("leaves classes of other providers alone", async () => {
    expect(await refusalOf(classOf({ usePodIdentity: "yes" }, { provider: "vault" }))).to.equal(undefined);
  });

  it("lets the labels of a class change that was wrong before, but not its spec to another wrong one", async () => {
    const other = classOf({ keyvaultName: "a b" }, { provider: "vault" });
    await api.request("POST", CLASSES, other);
    const patch = (body: object): Promise<unknown> =>
      api.request("PATCH", `${CLASSES}/shop?dryRun=All`, body, "application/merge-patch+json");
    await patch({ metadata: { labels: { a: "b" } } });
    const refusal = await patch({ spec: { provider: "azure" } }).then(
      () => "",
      (error: unknown) => String(error),
    );
    expect(refusal).to.include("Invalid vault name");
    await api.request("DELETE", `${CLASSES}/shop`);
  });

  describe("warns, and refuses nothing,", () => {
    const secret = (type: string, ...keys: string[]): object => ({
      secretObjects: [{ secretName: "a", type, data: keys.map((key) => ({ objectName: "db", key })) }],
    });
    const cases: readonly [name: string, manifest: object, words: string | undefined][] = [
      ["of nothing in a sound class", classOf(SOUND_PARAMETERS, secret("kubernetes.io/tls", "tls.crt", "tls.key")), undefined], // prettier-ignore
      ["of no tenant", classOf({ ...SOUND_PARAMETERS, tenantID: " " }), "--default-tenant-id"],
      ["of half a TLS Secret", classOf(SOUND_PARAMETERS, secret("kubernetes.io/tls", "tls.crt")), "needs tls.crt and tls.key"], // prettier-ignore
      ["of a third key in one", classOf(SOUND_PARAMETERS, secret("kubernetes.io/tls", "tls.crt", "tls.key", "ca.crt")), "no other keys"], // prettier-ignore
      [
        "of a Secret without data",
        classOf(SOUND_PARAMETERS, secret("Opaque")),
        "lacks secretName, type or data",
      ],
      [
        "of data without a key",
        classOf(SOUND_PARAMETERS, secret("Opaque", "")),
        "data without objectName or key",
      ],
    ];
    for (const [name, manifest, words] of cases) {
      it(name, async () => {
        const warnings = await warningsOf(manifest);
        if (words === undefined) expect(warnings).to.deep.equal([]);
        else expect(warnings.join("\n")).to.include(words);
      });
    }
  });
});
