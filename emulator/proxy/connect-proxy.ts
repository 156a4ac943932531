import { createServer } from "node:http";
import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import { hostnameOf } from "../clouds.js";
import type { RequestLog } from "../request-log.js";
import type { HostVerdict } from "../router.js";

/** What the proxy works with. */
export interface ProxySetting {
  readonly judge: (hostname: string) => HostVerdict;
  /** Takes over the connection behind an accepted CONNECT. */
  readonly accept: (socket: Duplex) => void;
  readonly log: RequestLog;
  readonly now: () => number;
  /** When set, CONNECT needs `Proxy-Authorization: Basic` of this pair. */
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
}

const REASONS = {
  200: "Connection Established",
  403: "Forbidden",
  407: "Proxy Authentication Required",
  502: "Bad Gateway",
} as const;

/**
 * A forward proxy that joins CONNECT to a played host with the emulator and refuses every other one, so that a client
 * with HTTPS_PROXY can reach nothing else, and every host that it asks for is on record. Nothing ever leaves the machine.
 * @see RFC 9110 section 9.3.6
 */
export function makeConnectProxy(setting: ProxySetting): Server {
  const server = createServer((request, response) => {
    const asked = URL.canParse(request.url ?? "") ? new URL(request.url ?? "") : undefined;
    if (asked !== undefined) record(setting, asked.hostname, Number(asked.port || "80"), 403);
    response.writeHead(asked === undefined ? 400 : 403, { "Content-Type": "text/plain" });
    response.end("this proxy takes CONNECT to hosts of the emulator only\n");
  });
  server.on("connect", (request, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const target = /^(.+):(\d{1,5})$/.exec(request.url ?? "");
    const hostname = hostnameOf(target?.[1] ?? "");
    const status = isLetIn(setting, request.headers["proxy-authorization"])
      ? statusFor(setting.judge(hostname))
      : 407;
    record(setting, hostname, Number(target?.[2] ?? "0"), status);
    if (status !== 200) {
      const challenge = status === 407 ? 'Proxy-Authenticate: Basic realm="emulator"\r\n' : "";
      socket.end(
        `HTTP/1.1 ${status} ${REASONS[status]}\r\n${challenge}Content-Length: 0\r\nConnection: close\r\n\r\n`,
      );
      return;
    }
    socket.write(`HTTP/1.1 200 ${REASONS[200]}\r\n\r\n`);
    if (head.length > 0) socket.unshift(head);
    setting.accept(socket);
  });
  return server;
}

function statusFor(verdict: HostVerdict): 200 | 403 | 502 {
  switch (verdict) {
    case "played":
      return 200;
    case "unresolvable":
      return 502;
    case "foreign":
      return 403;
  }
}

function isLetIn({ credentials }: ProxySetting, header: string | undefined): boolean {
  if (credentials === undefined) return true;
  const expected = Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64");
  return header === `Basic ${expected}`;
}

function record(setting: ProxySetting, host: string, port: number, status: number): void {
  setting.log.connected({ atMs: setting.now(), host, port, status });
}
