import { row, type Section } from "./row.js";

const YAML = "integration/objects-yaml";
const TAKES = "objects: the YAML takes";
const REFUSES = "objects: the YAML refuses, before anything is asked";
const SECRETS = "integration/secrets";
const HISTORY = "secrets objectVersionHistory";
const KEYS = "integration/keys";
const AS_PEM = "comes as a PKIX public key in PEM";
const CERTIFICATES = "integration/certificates";
const PFX_SECRET = "certificates the secret of a PFX certificate";
const PFX = "integration/pfx";
const MADE = "PFX files as their owners made them";
const IN_ORDER = "key first, then leaf, intermediate, root";
const FILES = "integration/files";
const RULES = "parameters/object-rules";

/** Every name of `OBJECT_FIELDS` in src/parameters/object-fields.ts. */
export const OBJECT_FIELD_ROWS: Section = {
  title: "Fields of an object",
  rows: [
    row(
      "objectName",
      [SECRETS, "secrets come as they are a text"],
      [RULES, "const name = this.#fields.objectName;", 'const name = "another";'],
    ),
    row(
      "objectType",
      [KEYS, `keys EC P-256 ${AS_PEM}`],
      [RULES, "const text = this.#fields.objectType;", 'const text = "secret";'],
    ),
    row(
      "objectAlias",
      [FILES, 'files of the volume names "a/b/c.txt" is written'],
      [
        RULES,
        'const field = objectAlias === "" ? "objectName" : "objectAlias";',
        'const field = "objectName";',
      ],
    ),
    row(
      "objectVersion",
      [SECRETS, `secrets objectVersion "${"a".repeat(32)}" reads version 0 and answers with it`],
      [RULES, "const version = this.#fields.objectVersion;", 'const version = "";'],
    ),
    row(
      "objectVersionHistory",
      [SECRETS, `${HISTORY} of 3 where the vault has 5 gives 4 files, newest first`],
      [RULES, "const text = this.#fields.objectVersionHistory;", 'const text = "";'],
    ),
    row(
      "objectFormat",
      [CERTIFICATES, `${PFX_SECRET} objectFormat pfx is the base64 text that the vault holds`],
      [RULES, "const text = this.#fields.objectFormat;", 'const text = "";'],
    ),
    row(
      "objectEncoding",
      [SECRETS, 'secrets objectEncoding hex of "00fffe0a0d7f80"'],
      [RULES, "const text = this.#fields.objectEncoding;", 'const text = "";'],
    ),
    row(
      "filePermission",
      [FILES, "files of the volume modes filePermission 0400 wins over the request's"],
      [RULES, "const text = this.#fields.filePermission;", 'const text = "";'],
    ),
  ],
};

export const OBJECT_VALUE_ROWS: Section = {
  title: "Values of these fields",
  rows: [
    row(
      "objectType: secret",
      [SECRETS, "secrets come as they are a text"],
      [RULES, '["secret", "key", "cert"]', '["key", "cert"]'],
    ),
    row(
      "objectType: key",
      [KEYS, `keys EC P-256 ${AS_PEM}`],
      [RULES, '["secret", "key", "cert"]', '["secret", "cert"]'],
    ),
    row(
      "objectType: cert",
      [CERTIFICATES, "certificates objectType cert is the leaf's DER as PEM, with the certificate's version"],
      [RULES, '["secret", "key", "cert"]', '["secret", "key"]'],
    ),
    row(
      "objectAlias: default objectName",
      [SECRETS, "secrets come as they are a text"],
      [RULES, ": this.#fields[field];", ": this.#fields.objectAlias;"],
    ),
    row(
      "objectVersion: empty is the newest",
      [SECRETS, 'secrets objectVersion "" reads version 2 and answers with it'],
      [RULES, "const version = this.#fields.objectVersion;", `const version = "${"a".repeat(32)}";`],
    ),
    row(
      "objectVersion: latest",
      [SECRETS, 'secrets objectVersion "latest" reads version 2 and answers with it'],
      [RULES, 'if (version.toLowerCase() === "latest") return "";', ""],
    ),
    row(
      "objectVersionHistory: N gives index 0 to N",
      [SECRETS, `${HISTORY} of 3 where the vault has 5 gives 4 files, newest first`],
      [
        "keyvault/history",
        "return enabled.slice(0, historyCount + 1);",
        "return enabled.slice(0, historyCount);",
      ],
    ),
    row(
      "objectVersionHistory: newest created first",
      [SECRETS, `${HISTORY} of 3 where the vault has 3 gives 3 files, newest first`],
      [
        "keyvault/history",
        "return b.createdOnMs - a.createdOnMs ||",
        "return a.createdOnMs - b.createdOnMs ||",
      ],
    ),
    row(
      "objectVersionHistory: from objectVersion back",
      [SECRETS, `${HISTORY} begins with objectVersion, and \`latest\` is the newest`],
      [
        "keyvault/history",
        "enabled.slice(start, start + historyCount + 1)",
        "enabled.slice(0, historyCount + 1)",
      ],
    ),
    row(
      "objectVersionHistory: disabled versions are skipped",
      [SECRETS, `${HISTORY} leaves disabled versions out`],
      ["keyvault/history", "versions.filter(({ isEnabled }) => isEnabled)", "versions.filter(() => true)"],
    ),
    row(
      "objectVersionHistory: 0 and 1 are none",
      [YAML, `${TAKES} a history of 0 and of 1, quoted too`],
      [RULES, "return count > 1 ? count : 0;", "return count;"],
    ),
    row(
      "objectVersionHistory: files <alias>/0, /1",
      [SECRETS, `${HISTORY} of 2 where the vault has 1 gives 1 files, newest first`],
      ["parameters/file-name", "`${folder}/${index}`", "`${folder}-${index}`"],
    ),
    row(
      "objectVersionHistory: ids <type>/<name>/<index>",
      [SECRETS, `${HISTORY} of 2 where the vault has 1 gives 1 files, newest first`],
      ["mount/object-files", "id: `${id}/${index}`,", "id: `${id}-${index}`,"],
    ),
    row(
      "objectVersionHistory: a missing object or version is an error",
      [
        SECRETS,
        `${HISTORY} of an object that the vault does not have is NOT_FOUND, not a mount without the file`,
      ],
      [
        "keyvault/history",
        "if (versions.length === 0) {",
        "if (versions.length === 0) return [];\n  if (false) {",
      ],
    ),
    row(
      "objectFormat: pem is the default",
      [CERTIFICATES, `${PFX_SECRET} objectFormat pem is the default, in any case`],
      [
        RULES,
        'const format = text === "" ? "pem" : text.toLowerCase();',
        'const format = text === "" ? "pfx" : text.toLowerCase();',
      ],
    ),
    row(
      "objectEncoding: utf-8",
      [SECRETS, 'secrets objectEncoding utf-8 of "ÿ"'],
      ["content/encoding", 'return Buffer.from(text, "utf8");', 'return Buffer.from(text, "latin1");'],
    ),
    row(
      "objectEncoding: base64",
      [SECRETS, 'secrets objectEncoding base64 of "AP/+Cg1/gA=="'],
      [
        "content/encoding",
        'if (typeof bytes !== "string") return bytes;',
        "if (bytes.length > 0) return Buffer.from(text);",
      ],
    ),
    row(
      "objectEncoding: hex",
      [SECRETS, 'secrets objectEncoding hex of "00fffe0a0d7f80"'],
      ["content/encoding", 'return Buffer.from(text, "hex");', "return Buffer.from(text);"],
    ),
    row(
      "filePermission: anything but octal 0 to 0777 is an error",
      [YAML, `${REFUSES} filePermission 7777`],
      ["parameters/file-mode", "return mode > MAX_FILE_MODE ||", "return mode > 0xffff ||"],
    ),
    row(
      "filePermission: default the request's permission",
      ["integration/wire", 'the wire permission "256" makes files of mode 0400'],
      [RULES, 'if (text === "") return defaultFileMode;', 'if (text === "") return 0o644;'],
    ),
    row(
      "two objects of one file are an error that names both",
      [FILES, "files of the volume conflicts two objects of one name: an error that names both"],
      ["parameters/plan-mount", 'problems.add("FILE_CONFLICT", conflict, IN_OBJECTS);', ""],
    ),
  ],
};

export const OBJECT_YAML_ROWS: Section = {
  title: "The YAML of objects",
  rows: [
    row(
      "array of strings, each itself YAML",
      [YAML, `${TAKES} array of blocks, as the documentation writes them`],
      ["parameters/parse-objects", 'if (item.kind !== "text") return item;', "return item;"],
    ),
    row(
      "array of mappings",
      [YAML, `${TAKES} array of mappings`],
      [
        "parameters/parse-objects",
        'if (item.kind !== "text") return item;',
        'if (item.kind !== "text") return new YamlProblem("syntax", "no text");',
      ],
    ),
    row(
      "a plain list",
      [YAML, `${TAKES} a plain list of blocks`],
      [
        "parameters/parse-objects",
        'if (root.kind === "list") return { items: root.items, warnings: [] };',
        "",
      ],
    ),
    row(
      "scalars keep their source text",
      [YAML, "objects: the YAML keeps the source text of scalars objectAlias: 0755"],
      ["parameters/yaml-document", 'schema: "failsafe",', 'schema: "yaml-1.1",'],
    ),
    row(
      "null and ~ are empty",
      [YAML, `${TAKES} blanks around values, empty and null fields`],
      ["parameters/yaml-value", 'new Set(["", "~", "null", "Null", "NULL"])', 'new Set([""])'],
    ),
    row(
      'objectVersionHistory: "5" is a number',
      [SECRETS, `${HISTORY} 2.0 is 2, a quoted number is a number`],
      [
        "parameters/object-fields",
        "const text = given.text.trim();",
        'const text = given.isPlain || field !== "objectVersionHistory" ? given.text.trim() : "no number";',
      ],
    ),
    row(
      "merge keys (<<)",
      [YAML, `${TAKES} merge keys inside a block`],
      ["parameters/yaml-value", "if (merged !== undefined) this.#merge(merged, entries);", ""],
    ),
    row(
      "of several documents the first counts",
      [YAML, `${TAKES} several documents, of which the first counts`],
      [
        "parameters/yaml-document",
        "for (const document of composer.compose(tokens)) return document;",
        "for (const document of composer.compose(tokens)) if (document.range === undefined) return document;",
      ],
    ),
    row(
      "a byte order mark",
      [YAML, `${TAKES} a byte order mark, comments and a document's head`],
      [
        "parameters/yaml-document",
        "const normal = normalizeLineBreaks(text);",
        'const normal = "x" + normalizeLineBreaks(text);',
      ],
    ),
    row(
      "duplicate keys are an error",
      [YAML, `${REFUSES} an entry with a field twice`],
      [
        "parameters/yaml-value",
        "if (entries.has(name) || (isMerge && merged !== undefined)) {",
        "if (isMerge && merged !== undefined) {",
      ],
    ),
    row(
      "keys are case-sensitive",
      [YAML, `${TAKES} fields that nobody knows`],
      [
        "parameters/yaml-value",
        'if (key.kind === "text") return key.text;',
        'if (key.kind === "text") return key.text.replace("objectname", "objectName");',
      ],
    ),
    row(
      "an empty, null or mis-spelt array is an error",
      [YAML, `${REFUSES} an empty array`],
      ["parameters/parse-objects", "if (entries.length === 0) throw", "if (false) throw"],
    ),
  ],
};

export const CONTENT_ROWS: Section = {
  title: "From value to file",
  rows: [
    row(
      "id <objectType>/<objectName>, version the one that was read",
      ["integration/wire", "the wire answers a Mount with files and versions, and no error field"],
      ["mount/object-files", "const id = `${object.type}/${object.name}`;", "const id = object.name;"],
    ),
    row(
      "secret: its value as it is",
      [SECRETS, "secrets come as they are blanks and line ends"],
      [
        "content/to-files",
        "decodeText(value.value.reveal(), object.encoding)",
        "decodeText(value.value.reveal().trim(), object.encoding)",
      ],
    ),
    row(
      "certificate's secret, PEM: as it is",
      [CERTIFICATES, "certificates the secret of a PEM certificate imported in an odd layout comes as it is"],
      [
        "content/certificate-secret",
        "const combined = decodeText(text, encoding);",
        "const combined = decodeText(`${text}\\n`, encoding);",
      ],
    ),
    row(
      "certificate's secret, PKCS#12: PKCS#8 keys first, then certificates",
      [CERTIFICATES, `${PFX_SECRET} RSA : PKCS#8 key first, then its certificate`],
      [
        "content/certificate-secret",
        "Buffer.from(pem.keys + pem.certificates)",
        "Buffer.from(pem.certificates + pem.keys)",
      ],
    ),
    row(
      "chain: leaf, intermediates, root",
      [CERTIFICATES, `${PFX_SECRET} with a chain that stands root first comes leaf, intermediate, root`],
      ["content/certificate-secret", "const chain = constructPemChain\n", "const chain = false\n"],
    ),
    row(
      "chain that is not complete: the order in the vault",
      [PFX, `${MADE} keep the order of the file when an intermediate is missing, with a word in the log`],
      [
        "content/chain",
        "isComplete: true } : asTheyCame;",
        "isComplete: true } : { certificates: chain, isComplete: true };",
      ],
    ),
    row(
      "objectFormat pfx: the value's base64 text",
      [CERTIFICATES, `${PFX_SECRET} objectFormat pfx is the base64 text that the vault holds`],
      ["content/certificate-secret", 'if (format === "pfx") return', 'if (format === "no") return'],
    ),
    row(
      "objectFormat pfx with objectEncoding base64: the bytes",
      [CERTIFICATES, `${PFX_SECRET} objectFormat pfx with objectEncoding base64 is the file's bytes`],
      [
        "content/certificate-secret",
        "keepPfx(text, decodeText(text, encoding),",
        "keepPfx(text, Buffer.from(text),",
      ],
    ),
    row(
      "PFX: 3DES and SHA-1",
      [PFX, `${MADE} 3DES and SHA-1, as ever: ${IN_ORDER}`],
      ["content/pfx/decrypt", '["1.2.840.113549.1.12.1.3", native("des-ede3-cbc", 24, 8)],', ""],
    ),
    row(
      "PFX: RC2",
      [PFX, `${MADE} RC2-40 for the certificates, as Windows and old OpenSSL: ${IN_ORDER}`],
      [
        "content/pfx/decrypt",
        '["1.2.840.113549.1.12.1.6", { keyBytes: 5, blockBytes: 8, decrypt: decryptRc2 }],',
        "",
      ],
    ),
    row(
      "PFX: AES-256 with a SHA-256 MAC",
      [PFX, `${MADE} AES-256 with a SHA-256 MAC, as OpenSSL 3: ${IN_ORDER}`],
      ["content/pfx/decrypt", '["2.16.840.1.101.3.4.1.42", native("aes-256-cbc", 32, 16)],', ""],
    ),
    row(
      "PFX: PBMAC1",
      [PFX, `${MADE} PBMAC1: ${IN_ORDER}`],
      ["content/pfx/integrity", 'const PBMAC1 = "1.2.840.113549.1.5.14";', 'const PBMAC1 = "1.2";'],
    ),
    row(
      "PFX: no MAC",
      [PFX, `${MADE} no MAC: ${IN_ORDER}`],
      ["content/pfx/read-pfx", "if (macData !== undefined) checkIntegrity(", "checkIntegrity("],
    ),
    row("key: RSA", [KEYS, `keys RSA  ${AS_PEM}`], ["content/public-key", 'case "RSA":', 'case "no-RSA":']),
    row(
      "key: RSA-HSM",
      [KEYS, `keys RSA-HSM  ${AS_PEM}`],
      ["content/public-key", 'case "RSA-HSM":', 'case "no-RSA-HSM":'],
    ),
    row("key: EC", [KEYS, `keys EC P-256 ${AS_PEM}`], ["content/public-key", 'case "EC":', 'case "no-EC":']),
    row(
      "key: EC-HSM",
      [KEYS, `keys EC-HSM P-256 ${AS_PEM}`],
      ["content/public-key", 'case "EC-HSM": {', 'case "no-EC-HSM": {'],
    ),
    ...["P-256", "P-384", "P-521", "P-256K"].map((curve) =>
      row(
        `key: curve ${curve}`,
        [KEYS, `keys EC ${curve} ${AS_PEM}`],
        ["content/public-key", `["${curve}", {`, `["no-${curve}", {`],
      ),
    ),
    row(
      "cert: DER as PEM",
      [CERTIFICATES, "certificates objectType cert is the leaf's DER as PEM, with the certificate's version"],
      ["content/certificate", 'return encodePem("CERTIFICATE", der);', 'return encodePem("X509", der);'],
    ),
  ],
};
