import { expect } from "chai";
import { parseCloudName } from "../../../src/model/cloud.js";

describe("model/cloud parseCloudName", () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["AzurePublicCloud", "AzurePublicCloud"],
    ["AZURECLOUD", "AzurePublicCloud"],
    ["azureusgovernment", "AzureUSGovernmentCloud"],
    ["AzureUSGovernmentCloud", "AzureUSGovernmentCloud"],
    ["azureChinaCloud", "AzureChinaCloud"],
    ["AzureGermanCloud", "AzureGermanCloud"],
    ["AzureStackCloud", "AzureStackCloud"],
    ["", undefined],
    ["Azure", undefined],
    ["AzureChina", undefined],
    [" AzureCloud", undefined],
    ["__proto__", undefined],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${JSON.stringify(text)} as ${String(expected)}`, () => {
      expect(parseCloudName(text)).to.equal(expected);
    });
  }
});
