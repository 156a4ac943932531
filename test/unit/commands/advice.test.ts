import { expect } from "chai";
import { planFor } from "../../../src/commands/assume-request.js";
import { deskAdvice } from "../../../src/commands/try-mount/advice.js";
import { remedyFor } from "../../../src/identity/remedies.js";

const ENV = { AZURE_CLIENT_SECRET: "hush" };

describe("commands/try-mount/advice deskAdvice", () => {
  it("knows the errors of a mount by their own words", () => {
    const planned = planFor(new Map(), null, { cloudName: "AzurePublicCloud" });
    const missing = "problems" in planned ? planned.problems.map(({ message }) => message).join("; ") : "";
    expect(deskAdvice(missing, "", {}))
      .to.include("--secrets-file")
      .and.to.include("AZURE_CLIENT_SECRET");
    const attempt = {
      mode: "service-principal",
      clientId: "",
      tenantId: "",
      cloudName: "",
      scope: "",
      claims: undefined,
    } as const;
    for (const aadsts of [7000215, 7000222, 700016]) {
      const message = remedyFor(aadsts, attempt) ?? "";
      expect(deskAdvice(message, "", ENV)).to.include("come from AZURE_CLIENT_ID and AZURE_CLIENT_SECRET");
      expect(deskAdvice(message, "creds.yaml", ENV)).to.equal(
        "here that Secret is the one in the manifest that --secrets-file names: mend it there",
      );
    }
  });

  it("says nothing of errors that are the same at a desk, and never a secret", () => {
    expect(deskAdvice("there is no such secret in the vault", "", ENV)).to.equal("");
    expect(deskAdvice("tokenRequests nodePublishSecretRef", "", ENV)).to.not.include("hush");
  });
});
