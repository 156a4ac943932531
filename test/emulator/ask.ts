import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import type { Emulator } from "../../emulator/emulator.js";

/** One raw request, made without any SDK. */
export interface Question {
  readonly host: string;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Default `host`. */
  readonly serverName?: string;
  readonly signal?: AbortSignal;
}

export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  /** The parsed body, or undefined when it is no JSON. */
  readonly json: Record<string, unknown> | undefined;
}

/** Asks the emulator directly: its own port, the host by server name and `Host` header, TLS verified. */
export function ask(emulator: Pick<Emulator, "port" | "caPem">, question: Question): Promise<Reply> {
  return send(
    {
      host: "127.0.0.1",
      port: emulator.port,
      servername: question.serverName ?? question.host.replace(/:\d+$/, ""),
      ca: emulator.caPem,
      agent: false,
    },
    question,
  );
}

/** Asks through the forward proxy, as a client with HTTPS_PROXY does. */
export async function askByProxy(emulator: Emulator, question: Question): Promise<Reply> {
  const { status, socket } = await connectByProxy(emulator, `${question.host}:443`);
  if (status !== 200) throw new Error(`the proxy answered ${status}`);
  const secured = tls.connect({ socket, servername: question.host, ca: emulator.caPem });
  await once(secured, "secureConnect");
  return send({ createConnection: () => secured }, question);
}

/** Asks the proxy for a CONNECT. */
export async function connectByProxy(
  emulator: Pick<Emulator, "proxyPort">,
  target: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: http.IncomingHttpHeaders; socket: Duplex }> {
  const request = http.request({
    host: "127.0.0.1",
    port: emulator.proxyPort,
    method: "CONNECT",
    path: target,
    headers,
    agent: false,
  });
  request.end();
  const [response, socket] = (await once(request, "connect")) as [http.IncomingMessage, Duplex];
  return { status: response.statusCode ?? 0, headers: response.headers, socket };
}

/** A token of an application that signs in with its secret. */
export async function signIn(
  emulator: Emulator,
  who: { readonly tenantId: string; readonly clientId: string; readonly secret: string },
  scope = "https://vault.azure.net/.default",
  host = "login.microsoftonline.com",
): Promise<string> {
  const reply = await ask(emulator, {
    host,
    path: `/${who.tenantId}/oauth2/v2.0/token`,
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: who.clientId,
      client_secret: who.secret,
      scope,
    }).toString(),
  });
  const token = reply.json?.["access_token"];
  if (typeof token !== "string") throw new Error(`no token: ${reply.text}`);
  return token;
}

async function send(options: https.RequestOptions, question: Question): Promise<Reply> {
  const { host, path, method = "GET", headers = {}, body, signal } = question;
  const request = https.request({
    ...options,
    method,
    path,
    headers: {
      Host: host,
      ...(body === undefined ? {} : { "Content-Type": "application/x-www-form-urlencoded" }),
      ...headers,
    },
    ...(signal === undefined ? {} : { signal }),
  });
  request.end(body);
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  return { status: response.statusCode ?? 0, headers: response.headers, text, json: parse(text) };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
