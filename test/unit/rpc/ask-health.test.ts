import { expect } from "chai";
import { once } from "node:events";
import { createServer as createHttp1Server } from "node:http";
import { createServer as createHttp2Server, type ServerHttp2Stream } from "node:http2";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { askHealth } from "../../../src/rpc/ask-health.js";
import { withFolder } from "./support.js";

const GRPC = { ":status": 200, "content-type": "application/grpc" };
const frame = (hex: string): Buffer =>
  Buffer.from(`00000000${(hex.length / 2).toString(16).padStart(2, "0")}${hex}`, "hex");

function answer(body: Buffer, grpcStatus: string): (stream: ServerHttp2Stream) => void {
  return (stream) => {
    stream.respond(GRPC, { waitForTrailers: true });
    stream.once("wantTrailers", () => {
      stream.sendTrailers({ "grpc-status": grpcStatus });
    });
    stream.end(body);
  };
}

describe("rpc/ask-health askHealth", () => {
  const answers: { name: string; expected: string; onStream: (stream: ServerHttp2Stream) => void }[] = [
    { name: "SERVING", expected: "serving", onStream: answer(frame("0801"), "0") },
    { name: "NOT_SERVING", expected: "not-serving", onStream: answer(frame("0802"), "0") },
    { name: "an empty message", expected: "not-serving", onStream: answer(frame(""), "0") },
    { name: "a message that is none", expected: "answers", onStream: answer(frame("ffff"), "0") },
    { name: "a megabyte", expected: "answers", onStream: answer(Buffer.alloc(1e6), "0") },
    { name: "an error after its headers", expected: "answers", onStream: answer(Buffer.alloc(0), "5") },
    {
      name: "an error as its headers",
      expected: "answers",
      onStream: (stream) => {
        stream.respond({ ...GRPC, "grpc-status": "12" }, { endStream: true });
      },
    },
    {
      name: "a web page",
      expected: "answers",
      onStream: (stream) => {
        stream.respond({ ":status": 404 });
        stream.end("not found");
      },
    },
    {
      name: "a reset",
      expected: "unreachable",
      onStream: (stream) => {
        stream.close(2);
      },
    },
    {
      name: "an end of the connection",
      expected: "unreachable",
      onStream: (stream) => {
        stream.session?.destroy();
      },
    },
    { name: "nothing", expected: "silent", onStream: () => undefined },
    {
      name: "headers and then nothing",
      expected: "silent",
      onStream: (stream) => {
        stream.respond(GRPC);
      },
    },
  ];
  for (const { name, expected, onStream } of answers) {
    it(`says ${expected} of a server that answers ${name}`, async () => {
      const server = createHttp2Server();
      server.on("stream", (stream: ServerHttp2Stream) => {
        stream.on("error", () => undefined);
        onStream(stream);
      });
      await served(server, async (endpoint) => {
        expect(await askHealth(endpoint, 150)).to.equal(expected);
      });
    });
  }

  const others: { name: string; expected: string; server: () => Server }[] = [
    {
      name: "accepts and says nothing",
      expected: "silent",
      server: () => createServer((socket) => socket.resume()),
    },
    {
      name: "accepts and hangs up",
      expected: "unreachable",
      server: () => createServer((socket) => socket.destroy()),
    },
    { name: "speaks HTTP/1", expected: "unreachable", server: () => createHttp1Server() },
    {
      name: "sends noise",
      expected: "unreachable",
      server: () => createServer((socket) => socket.write(Buffer.alloc(999, 0xff))),
    },
  ];
  for (const { name, expected, server } of others) {
    it(`says ${expected} of a server that ${name}`, async () => {
      await served(server(), async (endpoint) => {
        expect(await askHealth(endpoint, 150)).to.equal(expected);
      });
    });
  }

  it("says unreachable of a path where nothing is", async () => {
    await withFolder(async (folder) => {
      expect(await askHealth({ kind: "unix", path: join(folder, "azure.sock") }, 150)).to.equal(
        "unreachable",
      );
    });
  });

  it("leaves no connection behind, whatever the server does", async () => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.resume());
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    });
    await served(server, async (endpoint) => {
      await Promise.all(Array.from({ length: 20 }, () => askHealth(endpoint, 50)));
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(sockets.size).to.equal(0);
    });
  });
});

async function served(
  server: Server,
  run: (endpoint: { kind: "tcp"; host: string; port: number }) => Promise<void>,
): Promise<void> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket.on("error", () => undefined));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await run({ kind: "tcp", host: "127.0.0.1", port: (server.address() as AddressInfo).port });
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}
