import { once } from "node:events";
import http from "node:http";
import tls from "node:tls";
import { X509Certificate } from "node:crypto";
import { expect } from "chai";
import { startEmulator } from "../../emulator/emulator.js";
import type { Emulator } from "../../emulator/emulator.js";
import { CertificateAuthority, MAX_CONTEXTS } from "../../emulator/tls/certificate-authority.js";
import { ask, askByProxy, connectByProxy } from "./ask.js";

const HOST = "contoso-vault.vault.azure.net";
const LOGIN = "login.microsoftonline.com";

describe("emulator/proxy", () => {
  let emulator: Emulator;

  before(async () => {
    emulator = await startEmulator({
      clouds: [{ authorityHosts: ["login.stack.example:8443"], vaultSuffix: ".vault.stack.example:8443" }],
    });
    emulator.vault("contoso-vault");
    emulator.vault("contoso-vault", { suffix: "vault.stack.example" });
  });
  after(() => emulator.close());
  beforeEach(() => {
    emulator.requests.reset();
  });

  const verdicts = [
    { target: `${HOST}:443`, status: 200 },
    { target: `${HOST.toUpperCase()}:443`, status: 200 },
    { target: `${LOGIN}:443`, status: 200 },
    { target: "login.chinacloudapi.cn:443", status: 200 },
    { target: "contoso-vault.vault.stack.example:8443", status: 200 },
    { target: "login.stack.example:443", status: 200 },
    { target: "no-such-vault.vault.azure.net:443", status: 502 },
    { target: "contoso-vault.vault.azure.cn:443", status: 502 },
    { target: "example.com:443", status: 403 },
    { target: "vault.azure.net:443", status: 403 },
    { target: "evil-login.microsoftonline.com.example:443", status: 403 },
    { target: "169.254.169.254:80", status: 403 },
    { target: "[::1]:443", status: 403 },
  ];
  for (const { target, status } of verdicts) {
    it(`answers CONNECT ${target} with ${status}, and notes it`, async () => {
      const { status: answered, socket } = await connectByProxy(emulator, target);
      socket.destroy();
      expect(answered).to.equal(status);
      expect(emulator.requests.connects).to.have.length(1);
      const [noted] = emulator.requests.connects;
      expect(noted).to.include({ status, port: Number(target.slice(target.lastIndexOf(":") + 1)) });
      expect(target.toLowerCase()).to.contain(noted?.host);
    });
  }

  it("joins a client with the emulator, TLS verified, and the log says so", async () => {
    const byProxy = await askByProxy(emulator, { host: HOST, path: "/secrets/s?api-version=7.4" });
    const direct = await ask(emulator, { host: HOST, path: "/secrets/s?api-version=7.4" });
    expect([byProxy.status, direct.status]).to.deep.equal([401, 401]);
    expect(emulator.requests.all.map(({ via }) => via)).to.deep.equal(["proxy", "direct"]);
    expect(emulator.requests.hosts()).to.deep.equal([HOST]);
  });

  it("refuses a vault that was deleted", async () => {
    emulator.vault("short-lived");
    emulator.removeVault("short-lived");
    const { status, socket } = await connectByProxy(emulator, "short-lived.vault.azure.net:443");
    socket.destroy();
    expect(status).to.equal(502);
  });

  it("passes no plain request on", async () => {
    const request = http.get({
      host: "127.0.0.1",
      port: emulator.proxyPort,
      path: "http://example.com/x",
      agent: false,
    });
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    response.resume();
    expect(response.statusCode).to.equal(403);
    expect(emulator.requests.connects).to.deep.include({
      atMs: emulator.requests.connects[0]?.atMs,
      host: "example.com",
      port: 80,
      status: 403,
    });
  });

  it("asks for credentials when it has some", async () => {
    const guarded = await startEmulator({ proxyCredentials: { username: "u", password: "p" } });
    try {
      const without = await connectByProxy(guarded, `${LOGIN}:443`);
      expect(without.status).to.equal(407);
      expect(without.headers["proxy-authenticate"]).to.equal('Basic realm="emulator"');
      const basic = (text: string): Record<string, string> => ({
        "Proxy-Authorization": `Basic ${Buffer.from(text).toString("base64")}`,
      });
      expect((await connectByProxy(guarded, `${LOGIN}:443`, basic("u:wrong"))).status).to.equal(407);
      expect((await connectByProxy(guarded, `${LOGIN}:443`, basic("u:p"))).status).to.equal(200);
    } finally {
      await guarded.close();
    }
  });

  it("ends with connections open, twice over", async () => {
    const other = await startEmulator();
    const { socket } = await connectByProxy(other, `${LOGIN}:443`);
    socket.on("error", () => undefined);
    await Promise.all([other.close(), once(socket.resume(), "close")]);
    await other.close();
  });
});

describe("emulator/tls", () => {
  let emulator: Emulator;

  before(async () => {
    emulator = await startEmulator();
    emulator.vault("contoso-vault");
  });
  after(() => emulator.close());
  afterEach(() => {
    emulator.faults.clear();
  });

  async function certificateFor(
    servername: string | undefined,
    ca: string | undefined,
  ): Promise<X509Certificate> {
    const socket = tls.connect({
      host: "127.0.0.1",
      port: emulator.port,
      ...(servername === undefined ? {} : { servername }),
      ...(ca === undefined ? {} : { ca }),
    });
    try {
      await once(socket, "secureConnect");
      const certificate = socket.getPeerX509Certificate();
      if (certificate === undefined) throw new Error("no certificate");
      return certificate;
    } finally {
      socket.destroy();
    }
  }

  async function codeOf(attempt: Promise<unknown>): Promise<string> {
    try {
      await attempt;
      return "none";
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? "no code";
    }
  }

  it("makes a certificate for any name that is asked for", async () => {
    for (const name of [
      HOST,
      LOGIN,
      "anything.example",
      "a".repeat(63) + "." + "b".repeat(63) + ".example",
    ]) {
      const certificate = await certificateFor(name, emulator.caPem);
      expect(certificate.checkHost(name), name).to.equal(name);
    }
  });

  it("makes one certificate a name, not one a connection", async () => {
    const first = await certificateFor(HOST, emulator.caPem);
    expect((await certificateFor(HOST, emulator.caPem)).fingerprint).to.equal(first.fingerprint);
  });

  it(`remembers ${MAX_CONTEXTS} names and no more`, () => {
    const authority = new CertificateAuthority("Test CA");
    const first = authority.contextFor(["first.example"]);
    for (let count = 1; count < MAX_CONTEXTS; count++) authority.contextFor([`${count}.example`]);
    expect(authority.contextFor(["first.example"])).to.equal(first);
    authority.contextFor(["one-more.example"]);
    expect(authority.contextFor(["first.example"])).not.to.equal(first);
  });

  it("answers a client without a server name as the loopback address", async () => {
    const certificate = await certificateFor(undefined, emulator.caPem);
    expect(certificate.checkIP("127.0.0.1")).to.equal("127.0.0.1");
    expect(certificate.checkHost("localhost")).to.equal("localhost");
  });

  it("is trusted by nobody who does not know its authority", async () => {
    expect(await codeOf(certificateFor(HOST, undefined))).to.equal("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  });

  it("shakes no hands for a vault that does not exist", async () => {
    expect(await codeOf(certificateFor("no-such-vault.vault.azure.net", emulator.caPem))).to.equal(
      "ECONNRESET",
    );
  });

  const faults = [
    { fault: "unknownAuthority", code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" },
    { fault: "expired", code: "CERT_HAS_EXPIRED" },
    { fault: "wrongName", code: "ERR_TLS_CERT_ALTNAME_INVALID" },
    { fault: "reset", code: "ECONNRESET" },
  ] as const;
  for (const { fault, code } of faults) {
    it(`plays the fault ${fault} on one host, so often`, async () => {
      const handle = emulator.faults.add({ kind: "tls", fault }, { host: HOST, times: 1 });
      expect(await codeOf(certificateFor(LOGIN, emulator.caPem))).to.equal("none");
      expect(await codeOf(certificateFor(HOST, emulator.caPem))).to.equal(code);
      expect(await codeOf(certificateFor(HOST, emulator.caPem))).to.equal("none");
      expect(handle.hits).to.equal(1);
    });
  }

  it("refuses a request for a host that it does not play", async () => {
    const reply = await ask(emulator, { host: "example.com", path: "/", serverName: HOST });
    expect(reply.status).to.equal(421);
    expect(reply.json).to.deep.equal({
      error: { code: "EmulatorUnknownHost", message: "no vault and no authority of the name example.com" },
    });
  });
});
