import { row, type Section } from "./row.js";

const YAML_REFUSES = "objects: the YAML refuses, before anything is asked";
const SECRETS = "integration/secrets";
const ELSEWHERE = "answers that lead elsewhere: no token, secret or assertion leaves for it";
const IN_VAULTS = "bombs in a vault, while other mounts go on";

/** Where the provider that this one replaces was seen to break. */
export const BETTER_ROWS: Section = {
  title: "Where the old provider broke",
  rows: [
    row(
      "a certificate's secret without contentType is an error, not a crash",
      [
        "integration/bombs-in-vaults",
        `${IN_VAULTS} what the secret of a certificate says has no contentType: an error, and the process lives on`,
      ],
      ["content/certificate-secret", "throw unsupportedType(secret.contentType);", "return process.exit(2);"],
    ),
    row(
      "a key without kty is an error, not a crash",
      [
        "integration/keys",
        "keys that cannot be written are errors that name them an answer with no kty, and the process lives on",
      ],
      ["keyvault/answers", 'throw new MalformedAnswer("has no kty");', "process.exit(2);"],
    ),
    row(
      "all wrong objects are named at once",
      [
        "integration/objects-yaml",
        `${YAML_REFUSES} all wrong objects at once, each with index and field, in order`,
      ],
      ["parameters/problems", "this.#errors.length < MAX_SHOWN_PROBLEMS", "this.#errors.length < 1"],
    ),
    row(
      "all objects that could not be read are named at once",
      [
        "integration/vault-answers",
        "answers of the vault several failures are all told, in the declared order, whatever the order of the answers",
      ],
      ["mount/mounter", "isFatal: endsTheMount,", "isFatal: () => true,"],
    ),
    row(
      "an error of decoding names its object",
      [SECRETS, 'secrets objectEncoding base64 of "aGVsbG8" is refused, names the object and not the value'],
      ["mount/object-files", "throw nameObject(error, object, target.version);", "throw error;"],
    ),
    row(
      "an alias that the driver would refuse is refused first: a//b",
      ["integration/files", 'files of the volume names "a//b" is refused before the driver would'],
      ["parameters/file-name", 'part === "" || part === "."', 'part === "."'],
    ),
    row(
      "an alias that the driver would refuse is refused first: d beside d/x",
      [
        "integration/files",
        "files of the volume conflicts a file where another's folder is: an error that names both",
      ],
      ["parameters/plan-mount", 'problems.add("FILE_CONFLICT", conflict, IN_OBJECTS);', ""],
    ),
    row(
      "429 without Retry-After is tried again, after a wait",
      [
        "integration/vault-answers",
        "answers of the vault passing failures are tried again 429 without Retry-After",
      ],
      ["network/gated-client", "if (response.status !== 429 &&", "if (response.status !== 0 &&"],
    ),
    row(
      "a nextLink to another vault is not followed",
      ["integration/redirects", `${ELSEWHERE} a nextLink to another vault`],
      ["network/stay-on-origin", "!allowed.has(target.origin)", "allowed.size === 0"],
    ),
    row(
      "a version list without end ends",
      ["integration/bombs-in-vaults", `${IN_VAULTS} version lists whose pages are empty and never end`],
      ["keyvault/list-versions", "if (pageCount > limits.maxPages)", "if (pageCount < 0)"],
    ),
    row(
      "objects are read side by side",
      [SECRETS, "secrets of ten are read side by side and answered in the declared order"],
      ["mount/mounter", "const MAX_CONCURRENT_OBJECTS = 32;", "const MAX_CONCURRENT_OBJECTS = 1;"],
    ),
    row(
      "no token is in the log, in answers or metrics",
      [
        "integration/wire",
        "the wire leaves the service-account token out of everything, where it came in secrets too",
      ],
      [
        "parameters/decode-mount-request",
        "attributes.delete(DRIVER_ATTRIBUTE.serviceAccountTokens);",
        'console.error(attributes.get(DRIVER_ATTRIBUTE.serviceAccountTokens) ?? "");',
      ],
    ),
  ],
};
