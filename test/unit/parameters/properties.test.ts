import fc from "fast-check";
import { expect } from "chai";
import { ProviderError } from "../../../src/errors/provider-error.js";
import { decodeMountRequest, objectsText } from "../../../src/parameters/decode-mount-request.js";
import { fileNameProblem, historyPath } from "../../../src/parameters/file-name.js";
import { OBJECT_FIELDS } from "../../../src/parameters/object-fields.js";
import { parseObjects } from "../../../src/parameters/parse-objects.js";
import { planMount } from "../../../src/parameters/plan-mount.js";
import { attributes, objectsOf, TOKENS_KEY } from "./support.js";
import { fieldsOf } from "./support-yaml.js";

interface Texts {
  readonly attributes: string;
  readonly secrets: string;
  readonly permission: string;
}

const planOf = (texts: Texts): ReturnType<typeof planMount> => {
  const decoded = decodeMountRequest({ ...texts, targetPath: "/mnt" });
  return planMount(decoded, parseObjects(objectsText(decoded)), { cloudName: "AzurePublicCloud" });
};

/** All words that an attempt says: of the plan its warnings, of the error its message and those of its causes. */
function wordsOf(texts: Texts): string {
  try {
    return planOf(texts).warnings.join("\n");
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    expect(error.cause).to.equal(undefined);
    return error.message;
  }
}

/** Texts as they break parsers: of any letters, of YAML's and JSON's marks, and of the names that mean something. */
const piece = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom(..."\n\t :-?[]{},&*!|>'\"%@`#<~\0\\".split(""), "\n  - ", ": ", "<<: ", "*a", "&a ", "- |\n", "---\n", "__proto__", "array:\n", "objectName: ", "objectType: secret", "\ud800", "\ufeff", "\u2028"), // prettier-ignore
);
const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(""));
const names = ["keyvaultName", "tenantID", "tenantId", "objects", "cloudName", "cloudEnvFileName", "usePodIdentity", "useVMManagedIdentity", "userAssignedIdentityID", "useAzureTokenProxy", "clientID", "secretProviderClass", "csi.storage.k8s.io/pod.name", "csi.storage.k8s.io/pod.namespace", TOKENS_KEY]; // prettier-ignore
const anyName = fc.oneof(fc.constantFrom(...names, "__proto__", "constructor"), text);
/** Own keys of any name, as the driver's JSON has them: `__proto__` too. */
const asJson = (entries: readonly (readonly [string, string])[]): string =>
  `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`;

describe("parameters, whatever the driver sends", () => {
  it("throws nothing but ProviderErrors at any texts", () => {
    fc.assert(
      fc.property(text, text, text, (attributes, secrets, permission) => {
        wordsOf({ attributes, secrets, permission });
      }),
    );
  });

  it("throws nothing but ProviderErrors at any attributes, and is sound where it throws none", () => {
    const changes = fc.array(fc.tuple(anyName, text), { maxLength: 6 });
    fc.assert(
      fc.property(changes, changes, (changed, secrets) => {
        const texts = {
          attributes: asJson([...Object.entries(attributes()), ...changed]),
          secrets: asJson(secrets),
          permission: "420",
        };
        const words = wordsOf(texts);
        // One line without controls, that no terminal or log takes for another.
        expect(words.replaceAll("\n", "")).not.to.match(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
      { numRuns: 500 },
    );
  });

  it("reads any text as objects without throwing, the same each time", () => {
    fc.assert(
      fc.property(text, (objects) => {
        const outcome = parseObjects(objects);
        expect(outcome.problems.length + outcome.entries.length).to.be.above(0);
        expect(parseObjects(objects)).to.deep.equal(outcome);
      }),
      { numRuns: 1000 },
    );
  });

  it("gives only files that the driver takes", () => {
    const alias = fc.array(fc.constantFrom("a", "b", "/", ".", "..", "\0", "\ud800", "é", "x".repeat(300)), { maxLength: 8 }); // prettier-ignore
    fc.assert(
      fc.property(alias, fc.constantFrom("0", "3"), (parts, objectVersionHistory) => {
        const objectAlias = parts.join("");
        const objects = objectsOf({
          objectName: "n",
          objectType: "secret",
          objectAlias,
          objectVersionHistory,
        });
        const texts = {
          attributes: JSON.stringify(attributes({ objects })),
          secrets: "null",
          permission: "420",
        };
        let plan;
        try {
          plan = planOf(texts);
        } catch (error) {
          expect(error).to.be.instanceOf(ProviderError);
          return;
        }
        for (const { fileName, historyCount } of plan.objects) {
          expect(fileNameProblem(historyCount === 0 ? fileName : historyPath(fileName, 0))).to.equal(
            undefined,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it("gives back any value of any field, quoted", () => {
    const value = fc.string({ unit: "grapheme-ascii", maxLength: 40 }).map((raw) => raw.trim());
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...OBJECT_FIELDS), value), (fields) => {
        const sound = Object.fromEntries(Object.entries(fields).filter(([, content]) => content !== ""));
        expect(fieldsOf(objectsOf({ ...sound, objectName: "n" }))).to.deep.equal([
          { ...sound, objectName: "n" },
        ]);
      }),
    );
  });

  it("takes __proto__ for data, wherever it stands", () => {
    const own = '{"__proto__":{"keyvaultName":"x","polluted":"yes"}}';
    const plain = asJson([...Object.entries(attributes()), ["__proto__", "x"]]);
    expect(wordsOf({ attributes: plain, secrets: '{"__proto__":"x"}', permission: "420" })).to.equal(
      'parameter "__proto__" is unknown and is ignored',
    );
    expect(wordsOf({ attributes: own, secrets: "null", permission: "420" })).to.match(/it is nested/);
    expect(fieldsOf("- {__proto__: {objectName: x}, objectType: key}")).to.deep.equal([
      { objectType: "key" },
    ]);
    expect(fieldsOf("- {<<: {__proto__: {objectName: x}}, objectType: key}")).to.deep.equal([
      { objectType: "key" },
    ]);
    expect("polluted" in {}).to.equal(false);
  });
});

describe("parameters, what may hold a token or a secret", () => {
  const HUSH = "hush-hush";
  /** Anything around the planted value that could make a parser stumble over it and quote it. */
  const around = fc.tuple(text, text).map(([before, after]) => `${before}${HUSH}${after}`);
  const nasty = fc.oneof(
    around,
    around.map((token) => JSON.stringify({ "api://AzureADTokenExchange": { token } })),
    around.map((token) => JSON.stringify({ "api://AzureADTokenExchange": token })),
    around.map((audience) => JSON.stringify({ [audience]: { token: "x" } })),
  );

  it("is never quoted: the tokens", () => {
    fc.assert(
      fc.property(nasty, (tokens) => {
        for (const clientID of ["app", undefined]) {
          const texts = { attributes: JSON.stringify(attributes({ [TOKENS_KEY]: tokens, clientID })), secrets: "null", permission: "420" }; // prettier-ignore
          expect(wordsOf(texts)).not.to.include(HUSH);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("is never quoted: the values of the Secret", () => {
    const key = fc.constantFrom(
      "clientid",
      "clientsecret",
      "ClientID",
      "CLIENTSECRET",
      "password",
      TOKENS_KEY,
    );
    fc.assert(
      fc.property(fc.dictionary(key, nasty), (secrets) => {
        const texts = { attributes: JSON.stringify(attributes({ clientID: undefined })), secrets: JSON.stringify(secrets), permission: "420" }; // prettier-ignore
        expect(wordsOf(texts)).not.to.include(HUSH);
      }),
      { numRuns: 300 },
    );
  });

  it("is never quoted: what is no JSON", () => {
    fc.assert(
      fc.property(nasty, fc.nat(40), (raw, cut) => {
        for (const part of ["attributes", "secrets", "permission"] as const) {
          const texts = {
            attributes: "{}",
            secrets: "null",
            permission: "420",
            [part]: `{"x": ${raw}`.slice(0, -cut),
          };
          expect(wordsOf(texts)).not.to.include(HUSH);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("is never quoted: a value of YAML that cannot be read", () => {
    fc.assert(
      fc.property(text, (before) => {
        const { problems, entries } = parseObjects(`${before}\n- objectVersion: "${HUSH}\\q"\n- @${HUSH}`);
        const all = [...problems, ...entries.flatMap((entry) => entry.problems)];
        expect(all.map(({ message }) => message).join()).not.to.include(HUSH);
      }),
      { numRuns: 300 },
    );
  });
});
