import { once } from "node:events";
import { generateKeyPairSync } from "node:crypto";
import http from "node:http";
import https from "node:https";
import net, { type AddressInfo } from "node:net";
import tls from "node:tls";
import forge from "node-forge";

const HOUR_MS = 3_600_000;

/** A certificate authority of a test's own, and the certificate that it gave to `localhost` and 127.0.0.1. */
export interface TestAuthority {
  readonly authorityPem: string;
  readonly certificatePem: string;
  readonly keyPem: string;
}

interface KeyPair {
  readonly publicKey: forge.pki.rsa.PublicKey;
  readonly privateKey: forge.pki.rsa.PrivateKey;
  readonly privatePem: string;
}

/** @param names - DNS names of the server's certificate beside the address 127.0.0.1 */
export function createAuthority(names: readonly string[] = ["localhost"]): TestAuthority {
  const authorityKeys = createKeys();
  const serverKeys = createKeys();
  const authorityName = [{ name: "commonName", value: "Test authority" }];
  const authority = createCertificate("01", authorityName, authorityName, authorityKeys.publicKey, [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true, critical: true },
  ]);
  authority.sign(authorityKeys.privateKey, forge.md.sha256.create());
  const serverName = [{ name: "commonName", value: "localhost" }];
  const certificate = createCertificate("02", serverName, authorityName, serverKeys.publicKey, [
    {
      name: "subjectAltName",
      altNames: [{ type: 7, ip: "127.0.0.1" }, ...names.map((value) => ({ type: 2, value }))],
    },
  ]);
  certificate.sign(authorityKeys.privateKey, forge.md.sha256.create());
  return {
    authorityPem: forge.pki.certificateToPem(authority),
    certificatePem: forge.pki.certificateToPem(certificate),
    keyPem: serverKeys.privatePem,
  };
}

function createKeys(): KeyPair {
  // Node makes RSA keys some hundred times faster than forge does.
  const pair = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return {
    publicKey: forge.pki.publicKeyFromPem(pair.publicKey),
    privateKey: forge.pki.privateKeyFromPem(pair.privateKey),
    privatePem: pair.privateKey,
  };
}

function createCertificate(
  serialNumber: string,
  subject: forge.pki.CertificateField[],
  issuer: forge.pki.CertificateField[],
  publicKey: forge.pki.rsa.PublicKey,
  extensions: object[],
): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.serialNumber = serialNumber;
  certificate.publicKey = publicKey;
  certificate.validity.notBefore = new Date(Date.now() - HOUR_MS);
  certificate.validity.notAfter = new Date(Date.now() + HOUR_MS);
  certificate.setSubject(subject);
  certificate.setIssuer(issuer);
  certificate.setExtensions(extensions);
  return certificate;
}

/** A server on a free port that records what reached it. */
export interface TestServer {
  readonly port: number;
  /** `https://localhost:<port>` (or `http://`). */
  readonly origin: string;
  /** `<METHOD> <path>` of each request, in order. */
  readonly requests: string[];
  /** The connections that are open now. */
  readonly connections: Set<net.Socket>;
  /** Connections made since the start. */
  connectionCount(): number;
  close(): Promise<void>;
}

export async function startHttpsServer(
  authority: TestAuthority,
  handler: http.RequestListener,
  options: https.ServerOptions = {},
): Promise<TestServer> {
  const server = https.createServer(
    { key: authority.keyPem, cert: authority.certificatePem, ...options },
    (request, response) => {
      requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
      handler(request, response);
    },
  );
  const requests: string[] = [];
  return listen(server, requests, "https");
}

/** A proxy that answers CONNECT; the policy returns the status to refuse with, or 200 to open the tunnel. */
export async function startProxy(
  policy: (request: http.IncomingMessage) => number,
  authority?: TestAuthority,
): Promise<TestServer> {
  const server =
    authority === undefined
      ? http.createServer()
      : https.createServer({ key: authority.keyPem, cert: authority.certificatePem });
  const requests: string[] = [];
  server.on("connect", (request: http.IncomingMessage, client: net.Socket) => {
    requests.push(`CONNECT ${request.url ?? ""}`);
    client.on("error", () => undefined);
    client.on("end", () => client.destroy());
    const status = policy(request);
    if (status === 0) return; // never answers
    if (status !== 200) {
      client.end(`HTTP/1.1 ${String(status)} Refused\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const [, port = "0"] = /:(\d+)$/.exec(request.url ?? "") ?? [];
    const upstream = net.connect(Number(port), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("close", () => upstream.destroy());
  });
  return listen(server, requests, authority === undefined ? "http" : "https");
}

/** A plain TCP server, for what no HTTP server would do. */
export async function startTcpServer(onConnection: (socket: net.Socket) => void): Promise<TestServer> {
  return listen(net.createServer(onConnection), [], "https");
}

async function listen(server: net.Server, requests: string[], scheme: string): Promise<TestServer> {
  const connections = new Set<net.Socket>();
  let count = 0;
  server.on("connection", (socket: net.Socket) => {
    if (socket instanceof tls.TLSSocket) return;
    count += 1;
    connections.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => connections.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `${scheme}://localhost:${String(port)}`,
    requests,
    connections,
    connectionCount: () => count,
    async close() {
      for (const socket of connections) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
