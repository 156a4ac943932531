import { expect } from "chai";
import { ProviderProcess } from "../support/provider-process.js";
import { waitUntil } from "../support/wait.js";

describe("a provider that is sent SIGUSR1", () => {
  it("opens no debugger, says so, and goes on", async () => {
    const provider = await ProviderProcess.start();
    try {
      provider.child.kill("SIGUSR1");
      await waitUntil(() => /SIGUSR1|Debugger/.test(provider.output), "a word about it");
      await provider.client.version();
      expect(provider.output).to.contain("SIGUSR1 is ignored").and.not.contain("Debugger listening");
    } finally {
      expect(await provider.stop()).to.equal(0);
    }
  });
});
