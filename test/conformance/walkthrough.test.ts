import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { api, pathOf } from "./support/api.js";
import { explainNamespace } from "./support/diagnosis.js";
import { POD_IMAGE } from "./support/objects.js";

describe("the walkthrough", () => {
  it("docs/walkthrough.md is true from its first command to its last, with the embedded vault in the place of Azure", async function () {
    // Two rotations, each as slow as the cluster's driver and kubelet are set.
    this.timeout(1_500_000);
    const child = spawn("bash", ["scripts/walkthrough.sh"], {
      env: { ...process.env, WALKTHROUGH_IMAGE: POD_IMAGE },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    const keep = (chunk: Buffer): void => {
      said += chunk.toString();
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const [code] = (await once(child, "close")) as [number | null];
    if (code !== 0) throw new Error(`ended with ${code}:\n${said}\n${await explainNamespace("kube-system")}`);
    const page = await readFile("docs/walkthrough.md", "utf8");
    const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, title = ""]) => title);
    // The second sets up Azure alone.
    for (const title of headings.filter((heading) => !heading.startsWith("2."))) {
      expect(said).to.contain(`== ${title}`);
    }
    expect(await api.find(pathOf("v1", "namespaces", undefined, "shop"))).to.equal(undefined);
  });
});
