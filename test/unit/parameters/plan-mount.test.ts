import { expect } from "chai";
import { MAX_SHOWN_PROBLEMS } from "../../../src/parameters/problems.js";
import { type Attributes, objectsOf, ONE_SECRET, plan, problemsOf, thrownBy } from "./support.js";

const POD = "csi.storage.k8s.io/pod.name";
const NAMESPACE = "csi.storage.k8s.io/pod.namespace";
const problems = (changes: Attributes): { code: string; message: string }[] =>
  problemsOf(() => plan(changes));
const messages = (changes: Attributes): string[] => problems(changes).map(({ message }) => message);
const codes = (changes: Attributes): string[] => problems(changes).map(({ code }) => code);

describe("parameters/plan-mount planMount", () => {
  it("makes a whole plan of a sound class", () => {
    const { identity, objects, ...rest } = plan();
    expect(rest).to.deep.equal({
      pod: { name: "orders-0", namespace: "shop", uid: "aaaa", serviceAccountName: "orders" },
      className: "orders",
      targetPath: "/var/lib/kubelet/pods/x/volumes/kubernetes.io~csi/v/mount",
      vaultName: "orders-vault",
      tenantId: "11111111-2222-3333-4444-555555555555",
      cloud: { name: "AzurePublicCloud", environmentFile: "" },
      warnings: [],
    });
    expect(identity.mode).to.equal("workload-identity");
    expect(objects).to.have.length(1);
  });

  it("trims every parameter", () => {
    const { vaultName, tenantId, cloud, identity } = plan({
      keyvaultName: " orders-vault\n",
      tenantID: "\ttenant ",
      cloudName: " azurechinacloud\r\n",
      clientID: " app ",
      usePodIdentity: " false ",
    });
    expect({ vaultName, tenantId, cloud: cloud.name }).to.deep.equal({
      vaultName: "orders-vault",
      tenantId: "tenant",
      cloud: "AzureChinaCloud",
    });
    expect(identity).to.include({ clientId: "app" });
  });

  describe("the pod, first and alone", () => {
    const INFO = "the CSIDriver object secrets-store.csi.k8s.io must have podInfoOnMount: true";
    const cases: readonly { name: string; changes: Attributes; expected: readonly string[] }[] = [
      { name: "no name", changes: { [POD]: undefined }, expected: [`pod name is not provided; ${INFO}`] },
      { name: "a blank name", changes: { [POD]: " " }, expected: [`pod name is not provided; ${INFO}`] },
      { name: "no namespace", changes: { [NAMESPACE]: "" }, expected: [`pod namespace is not provided; ${INFO}`] },
      { name: "neither", changes: { [POD]: "", [NAMESPACE]: "" }, expected: [`pod name is not provided; ${INFO}`, `pod namespace is not provided; ${INFO}`] },
      { name: "a name that breaks a header", changes: { [POD]: "a\r\nx: y" }, expected: ['pod name "a\\u{d}\\nx: y" is no name of Kubernetes'] },
      { name: "a name of 254", changes: { [POD]: "x".repeat(254) }, expected: [`pod name "${"x".repeat(80)}…" (254 characters) is no name of Kubernetes`] },
    ]; // prettier-ignore
    for (const { name, changes, expected } of cases) {
      it(`says of ${name} so, whatever else is wrong`, () => {
        expect(messages({ ...changes, keyvaultName: "", objects: "[" })).to.deep.equal(expected);
      });
    }
    it("takes a name of 253 characters", () => {
      expect(plan({ [POD]: "x".repeat(253) }).pod.name).to.have.length(253);
    });
  });

  describe("keyvaultName", () => {
    for (const name of ["abc", "-a-", "A1-", "x".repeat(23), "x".repeat(24)]) {
      it(`takes ${name}`, () => {
        expect(plan({ keyvaultName: name }).vaultName).to.equal(name);
      });
    }
    for (const name of ["ab", "x".repeat(25), "a_b", "a.b", "https://a.vault.azure.net/", "a b", "ключ", "abc\n.evil"]) {
      it(`refuses ${JSON.stringify(name)}`, () => {
        expect(messages({ keyvaultName: name })).to.deep.equal([
          `Invalid vault name: ${JSON.stringify(name)} in keyvaultName must match [-A-Za-z0-9]{3,24}; write the vault's name, not its URL`,
        ]);
      });
    } // prettier-ignore
    for (const name of ["xn--abc", "XN--abc"]) {
      it(`refuses ${name}, which is no host in every Node`, () => {
        expect(messages({ keyvaultName: name })).to.deep.equal([
          `Invalid vault name: "${name}" in keyvaultName begins with xn--, as no vault's does; write the vault's name`,
        ]);
      });
    }
    it("finds it in another case where it is missed", () => {
      expect(messages({ keyvaultName: undefined, keyVaultName: "x" })).to.deep.equal([
        'keyvaultName is not provided ("keyVaultName" is set; write keyvaultName); set it to the name of the Key Vault',
      ]);
      expect(codes({ keyvaultName: " " })).to.deep.equal(["PARAMETER_MISSING"]);
    });
  });

  describe("tenantID and tenantId", () => {
    const cases: readonly (readonly [string, Attributes, string])[] = [
      ["the newer", { tenantID: "a" }, "a"],
      ["the older", { tenantID: undefined, tenantId: "b" }, "b"],
      ["the newer before the older", { tenantID: "a", tenantId: "b" }, "a"],
      ["the older where the newer is blank", { tenantID: " ", tenantId: "b" }, "b"],
      ["the newer before a wrong older", { tenantID: "a", tenantId: "<x>" }, "a"],
      ["a domain", { tenantID: "contoso.onmicrosoft.com" }, "contoso.onmicrosoft.com"],
      ["adfs", { tenantID: "adfs" }, "adfs"],
      ["254 characters", { tenantID: "x".repeat(254) }, "x".repeat(254)],
    ];
    for (const [name, changes, expected] of cases) {
      it(`takes ${name}`, () => {
        expect(plan(changes).tenantId).to.equal(expected);
      });
    }
    for (const mode of [{ useVMManagedIdentity: "true" }, { usePodIdentity: "T" }]) {
      it(`only warns of one that is none beside ${JSON.stringify(mode)}, where no tenant is asked`, () => {
        const { tenantId, warnings } = plan({ ...mode, tenantID: "<your tenant>", clientID: undefined });
        expect(tenantId).to.equal("common");
        expect(warnings.join()).to.contain('tenantID "<your tenant>" is no tenant');
      });
    }

    it("refuses one that is none beside a mode that is switched off", () => {
      expect(messages({ useVMManagedIdentity: "false", tenantID: "<x>" })[0]).to.contain("is no tenant");
    });

    for (const tenant of ["../x", "a/b", "a?b", "a b", "<id>", ".a", "a.", "-a", "a..b", "x".repeat(255)]) {
      it(`refuses ${JSON.stringify(tenant.slice(0, 20))} of ${tenant.length} characters under either name`, () => {
        expect(messages({ tenantID: tenant })[0]).to.match(
          /^tenantID ".* is no tenant; write the tenant's ID/,
        );
        expect(messages({ tenantID: undefined, tenantId: tenant })[0]).to.match(/^tenantId ".* is no tenant/);
      });
    }
    it("says that it is missing in the old words", () => {
      expect(messages({ tenantID: "" })).to.deep.equal([
        "tenantId is not provided; set tenantID to the tenant of the Key Vault",
      ]);
    });
  });

  describe("cloudName and cloudEnvFileName", () => {
    it("takes the default cloud, and any spelling of another", () => {
      expect(plan({ cloudName: " " }).cloud.name).to.equal("AzurePublicCloud");
      expect(plan({ cloudName: "AZUREUSGOVERNMENT" }).cloud.name).to.equal("AzureUSGovernmentCloud");
    });
    it("says of an unknown one what there is", () => {
      expect(problems({ cloudName: "Azure\nMoon" })).to.deep.equal([
        {
          code: "CLOUD_UNKNOWN",
          message:
            'cloudName "Azure\\nMoon" is not valid; write AzurePublicCloud, AzureUSGovernmentCloud, AzureChinaCloud, ' +
            "AzureGermanCloud or AzureStackCloud",
        },
      ]);
    });
    it("takes a path for AzureStackCloud, as long as a path can be", () => {
      const path = `/${"x".repeat(4095)}`;
      expect(plan({ cloudName: "AzureStackCloud", cloudEnvFileName: path }).cloud.environmentFile).to.equal(
        path,
      );
      for (const wrong of [`${path}x`, "/a\0b"]) {
        expect(messages({ cloudName: "AzureStackCloud", cloudEnvFileName: wrong })[0]).to.match(/^cloudEnvFileName .* cannot be a path/); // prettier-ignore
      }
    });
    it("passes over any path for the other clouds, with a word", () => {
      for (const path of ["/etc/cloud.json", "x".repeat(5000)]) {
        expect(plan({ cloudEnvFileName: path }).warnings).to.deep.equal([
          "cloudEnvFileName is ignored: the cloud is AzurePublicCloud; set cloudName to AzureStackCloud to use it",
        ]);
      }
    });
  });

  describe("booleans", () => {
    const FLAGS = ["usePodIdentity", "useVMManagedIdentity", "useAzureTokenProxy"];
    for (const flag of FLAGS) {
      it(`reads ${flag} as Go's ParseBool, blank as false`, () => {
        for (const no of ["0", "f", "F", "FALSE", "false", "False", "", "  "]) {
          expect(plan({ [flag]: no }).identity.mode).to.equal("workload-identity");
        }
        for (const yes of ["1", "t", "T", "TRUE", "true", "True", " true\n"]) {
          const changes = flag === "useAzureTokenProxy" ? { clientID: undefined } : {};
          const [code] = flag === "useAzureTokenProxy" ? codes({ ...changes, [flag]: yes }) : [undefined];
          if (code === undefined)
            expect(plan({ [flag]: yes }).identity.mode).not.to.equal("workload-identity");
          else expect(code).to.equal("PARAMETER_MISSING");
        }
        for (const other of ["yes", "no", "on", "tRUE", "2", "-1", "null", "true false"]) {
          expect(messages({ [flag]: other })).to.deep.equal([
            `failed to parse ${flag} flag, error: "${other}" is no boolean; write one of true, false, 1, 0, t, f, T, F, TRUE, FALSE, True or False`,
          ]);
        }
      });
    }
    it("names all wrong ones, and a conflict of all that mean yes", () => {
      const all = (text: string): string[] => codes(Object.fromEntries(FLAGS.map((flag) => [flag, text])));
      expect(all("yes")).to.deep.equal([...FLAGS.map(() => "PARAMETER_INVALID"), "IDENTITY_CONFLICT"]);
      expect(all("no")).to.deep.equal(FLAGS.map(() => "PARAMETER_INVALID"));
      expect(
        codes({ usePodIdentity: "1", useVMManagedIdentity: "1", useAzureTokenProxy: "yes" }),
      ).to.deep.equal(["PARAMETER_INVALID", "IDENTITY_CONFLICT"]);
    });
  });

  describe("unknown parameters", () => {
    it("are ignored with a word that says what was meant, and never their value", () => {
      const { warnings } = plan({
        keyVaultname: "hush",
        resourceGroup: "hush",
        colour: "hush",
        "a\nb": "hush",
      });
      expect(warnings).to.deep.equal([
        'parameter "keyVaultname" is unknown and is ignored; did you mean keyvaultName?',
        "parameter resourceGroup has had no effect for years; remove it",
        'parameter "colour" is unknown and is ignored',
        'parameter "a\\nb" is unknown and is ignored',
      ]);
    });
    it("of the driver and of Kubernetes are known, those to come too", () => {
      expect(
        plan({ "csi.storage.k8s.io/ephemeral": "true", "csi.storage.k8s.io/new": "x" }).warnings,
      ).to.deep.equal([]);
    });
    it("get ten lines at most", () => {
      const many = (count: number): Attributes =>
        Object.fromEntries(Array.from({ length: count }, (_, i) => [`unknown-${i}`, "x"]));
      for (const [count, lines] of [[9, 9], [10, 10], [11, 10], [900, 10]] as const) {
        expect(plan(many(count)).warnings).to.have.length(lines);
      } // prettier-ignore
      expect(plan(many(11)).warnings.at(-1)).to.equal("and 2 more warnings");
      expect(plan(many(900)).warnings.at(-1)).to.equal("and 891 more warnings");
    });
    it("named as a method of every object are data", () => {
      expect(
        plan(JSON.parse('{"__proto__": "x", "constructor": "y"}') as Attributes).warnings,
      ).to.have.length.at.least(1);
    });
  });

  describe("files in each other's way", () => {
    const files = (...aliases: readonly string[]): string =>
      objectsOf(...aliases.map((objectAlias) => ({ objectName: "a", objectType: "secret", objectAlias })));
    it("are named with both objects, all at once", () => {
      expect(problems({ objects: files("x", "d", "x", "d/y") })).to.deep.equal([
        { code: "FILE_CONFLICT", message: 'objects[0] and objects[2] both write the file "x"; give one of them another objectAlias' },
        { code: "FILE_CONFLICT", message: 'objects[1] writes the file "d", but objects[3] needs a folder of that name for "d/y"; give one of them another objectAlias' },
      ]); // prettier-ignore
    });
    it("are found between a history and a file of its name, and at the top of the volume", () => {
      const history = { objectName: "a", objectType: "secret", objectVersionHistory: "2" };
      const file = { objectName: "a", objectType: "key" };
      expect(codes({ objects: objectsOf(history, file) })).to.deep.equal(["FILE_CONFLICT"]);
      expect(codes({ objects: objectsOf({ ...history, objectAlias: "." }, { ...file, objectAlias: "0" }) })).to.deep.equal(["FILE_CONFLICT"]); // prettier-ignore
      expect(plan({ objects: objectsOf(history, { ...file, objectAlias: "a/x" }) }).objects).to.have.length(
        2,
      );
    });
    it("are none where one object goes to several files", () => {
      expect(plan({ objects: files("x", "y", "d/x", "d/y") }).objects).to.have.length(4);
    });
  });

  describe("problems", () => {
    it("come in the order of the parameters, then of the objects", () => {
      const objects = "- {objectName: a, objectType: x}\n- '['\n- {objectName: b, objectType: key, filePermission: x}\n- {objectName: c, objectType: key}\n- {objectName: c, objectType: key}\n"; // prettier-ignore
      const changes = {
        keyvaultName: "",
        tenantID: "",
        cloudName: "moon",
        usePodIdentity: "x",
        clientID: "",
        objects,
      };
      expect(codes(changes)).to.deep.equal([
        "PARAMETER_MISSING",
        "PARAMETER_MISSING",
        "CLOUD_UNKNOWN",
        "PARAMETER_INVALID",
        "OBJECT_FIELD_INVALID",
        "OBJECT_NOT_YAML",
        "OBJECT_FIELD_INVALID",
        "FILE_CONFLICT",
      ]);
      expect(thrownBy(() => plan(changes)).message).to.match(
        /^the SecretProviderClass has 8 problems: \(1\) keyvaultName is not provided.*\(8\) objects\[3\] and objects\[4\]/,
      );
    });
    it("stand alone where there is one", () => {
      expect(thrownBy(() => plan({ objects: " " })).message).to.match(/^objects is not set; write "array:"/);
      expect(codes({ objects: undefined })).to.deep.equal(["OBJECTS_MISSING"]);
    });
    it(`are shown up to ${MAX_SHOWN_PROBLEMS}, and counted beyond`, () => {
      const wrong = (count: number): Attributes => ({
        objects: "- {objectName: a, objectType: x}\n".repeat(count),
      });
      const most = MAX_SHOWN_PROBLEMS;
      for (const [count, shown, words] of [
        [most - 1, most - 1, `has ${most - 1} problems: (1)`],
        [most, most, `has ${most} problems: (1)`],
        [most + 1, most, `has ${most + 1} problems, the first ${most} of them: (1)`],
        [1000, most, `has 1000 problems, the first ${most} of them: (1)`],
      ] as const) {
        expect(problems(wrong(count))).to.have.length(shown);
        expect(thrownBy(() => plan(wrong(count))).message).to.include(words);
      }
    });
  });

  it("gives forty warnings at most", () => {
    const unknown = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`unknown-${i}`, "x"]));
    const fields = Array.from({ length: 50 }, (_, i) => `    x${i}: y\n`).join("");
    const pfx = "  - {objectType: key, objectFormat: PFX, objectName: NAME}\n";
    const objects =
      ONE_SECRET + fields + Array.from({ length: 50 }, (_, i) => pfx.replace("NAME", `n${i}`)).join("");
    const { warnings } = plan({ ...unknown, objects });
    expect(warnings).to.have.length(40);
    expect(warnings.at(-1)).to.match(/^and \d+ more warnings$/);
  });
});
