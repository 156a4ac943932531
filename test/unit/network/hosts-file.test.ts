import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHostsFile, parseHosts } from "../../../src/network/hosts-file.js";

describe("network/hosts-file", () => {
  it("reads addresses and names as Kubernetes and people write them", () => {
    const hosts = parseHosts(
      [
        "# Kubernetes-managed hosts file (host network).",
        "127.0.0.1\tlocalhost",
        "::1\tlocalhost ip6-localhost # both",
        "",
        "  10.0.0.7   KV.vault.azure.net\tkv  ",
        "10.0.0.8 kv.vault.azure.net\r",
        "no-address name",
        "10.0.0.9",
        "#10.0.0.9 commented.example",
      ].join("\n"),
    );
    expect([...hosts]).to.deep.equal([
      [
        "localhost",
        [
          { address: "127.0.0.1", family: 4 },
          { address: "::1", family: 6 },
        ],
      ],
      ["ip6-localhost", [{ address: "::1", family: 6 }]],
      [
        "kv.vault.azure.net",
        [
          { address: "10.0.0.7", family: 4 },
          { address: "10.0.0.8", family: 4 },
        ],
      ],
      ["kv", [{ address: "10.0.0.7", family: 4 }]],
    ]);
  });

  it("sees a change, and a file that goes", async () => {
    const folder = await mkdtemp(join(tmpdir(), "hosts-"));
    const file = join(folder, "hosts");
    const hosts = createHostsFile(file);
    try {
      expect(await hosts("kv.example")).to.deep.equal([]);
      await writeFile(file, "10.0.0.7 kv.example\n");
      expect(await hosts("KV.example")).to.deep.equal([{ address: "10.0.0.7", family: 4 }]);
      await writeFile(file, "10.0.0.17 kv.example\n");
      expect(await hosts("kv.example")).to.deep.equal([{ address: "10.0.0.17", family: 4 }]);
      await rm(file);
      expect(await hosts("kv.example")).to.deep.equal([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
