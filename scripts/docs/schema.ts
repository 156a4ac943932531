import { PROVIDER_NAME } from "../../src/commands/validate/read-class.js";
import { SECRET_TYPES, TLS_TYPE } from "../../src/commands/validate/secret-types.js";
import { CLOUD_NAMES } from "../../src/model/cloud.js";
import { MAX_IDENTIFIER_LENGTH, TENANT_PATTERN } from "../../src/model/entra-names.js";
import { GO_BOOLEANS } from "../../src/model/go-scalars.js";
import { LEGACY_PARAMETERS, PARAMETER } from "../../src/parameters/attributes.js";
import { MAX_FIELD_LENGTH, OBJECT_FIELDS, type ObjectField } from "../../src/parameters/object-fields.js";
import { MAX_OBJECT_NAME_LENGTH, TYPES } from "../../src/parameters/object-rules.js";
import { MAX_OBJECTS_LENGTH } from "../../src/parameters/parse-objects.js";
import { VAULT_NAME } from "../../src/parameters/plan-mount.js";
import { FIELD_FACTS, PARAMETER_FACTS } from "./parameter-facts.js";

type Schema = Readonly<Record<string, unknown>>;

const DRAFT = "http://json-schema.org/draft-07/schema#";
/** Values are trimmed before they are read, and blank is absent. */
const trimmed = (pattern: string): string => `^\\s*(?:${pattern})?\\s*$`;
const inAnyCase = (text: string): string =>
  text.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
const spellings = (isTrue: boolean): string =>
  [...GO_BOOLEANS].flatMap(([text, value]) => (value === isTrue ? [text] : [])).join("|");

const BOOLEAN = { pattern: trimmed(`${spellings(true)}|${spellings(false)}`) };
const IS_TRUE = { pattern: `^\\s*(?:${spellings(true)})\\s*$` };
const IDENTIFIER = { pattern: trimmed(`[\\w.~:/@+=-]{1,${MAX_IDENTIFIER_LENGTH}}`) };
const CLIENT_OF_IDENTITY = { pattern: trimmed(`(?!/)[\\w.~:/@+=-]{1,${MAX_IDENTIFIER_LENGTH}}`) };
const TENANT = { pattern: trimmed(`(?!\\S*\\.\\.)${withoutAnchors(TENANT_PATTERN)}`) };
const NOT_BLANK = { pattern: "\\S" };

/** What a value may be, whatever the others are. Parameters that are not here take any text. */
const ALONE: Readonly<Partial<Record<keyof typeof PARAMETER, Schema>>> = {
  vaultName: { pattern: `^\\s*(?![xX][nN]--)${withoutAnchors(VAULT_NAME.source)}\\s*$` },
  cloudName: { pattern: trimmed([...CLOUD_NAMES.keys()].map(inAnyCase).join("|")) },
  usePodIdentity: BOOLEAN,
  useVmManagedIdentity: BOOLEAN,
  useAzureTokenProxy: BOOLEAN,
  objects: { ...NOT_BLANK, maxLength: MAX_OBJECTS_LENGTH },
};

function withoutAnchors(pattern: string): string {
  return pattern.replace(/^\^/, "").replace(/\$$/, "");
}

const where = (name: string, schema: Schema): Schema => ({
  properties: { [name]: schema },
  required: [name],
});
const isTrue = (name: string): Schema => where(name, IS_TRUE);
const modes = [PARAMETER.usePodIdentity, PARAMETER.useVmManagedIdentity, PARAMETER.useAzureTokenProxy];
const onNode = { anyOf: [isTrue(PARAMETER.usePodIdentity), isTrue(PARAMETER.useVmManagedIdentity)] };

function parametersSchema(): Schema {
  const known = Object.entries(PARAMETER_FACTS).map(([key, { meaning, takes, withoutIt }]) => {
    const own = ALONE[key as keyof typeof PARAMETER] ?? {};
    const description = `${meaning} Takes: ${takes}. Without it: ${withoutIt}.`.replace(
      /\[([^\]]*)\]\([^)]*\)/g,
      "$1",
    );
    return [PARAMETER[key as keyof typeof PARAMETER], { type: "string", description, ...own }];
  });
  const legacy = [...LEGACY_PARAMETERS].map((name) => [
    name,
    { type: "string", deprecated: true, description: "Without effect for years; remove it." },
  ]);
  return {
    type: "object",
    properties: Object.fromEntries([...known, ...legacy]) as Schema,
    required: [PARAMETER.vaultName, PARAMETER.objects],
    additionalProperties: { type: "string" },
    allOf: [
      ...modes.flatMap((one, i) =>
        modes.slice(i + 1).map((other) => ({
          not: { allOf: [isTrue(one), isTrue(other)] },
          description: "only one identity mode can be enabled at a time",
        })),
      ),
      {
        description: "clientID is required for identity binding",
        if: isTrue(PARAMETER.useAzureTokenProxy),
        then: where(PARAMETER.clientId, NOT_BLANK),
      },
      {
        description: "The node's services are asked for no tenant and no clientID: there any text does.",
        if: onNode,
        else: {
          properties: {
            [PARAMETER.clientId]: IDENTIFIER,
          },
          if: where(PARAMETER.tenantId, NOT_BLANK),
          then: { properties: { [PARAMETER.tenantId]: TENANT } },
          else: { properties: { [PARAMETER.oldTenantId]: TENANT } },
        },
      },
      {
        if: isTrue(PARAMETER.useVmManagedIdentity),
        then: { properties: { [PARAMETER.userAssignedIdentityId]: CLIENT_OF_IDENTITY } },
      },
    ],
  };
}

const hasKey = (key: string): Schema => ({
  contains: where("key", { pattern: `^\\s*${key.replaceAll(".", "\\.")}\\s*$` }),
});

function secretObjectSchema(): Schema {
  const keyRules = [...SECRET_TYPES].flatMap(([type, { keys, isAnyEnough, areOthersRefused }]) =>
    keys.length === 0
      ? []
      : [
          {
            if: where("type", { pattern: `^\\s*${type.replaceAll(".", "\\.")}\\s*$` }),
            then: {
              properties: {
                data: {
                  [isAnyEnough === true ? "anyOf" : "allOf"]: keys.map(hasKey),
                  ...(areOthersRefused === true
                    ? {
                        items: {
                          properties: {
                            key: {
                              pattern: `^\\s*(?:${keys.map((key) => key.replaceAll(".", "\\.")).join("|")})\\s*$`,
                            },
                          },
                        },
                      }
                    : {}),
                },
              },
            },
          },
        ],
  );
  const texts = { type: "object", additionalProperties: { type: "string" } };
  return {
    type: "object",
    required: ["secretName", "type", "data"],
    properties: {
      secretName: { type: "string", description: "Name of the Kubernetes Secret.", ...NOT_BLANK },
      type: {
        type: "string",
        description: `Its type; for ${TLS_TYPE} the keys are tls.crt and tls.key.`,
        ...NOT_BLANK,
        examples: [...SECRET_TYPES.keys()],
      },
      labels: texts,
      annotations: texts,
      data: {
        type: "array",
        minItems: 1,
        items: {
          type: "object",
          required: ["objectName", "key"],
          properties: {
            objectName: {
              type: "string",
              description: "A file of the volume: objectAlias, else objectName.",
              ...NOT_BLANK,
            },
            key: {
              type: "string",
              description: "Key in the Secret.",
              pattern: "^\\s*[-._a-zA-Z0-9]{1,253}\\s*$",
            },
          },
          additionalProperties: false,
        },
      },
    },
    additionalProperties: false,
    allOf: keyRules,
  };
}

/** schemas/secretproviderclass.schema.json */
export function classSchema(): Schema {
  return {
    $schema: DRAFT,
    title: "SecretProviderClass for Azure Key Vault",
    description: "Made from the program's own tables: npm run docs.",
    type: "object",
    required: ["apiVersion", "kind", "metadata", "spec"],
    properties: {
      apiVersion: { enum: ["secrets-store.csi.x-k8s.io/v1", "secrets-store.csi.x-k8s.io/v1alpha1"] },
      kind: { const: "SecretProviderClass" },
      metadata: {
        type: "object",
        required: ["name"],
        properties: { name: { type: "string", maxLength: 253, pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$" } },
      },
      spec: {
        type: "object",
        required: ["provider", "parameters"],
        properties: {
          provider: { const: PROVIDER_NAME },
          parameters: parametersSchema(),
          secretObjects: { type: "array", items: secretObjectSchema() },
        },
        additionalProperties: false,
      },
    },
  };
}

const FIELD_RULES: Readonly<Partial<Record<ObjectField, Schema>>> = {
  objectName: { ...NOT_BLANK, maxLength: MAX_OBJECT_NAME_LENGTH },
  objectType: { pattern: `^\\s*(?:${TYPES.join("|")})\\s*$` },
  objectFormat: { pattern: trimmed([inAnyCase("pem"), inAnyCase("pfx")].join("|")) },
  objectEncoding: { pattern: trimmed(["utf-8", "base64", "hex"].map(inAnyCase).join("|")) },
  filePermission: { pattern: trimmed("[+]?0*[0-7]{1,3}|-0+") },
};

/** schemas/object.schema.json: one entry of `objects`. */
export function objectSchema(): Schema {
  const properties = OBJECT_FIELDS.map((field) => {
    const { meaning, takes } = FIELD_FACTS[field];
    const description = `${meaning} Takes: ${takes}.`.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const isNumber = field === "objectVersionHistory";
    return [
      field,
      {
        type: isNumber ? ["integer", "string"] : "string",
        description,
        maxLength: MAX_FIELD_LENGTH,
        ...FIELD_RULES[field],
      },
    ];
  });
  return {
    $schema: DRAFT,
    title: "One object of spec.parameters.objects",
    description: "Made from the program's own tables: npm run docs.",
    type: "object",
    required: ["objectName", "objectType"],
    properties: Object.fromEntries(properties) as Schema,
    additionalProperties: false,
  };
}

/** A schema as its file holds it. */
export function schemaText(schema: Schema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}
