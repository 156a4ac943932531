import { generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import https from "node:https";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { startEmulator } from "../../emulator/emulator.js";
import type { Emulator } from "../../emulator/emulator.js";
import { followClusterIssuer, readClusterIssuer } from "../../emulator/in-cluster/cluster-issuer.js";
import type { ClusterAccess } from "../../emulator/in-cluster/cluster-issuer.js";
import { readSeed } from "../../emulator/seed/seed.js";
import { CertificateAuthority } from "../../emulator/tls/certificate-authority.js";
import type { KeptAuthority } from "../../emulator/tls/certificate-authority.js";
import { issueCertificate, toPem } from "../../emulator/x509/certificate.js";
import { waitUntil } from "../support/wait.js";
import { ask } from "./ask.js";

const ISSUER = "https://kubernetes.example/";

function jwk(kid: string): Record<string, unknown> {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" };
}

describe("emulator/in-cluster", () => {
  let folder: string;
  let server: https.Server;
  let access: ClusterAccess;
  let keys: unknown;
  let token: string;
  const closing: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "in-cluster-"));
    keys = { keys: [jwk("first")] };
    token = "pod-token";
    const authority = new CertificateAuthority("kubernetes");
    server = https.createServer(authority.settingsFor(["127.0.0.1"], "current"), (request, response) => {
      response.statusCode = request.headers.authorization === `Bearer ${token}` ? 200 : 403;
      response.end(JSON.stringify(request.url === "/openid/v1/jwks" ? keys : { issuer: ISSUER }));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    await writeFile(path.join(folder, "ca.crt"), authority.pem);
    await writeFile(path.join(folder, "token"), "pod-token\n");
    const { port } = server.address() as AddressInfo;
    access = { accountFolder: folder, apiServer: `https://127.0.0.1:${port}` };
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    server.closeAllConnections();
    await once(server.close(), "close");
    await rm(folder, { recursive: true, force: true });
  });

  async function emulatorOfPod(): Promise<Emulator> {
    const emulator = await startEmulator();
    closing.push(() => emulator.close());
    return emulator;
  }

  function names(emulator: Emulator, kid: string): boolean {
    const jwt = { header: { kid }, claims: {}, signedPart: "", signature: Buffer.alloc(0) };
    return emulator.entra.issuer(ISSUER).keyFor(jwt) !== undefined;
  }

  it("knows the cluster's issuer and keys, and new keys a while later", async () => {
    const emulator = await emulatorOfPod();
    const ending = new AbortController();
    closing.push(() => {
      ending.abort();
      return Promise.resolve();
    });
    const problems: unknown[] = [];
    followClusterIssuer(emulator.entra, await readClusterIssuer(access), {
      ...access,
      refreshMs: 10,
      signal: ending.signal,
      onProblem: (error) => problems.push(error),
    });
    expect(names(emulator, "first")).to.equal(true);
    keys = { keys: [jwk("second")] };
    await waitUntil(() => names(emulator, "second"), "the new key is known");
    token = "another";
    await waitUntil(() => problems.length > 0, "the problem is told");
    expect(String(problems[0])).to.contain("the API server answered 403");
    expect(names(emulator, "second")).to.equal(true);
  });

  it("says which role is missing", async () => {
    token = "another";
    const refused = await readClusterIssuer(access).catch((error: unknown) => String(error));
    expect(refused).to.contain("403").and.to.contain("system:service-account-issuer-discovery");
  });

  it("a seed's issuer `cluster` is the cluster's, and an error outside of one", () => {
    const seed = JSON.stringify({
      tenants: [
        { id: "t", applications: [{ clientId: "c", federated: [{ issuer: "cluster", subject: "s" }] }] },
      ],
    });
    expect(() => readSeed(seed, ISSUER)).to.not.throw();
    expect(() => readSeed(seed)).to.throw("started without --cluster");
  });
});

describe("emulator/tls with an authority that is brought", () => {
  const authority = keptAuthority();

  it("signs with it, so that a restart changes nothing for those who trust it", async () => {
    for (let start = 0; start < 2; start += 1) {
      const emulator = await startEmulator({ authority });
      const question = { host: "login.microsoftonline.com", path: "/common/discovery/v2.0/keys" };
      const { status } = await ask({ port: emulator.port, caPem: authority.certificatePem }, question);
      await emulator.close();
      expect(status).to.equal(200);
    }
  });

  it("refuses what does not belong together", () => {
    const keyPem = pemOf(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey);
    expect(() => new CertificateAuthority({ ...authority, keyPem })).to.throw("does not belong");
    expect(() => new CertificateAuthority({ ...authority, keyPem: "x" })).to.throw("must be PEM");
  });
});

function keptAuthority(): KeptAuthority {
  const subject = "O=Contoso\\, Ltd, CN=Kept CA";
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const certificate = issueCertificate(
    {
      subject,
      publicKey: keys.publicKey,
      notBefore: new Date(Date.now() - 60_000),
      notAfter: new Date(Date.now() + 3_600_000),
      isAuthority: true,
    },
    { subject, ...keys },
  );
  return { certificatePem: toPem("CERTIFICATE", certificate), keyPem: pemOf(keys.privateKey) };
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}
