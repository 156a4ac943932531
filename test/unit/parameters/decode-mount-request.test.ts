import { inspect } from "node:util";
import { expect } from "chai";
import type { MountRequest } from "../../../src/model/mount-request.js";
import {
  ATTRIBUTES_LIMITS,
  decodeMountRequest,
  MAX_TARGET_PATH_LENGTH,
  objectsText,
  SECRETS_LIMITS,
} from "../../../src/parameters/decode-mount-request.js";
import { TOKENS_KEY, thrownBy } from "./support.js";

function request(changes: Partial<MountRequest> = {}): MountRequest {
  return { attributes: "{}", secrets: "null", targetPath: "/mnt", permission: "420", ...changes };
}

describe("parameters/decode-mount-request decodeMountRequest", () => {
  it("trims every attribute but objects, whose indentation has a meaning", () => {
    const attributes = JSON.stringify({ keyvaultName: " v\n", objects: "  - a\n  - b\n" });
    const decoded = decodeMountRequest(request({ attributes }));
    expect(decoded.attributes.get("keyvaultName")).to.equal("v");
    expect(objectsText(decoded)).to.equal("  - a\n  - b\n");
  });

  it("takes the tokens out of attributes and secrets, and shows neither tokens nor secrets", () => {
    const decoded = decodeMountRequest(
      request({
        attributes: JSON.stringify({ [TOKENS_KEY]: "hush-token" }),
        secrets: JSON.stringify({ [TOKENS_KEY]: "hush-token", clientsecret: " hush-secret " }),
      }),
    );
    expect([...decoded.attributes.keys()]).to.deep.equal([]);
    expect([...decoded.secrets.keys()]).to.deep.equal(["clientsecret"]);
    expect(decoded.serviceAccountTokens.reveal()).to.equal("hush-token");
    expect(decoded.secrets.get("clientsecret")?.reveal()).to.equal(" hush-secret ");
    expect(`${inspect(decoded, { depth: 9 })}${JSON.stringify(decoded)}`).not.to.include("hush");
  });

  it("has empty tokens when the driver sent none", () => {
    expect(decodeMountRequest(request()).serviceAccountTokens.reveal()).to.equal("");
    expect(objectsText(decodeMountRequest(request()))).to.equal("");
  });

  for (const secrets of ["null", "{}", "", "  "]) {
    it(`takes secrets of ${JSON.stringify(secrets)} for none`, () => {
      expect(decodeMountRequest(request({ secrets })).secrets.size).to.equal(0);
    });
  }

  for (const [permission, mode] of [
    ["420", 0o644],
    ["0", 0],
    ["511", 0o777],
    ["null", 0],
    [" 256\n", 0o400],
  ] as const) {
    it(`reads the permission ${JSON.stringify(permission)}`, () => {
      expect(decodeMountRequest(request({ permission })).defaultFileMode).to.equal(mode);
    });
  }
  for (const permission of [
    "",
    "512",
    "-1",
    "0644",
    "0o644",
    "4.2e2",
    "420.0",
    '"420"',
    "true",
    "{}",
    "9".repeat(11),
  ]) {
    it(`refuses the permission ${JSON.stringify(permission)}`, () => {
      const error = thrownBy(() => decodeMountRequest(request({ permission })));
      expect(error.code).to.equal("REQUEST_MALFORMED");
      expect(error.message).to.equal(
        "failed to unmarshal file permission of the request: it must be a decimal number from 0 to 511 (octal 0777)",
      );
    });
  }

  it("takes a target path as long as a path can be, and an empty one, and no longer one", () => {
    expect(decodeMountRequest(request({ targetPath: "" })).targetPath).to.equal("");
    const longest = "x".repeat(MAX_TARGET_PATH_LENGTH);
    expect(decodeMountRequest(request({ targetPath: longest })).targetPath).to.equal(longest);
    const error = thrownBy(() => decodeMountRequest(request({ targetPath: `${longest}x` })));
    expect(error.code).to.equal("REQUEST_MALFORMED");
  });

  it("says which part is malformed, without quoting it", () => {
    const error = thrownBy(() => decodeMountRequest(request({ secrets: '{"clientsecret":"hush' })));
    expect(error.message).to.equal("failed to unmarshal secrets of the request: it is not valid JSON");
  });

  describe("within its limits", () => {
    const keys = (count: number): string =>
      JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${String(i)}`, ""])));
    for (const [part, limits] of [
      ["attributes", ATTRIBUTES_LIMITS],
      ["secrets", SECRETS_LIMITS],
    ] as const) {
      it(`takes ${String(limits.maxKeys)} keys of ${part}, and not one more`, () => {
        expect(() => decodeMountRequest(request({ [part]: keys(limits.maxKeys) }))).not.to.throw();
        expect(
          thrownBy(() => decodeMountRequest(request({ [part]: keys(limits.maxKeys + 1) }))).code,
        ).to.equal("REQUEST_TOO_LARGE");
      });
      it(`takes ${part} of ${String(limits.maxLength)} characters, and not one more`, () => {
        const text = `{"a":"${"x".repeat(limits.maxLength - 8)}"}`;
        expect(() => decodeMountRequest(request({ [part]: text }))).not.to.throw();
        expect(thrownBy(() => decodeMountRequest(request({ [part]: `${text} ` }))).code).to.equal(
          "REQUEST_TOO_LARGE",
        );
      });
    }
  });
});
