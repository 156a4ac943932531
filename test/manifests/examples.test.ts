import { readFileSync } from "node:fs";
import { expect } from "chai";
import { readSources } from "../../src/commands/manifest/read-sources.js";
import { checkManifests } from "../../src/commands/validate/check-manifests.js";
import { World } from "../support/world.js";
import { describeExample } from "./support/describe-example.js";
import { exampleNames, objectsOf, PLACEHOLDER, readExample } from "./support/example-files.js";
import {
  EXAMPLES_OF_A_NODE,
  EXAMPLES_WITHOUT_MOUNTS,
  MODES_OF_A_NODE,
  mountsOfExample,
} from "./support/example-mounts.js";
import { cloudsOfExamples, type ExampleSite } from "./support/example-site.js";
import { mapsAt, nameOf, textAt, textMapAt, textsAt } from "./support/manifest.js";

/** Every example that there must be; one that is taken away is taken away here too. */
const EXAMPLES = [
  "certificates",
  "custom-cloud",
  "environment-variables",
  "history",
  "identity-binding",
  "ingress-tls",
  "keys",
  "pod-identity",
  "rbac",
  "rotation",
  "secrets",
  "service-principal",
  "split-files",
  "sync-as-kubernetes-secret",
  "sync-controller",
  "system-assigned-managed-identity",
  "two-identities",
  "user-assigned-managed-identity",
  "volume-attributes",
  "workload-identity",
];

describe("manifests/examples", () => {
  it("are these", () => {
    expect(exampleNames()).to.deep.equal(EXAMPLES);
  });

  it("stand in the index, each with a page of the documentation that exists", () => {
    const index = readFileSync("manifests/examples/README.md", "utf8");
    const rows = index.split("\n").filter((line) => line.startsWith("| ["));
    const folders = rows.map(
      (row) => /^\| \[([^\]]+)\]\(\1\) \| [^|]+ \| [^|]*\[[^|]+\]\(\.\.\/\.\.\/docs\//.exec(row)?.[1],
    );
    expect(folders.toSorted()).to.deep.equal(EXAMPLES);
    const placeholders = Object.values(PLACEHOLDER).flat();
    for (const placeholder of placeholders) expect(index).to.contain(`\`${placeholder}\``);
  });

  it("name vaults, tenants and clients by the placeholders of the index only", () => {
    for (const name of EXAMPLES) {
      for (const { parameters, volume } of mountsOfExample(readExample(name))) {
        const said = { ...parameters, ...volume.volumeAttributes, ...volume.nodePublishSecret };
        const expectOneOf = (values: readonly string[], key: string): void => {
          if ((said[key] ?? "") !== "") expect(values, `${key} of ${name}`).to.include(said[key]);
        };
        expectOneOf(PLACEHOLDER.vaults, "keyvaultName");
        expectOneOf(PLACEHOLDER.tenants, "tenantID");
        for (const key of ["clientID", "userAssignedIdentityID", "clientid"]) {
          expectOneOf(PLACEHOLDER.clients, key);
        }
        expectOneOf(PLACEHOLDER.clientSecrets, "clientsecret");
      }
    }
  });

  it("are mounted here, or in test/netns where a node's servers are needed", () => {
    const needNode = EXAMPLES.filter((name) =>
      mountsOfExample(readExample(name)).some(({ plan }) => MODES_OF_A_NODE.has(plan.identity.mode)),
    );
    expect(needNode).to.deep.equal([...EXAMPLES_OF_A_NODE]);
    const without = EXAMPLES.filter((name) => mountsOfExample(readExample(name)).length === 0);
    expect(without).to.deep.equal([...EXAMPLES_WITHOUT_MOUNTS]);
    for (const name of without) {
      const said = readExample(name).objects.map(({ text }) => text);
      expect(said.join("\n"), name).to.contain("# Mounts nothing: roles only.");
    }
  });

  it("are right by the rules of `validate`, warnings taken for errors", async () => {
    for (const name of EXAMPLES) {
      const sources = await readSources([`manifests/examples/${name}`], process.stdin);
      const { findings } = checkManifests(sources, {
        defaults: { cloudName: "AzurePublicCloud" },
        withSeparateFiles: readExample(name).flags.includes("--write-cert-and-key-in-separate-files"),
      });
      const told = findings.map(({ code }) => code).filter((code) => code !== "NOTHING_TO_CHECK");
      // Azure has given up pod identity, which the provider takes on.
      expect(told, JSON.stringify(findings)).to.deep.equal(
        name === "pod-identity" ? ["SETTING_OUTDATED"] : [],
      );
    }
  });

  it("sign in the way that their folder is named after, and all others by workload identity", () => {
    const named: Record<string, string> = {
      "custom-cloud": "service-principal",
      "identity-binding": "identity-binding",
      "pod-identity": "pod-identity",
      "service-principal": "service-principal",
      "system-assigned-managed-identity": "managed-identity of the machine",
      "user-assigned-managed-identity": "managed-identity by its client ID",
    };
    for (const name of EXAMPLES) {
      for (const { plan, title } of mountsOfExample(readExample(name))) {
        const { identity } = plan;
        const whose =
          identity.mode === "managed-identity"
            ? ` ${identity.userAssignedIdentityId === "" ? "of the machine" : "by its client ID"}`
            : "";
        expect(identity.mode + whose, `${name}, ${title}`).to.equal(named[name] ?? "workload-identity");
      }
    }
  });

  it("show every identity mode, type, format, encoding and way to a Secret", () => {
    const mounts = EXAMPLES.flatMap((name) => mountsOfExample(readExample(name)));
    const plans = mounts.map(({ plan }) => plan);
    const objects = plans.flatMap((plan) => plan.objects);
    const shown = (values: readonly string[]): string[] => [...new Set(values)].sort();
    expect(shown(plans.map(({ identity }) => identity.mode))).to.deep.equal(
      [...MODES_OF_A_NODE, "service-principal", "workload-identity"].sort(),
    );
    expect(shown(objects.map(({ type }) => type))).to.deep.equal(["cert", "key", "secret"]);
    expect(shown(objects.map(({ encoding }) => encoding))).to.deep.equal(["base64", "hex", "utf-8"]);
    expect(shown(objects.map(({ format }) => format))).to.deep.equal(["pem", "pfx"]);
    expect(objects.some(({ historyCount }) => historyCount > 0)).to.equal(true);
    const types = mounts.flatMap(({ secretProviderClass }) =>
      mapsAt(secretProviderClass.value, "spec", "secretObjects").map((each) => textAt(each, "type")),
    );
    expect(shown(types)).to.deep.equal([
      "Opaque",
      "kubernetes.io/basic-auth",
      "kubernetes.io/dockerconfigjson",
      "kubernetes.io/ssh-auth",
      "kubernetes.io/tls",
    ]);
  });

  describe("mount", () => {
    const sites = new Map<string, ExampleSite>();
    const keyOf = (flags: readonly string[]): string => flags.join(" ");
    const mountedHere = exampleNames().filter(
      (name) => ![...EXAMPLES_OF_A_NODE, ...EXAMPLES_WITHOUT_MOUNTS].some((other) => other === name),
    );

    before(async () => {
      const first = await World.start({ emulator: { clouds: cloudsOfExamples() } });
      sites.set("", { world: first });
      for (const { flags } of mountedHere.map((name) => readExample(name))) {
        if (sites.has(keyOf(flags))) continue;
        sites.set(keyOf(flags), {
          world: await World.start({ flags, sharedEmulator: first.emulator }),
        });
      }
    });
    after(async () => {
      // Those that share the first one's vaults end before it.
      for (const { world } of [...sites.values()].toReversed()) await world.stop();
    });

    for (const name of mountedHere) {
      describeExample(name, () => {
        const site = sites.get(keyOf(readExample(name).flags));
        return site ?? expect.fail("no provider runs with the example's flags");
      });
    }
  });

  it("rbac gives the Secrets that another example makes, one by one, and no list of them", () => {
    const made = EXAMPLES.flatMap((name) =>
      objectsOf(readExample(name), "SecretProviderClass").flatMap(({ value }) =>
        mapsAt(value, "spec", "secretObjects").map((each) => textAt(each, "secretName")),
      ),
    );
    const example = readExample("rbac");
    const roles = objectsOf(example, "Role").map(({ value }) => value);
    const ofSecrets = roles
      .flatMap((role) => mapsAt(role, "rules"))
      .filter((rule) => textsAt(rule, "resources").includes("secrets"));
    expect(ofSecrets).to.have.length(1);
    for (const rule of ofSecrets) {
      expect(textsAt(rule, "verbs")).to.deep.equal(["get"]);
      expect(textsAt(rule, "resourceNames")).not.to.have.length(0);
      expect(made).to.include.members(textsAt(rule, "resourceNames"));
    }
    const bound = objectsOf(example, "RoleBinding").map(({ value }) => textMapAt(value, "roleRef")["name"]);
    expect(bound.toSorted()).to.deep.equal(roles.map(nameOf).toSorted());
  });
});
