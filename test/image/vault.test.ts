import { randomInt } from "node:crypto";
import { chown, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { endOf, startContainer } from "./support/container.js";
import { Image } from "./support/image.js";

const SEED = `
caFile: /out/ca.pem
vaults:
  - name: contoso-vault
    secrets: [{ name: db, value: first }]
`;

describe("the embedded vault's image", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-vault-"));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("serves as any uid with a read-only root, and ends with SIGTERM", async () => {
    const image = await Image.open("vault");
    const uid = randomInt(100_000, 2_000_000_000);
    const seedFile = path.join(folder, "seed.yaml");
    const out = await mkdtemp(path.join(folder, "out-"));
    await writeFile(seedFile, SEED);
    await chown(out, uid, 0);
    const { Env, Entrypoint } = image.config.config;
    const child = await startContainer({
      rootfs: image.rootfs,
      args: [...Entrypoint, "--config", "/config/seed.yaml"],
      env: Env,
      uid,
      gid: 0,
      mounts: [
        { source: seedFile, target: "/config/seed.yaml" },
        { source: out, target: "/out", isWritable: true },
      ],
    });
    const ended = endOf(child);
    try {
      const line = await Promise.race([firstLine(child.stdout), ended.then(({ output }) => output)]);
      const { port } = JSON.parse(line) as { port: number };
      const ca = await readFile(path.join(out, "ca.pem"), "utf8");
      expect(await challenge(port, "contoso-vault.vault.azure.net", ca)).to.deep.equal({
        status: 401,
        scheme: "Bearer",
      });
    } finally {
      child.kill("SIGTERM");
    }
    const { code, output } = await ended;
    expect(code, output).to.equal(0);
  });
});

async function firstLine(stream: NodeJS.ReadableStream | null): Promise<string> {
  if (stream === null) throw new Error("there is no output");
  return await new Promise((resolve) => createInterface({ input: stream }).once("line", resolve));
}

/** What the vault answers to a call without a token. */
async function challenge(
  port: number,
  host: string,
  ca: string,
): Promise<{ status: number; scheme: string }> {
  return await new Promise((resolve, reject) => {
    const call = request(
      {
        port,
        host: "127.0.0.1",
        servername: host,
        ca,
        path: "/secrets/db?api-version=7.4",
        headers: { host },
      },
      (answer) => {
        answer.resume();
        resolve({
          status: answer.statusCode ?? 0,
          scheme: answer.headers["www-authenticate"]?.split(" ")[0] ?? "",
        });
      },
    );
    call.once("error", reject).end();
  });
}
