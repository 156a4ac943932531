import { status } from "@grpc/grpc-js";
import { expect } from "chai";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { v1alpha1 } from "../../../provider-proto/generated/messages.js";
import { ProviderError } from "../../../src/errors/provider-error.js";
import { Admission, DEFAULT_ADMISSION_LIMITS } from "../../../src/rpc/admission.js";
import type { MountFunction } from "../../../src/rpc/mount-calls.js";
import { ProviderServer, type ProviderServerParts } from "../../../src/rpc/provider-server.js";
import { SocketFile } from "../../../src/rpc/socket-file.js";
import { decodeHealth, encodeHealthCheckRequest } from "../../../src/rpc/wire.js";
import { createMetrics, type Metrics } from "../../../src/telemetry/metrics.js";
import { BytesClient, captureLog, rejectionOf, until, withFolder } from "./support.js";

const MOUNT = "/v1alpha1.CSIDriverProvider/Mount";
const VERSION = "/v1alpha1.CSIDriverProvider/Version";
const CHECK = "/grpc.health.v1.Health/Check";
const WATCH = "/grpc.health.v1.Health/Watch";
const LIST = "/grpc.health.v1.Health/List";

const ATTRIBUTES = JSON.stringify({
  "csi.storage.k8s.io/pod.name": "web-0",
  "csi.storage.k8s.io/pod.namespace": "shop",
  secretProviderClass: "web",
  "csi.storage.k8s.io/serviceAccount.tokens": "t0ken",
});
const MOUNT_BYTES = v1alpha1.MountRequest.encode({
  attributes: ATTRIBUTES,
  secrets: '{"clientsecret":"s3cret"}',
  targetPath: "/t",
  permission: "420",
}).finish();

interface Harness {
  readonly server: ProviderServer;
  readonly client: BytesClient;
  readonly path: string;
  readonly metrics: Metrics;
  readonly lines: Record<string, unknown>[];
}

async function serve(
  mount: MountFunction,
  run: (harness: Harness) => Promise<void>,
  parts: Partial<ProviderServerParts> = {},
): Promise<void> {
  await withFolder(async (folder) => {
    const path = join(folder, "azure.sock");
    const { log, lines } = captureLog();
    const metrics = createMetrics({ version: "1.2.3" });
    const server = new ProviderServer({ mount, log, metrics, version: "1.2.3", ...parts });
    const file = await SocketFile.bind(path, server.accept);
    const client = new BytesClient(`unix:${path}`);
    try {
      await run({ server, client, path, metrics, lines });
      expect(JSON.stringify(lines)).to.not.match(/s3cret|t0ken/);
    } finally {
      client.close();
      file.stopAccepting();
      await server.drain(0, AbortSignal.abort());
    }
  });
}

const ONE_FILE: MountFunction = () =>
  Promise.resolve({
    files: [{ path: "db", mode: 0o644, contents: Buffer.from("value") }],
    versions: [{ id: "secret/db", version: "v1" }],
  });

/** A mount that ends when it is told to. */
function heldMount(): {
  mount: MountFunction;
  started: () => number;
  release: () => void;
  reasons: unknown[];
} {
  let started = 0;
  const reasons: unknown[] = [];
  const waiting: (() => void)[] = [];
  return {
    started: () => started,
    release: () => {
      for (const go of waiting.splice(0)) go();
    },
    reasons,
    mount: async (request, context) => {
      const { signal } = context;
      started += 1;
      await new Promise<void>((resolve, reject) => {
        waiting.push(resolve);
        signal.addEventListener("abort", () => {
          reasons.push(signal.reason);
          reject(signal.reason as Error);
        });
      });
      return await ONE_FILE(request, context);
    },
  };
}

describe("rpc/provider-server Version", () => {
  it("tells the protocol, the provider and the build", async () => {
    await serve(ONE_FILE, async ({ client, metrics }) => {
      const answer = await client.call(
        VERSION,
        v1alpha1.VersionRequest.encode({ version: "v1alpha1" }).finish(),
      );
      expect(v1alpha1.VersionResponse.decode(answer).toJSON()).to.deep.equal({
        version: "v1alpha1",
        runtimeName: "secrets-store-csi-driver-provider-azure",
        runtimeVersion: "1.2.3",
      });
      expect(await metrics.render()).to.match(
        /grpc_request_count\{.*CSIDriverProvider\/Version",grpc_code="OK".*\} 1\n/,
      );
    });
  });

  it("refuses junk", async () => {
    await serve(ONE_FILE, async ({ client }) => {
      expect(await rejectionOf(client.call(VERSION, Buffer.from([0x0a, 0x09])))).to.include({
        code: status.INVALID_ARGUMENT,
        details: "the request is no v1alpha1 VersionRequest",
      });
    });
  });
});

describe("rpc/provider-server Mount", () => {
  it("hands the request on, answers with files and versions, and logs and counts it", async () => {
    const requests: unknown[] = [];
    const mount: MountFunction = async (request, call) => {
      requests.push(request);
      call.log.info(0, "inside");
      return await ONE_FILE(request, call);
    };
    await serve(mount, async ({ client, metrics, lines }) => {
      const answer = v1alpha1.MountResponse.decode(await client.call(MOUNT, MOUNT_BYTES));
      expect(answer.toJSON()).to.deep.equal({
        objectVersion: [{ id: "secret/db", version: "v1" }],
        files: [{ path: "db", mode: 420, contents: Buffer.from("value").toString("base64") }],
      });
      expect(requests).to.deep.equal([
        { attributes: ATTRIBUTES, secrets: '{"clientsecret":"s3cret"}', targetPath: "/t", permission: "420" },
      ]);
      await until(() => lines.length === 2);
      const subject = { pod: "web-0", namespace: "shop", class: "web" };
      expect(lines[0]).to.deep.include({ msg: "inside", ...subject });
      expect(lines[1]).to.deep.include({ msg: "Mounted", level: "info", v: 2, code: "OK", ...subject });
      expect(lines[1]?.["request"]).to.equal(lines[0]?.["request"]);
      expect(lines[1]?.["durationMs"]).to.be.a("number");
      expect(await metrics.render()).to.match(
        /grpc_request_count\{.*grpc_method="\/v1alpha1\.CSIDriverProvider\/Mount",grpc_code="OK",grpc_message=""\} 1\n/,
      );
    });
  });

  it("answers an error of ours with its status and words, on the pod and in the log", async () => {
    const mount: MountFunction = () =>
      Promise.reject(new ProviderError("VAULT_FORBIDDEN", 'no "get" on ünd', { serviceId: "3f2a-17" }));
    await serve(mount, async ({ client, metrics, lines }) => {
      const details = 'failed to mount objects, error: no "get" on ünd';
      const error = await rejectionOf(client.call(MOUNT, MOUNT_BYTES));
      expect(error).to.include({ code: status.PERMISSION_DENIED, details });
      await until(() => lines.length === 1);
      expect(lines[0]).to.deep.include({
        level: "error",
        msg: "Mount failed",
        code: "PermissionDenied",
        error: "VAULT_FORBIDDEN",
        err: details,
        serviceIds: "3f2a-17",
        pod: "web-0",
      });
      expect(await metrics.render()).to.contain(
        'grpc_code="PermissionDenied",grpc_message="VAULT_FORBIDDEN"} 1\n',
      );
    });
  });

  const unexpected: { name: string; mount: MountFunction }[] = [
    { name: "rejects with an error", mount: () => Promise.reject(new TypeError("s3cret")) },
    { name: "rejects with a string", mount: () => rejectWith("s3cret") },
    {
      name: "throws at once",
      mount: () => {
        throw new SyntaxError("s3cret");
      },
    },
    { name: "answers nothing", mount: () => Promise.resolve(undefined as never) },
    {
      name: "answers what cannot be encoded",
      mount: () =>
        Promise.resolve({ files: [{ path: 1, mode: "s3cret", contents: 7 }], versions: null } as never),
    },
  ];
  for (const { name, mount } of unexpected) {
    it(`answers INTERNAL and a request id when the mount ${name}, and goes on`, async () => {
      let isBroken = true;
      const once: MountFunction = async (request, call) => await (isBroken ? mount : ONE_FILE)(request, call);
      await serve(once, async ({ client, metrics, lines }) => {
        const error = await rejectionOf(client.call(MOUNT, MOUNT_BYTES));
        expect(error).to.have.property("code", status.INTERNAL);
        const id = /internal error, request ([0-9a-f]{8}-1):/.exec(error.message)?.[1];
        await until(() => lines.length === 1);
        expect(lines[0]).to.include({
          level: "error",
          msg: "Mount failed unexpectedly",
          request: id,
          error: "INTERNAL",
        });
        expect(lines[0]).to.have.keys(
          "level",
          "ts",
          "msg",
          "request",
          "pod",
          "namespace",
          "class",
          "code",
          "error",
          "durationMs",
          "errorClass",
          "frames",
        );
        expect(await metrics.render()).to.contain("azure_provider_unexpected_errors_total 1\n");
        isBroken = false;
        await client.call(MOUNT, MOUNT_BYTES);
      });
    });
  }

  const junk: { name: string; bytes: Buffer; code: status; details: RegExp }[] = [
    {
      name: "random bytes",
      bytes: Buffer.from("s3cret \xff\xff"),
      code: status.INVALID_ARGUMENT,
      details: /^failed to mount objects, error: the request is no v1alpha1 MountRequest; check that/,
    },
    {
      name: "a cut message",
      bytes: Buffer.from(MOUNT_BYTES.subarray(0, 50)),
      code: status.INVALID_ARGUMENT,
      details: /no v1alpha1 MountRequest/,
    },
    {
      name: "a message beyond 3 MiB",
      bytes: Buffer.concat([Buffer.from(MOUNT_BYTES), field9(3 * 1024 * 1024)]),
      code: status.INVALID_ARGUMENT,
      details:
        /the request has 314\d{4} bytes, and 3145728 is the most; make the SecretProviderClass's parameters or the secret of nodePublishSecretRef smaller$/,
    },
    {
      name: "a message beyond 4 MiB",
      bytes: Buffer.alloc(4 * 1024 * 1024 + 1),
      code: status.RESOURCE_EXHAUSTED,
      details: /larger than max/,
    },
  ];
  for (const { name, bytes, code, details } of junk) {
    it(`refuses ${name} and goes on`, async () => {
      await serve(ONE_FILE, async ({ client }) => {
        const error = await rejectionOf(client.call(MOUNT, bytes));
        expect(error).to.have.property("code", code);
        expect((error as unknown as { details: string }).details).to.match(details);
        await client.call(MOUNT, MOUNT_BYTES);
      });
    });
  }

  it("takes a request of 3 MiB", async () => {
    await serve(ONE_FILE, async ({ client }) => {
      const filler = field9(3 * 1024 * 1024 - MOUNT_BYTES.length - 5);
      await client.call(MOUNT, Buffer.concat([MOUNT_BYTES, filler]));
    });
  });

  it("answers 8 MiB of files, and warns that a driver at its default will not take them", async () => {
    const contents = Buffer.alloc(8 * 1024 * 1024, 0x61);
    const mount: MountFunction = () =>
      Promise.resolve({
        files: [{ path: "a", mode: 0, contents }],
        versions: [{ id: "secret/a", version: "1" }],
      });
    await serve(mount, async ({ client, lines }) => {
      const error = await rejectionOf(client.call(MOUNT, MOUNT_BYTES));
      expect(error).to.have.property("code", status.RESOURCE_EXHAUSTED); // our client's own default of 4 MiB
      await until(() => lines.some(({ level }) => level === "warn"));
      expect(lines.find(({ level }) => level === "warn")?.["msg"]).to.match(
        /raise its --max-call-recv-msg-size$/,
      );
    });
  });

  it("passes the driver's cancellation on to the mount", async () => {
    const held = heldMount();
    await serve(held.mount, async ({ client, lines }) => {
      const giveUp = new AbortController();
      const call = rejectionOf(client.call(MOUNT, MOUNT_BYTES, { signal: giveUp.signal }));
      await until(() => held.started() === 1);
      giveUp.abort();
      expect(await call).to.have.property("code", status.CANCELLED);
      await until(() => lines.length === 1);
      expect(held.reasons[0]).to.be.instanceOf(ProviderError).and.to.have.property("code", "CALL_CANCELLED");
      expect(lines[0]).to.include({
        level: "warn",
        msg: "Mount ended early",
        code: "Canceled",
        error: "CALL_CANCELLED",
      });
    });
  });

  it("answers in its own words a moment before the deadline, although the mount hangs", async () => {
    const mount: MountFunction = () => new Promise(() => undefined);
    await serve(mount, async ({ client, server, lines }) => {
      const startedAt = performance.now();
      const error = await rejectionOf(client.call(MOUNT, MOUNT_BYTES, { deadlineMs: 1000 }));
      expect(error).to.have.property("code", status.INTERNAL);
      expect(error.message).to.match(
        /failed to mount objects, error: the mount did not end within the (1\.0|0\.9) s/,
      );
      expect(performance.now() - startedAt).to.be.within(850, 999);
      expect(server.mounts).to.equal(0);
      await until(() => lines.length === 1);
      expect(lines[0]).to.include({ code: "Internal", error: "CALL_DEADLINE_EXCEEDED" });
    });
  });

  it("prefers what the mount says about its end to the signal's reason", async () => {
    const mount: MountFunction = (_request, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          reject(new ProviderError("CALL_DEADLINE_EXCEEDED", 'waiting for secret "db"'));
        });
      });
    await serve(mount, async ({ client }) => {
      const error = await rejectionOf(client.call(MOUNT, MOUNT_BYTES, { deadlineMs: 500 }));
      expect(error.message).to.match(/waiting for secret "db"$/);
    });
  });

  it("refuses mounts beyond its limit and serves again once there is room", async () => {
    const held = heldMount();
    const admission = new Admission({ ...DEFAULT_ADMISSION_LIMITS, maxMounts: 3 });
    await serve(
      held.mount,
      async ({ client, metrics }) => {
        const first = [1, 2, 3].map(() => client.call(MOUNT, MOUNT_BYTES));
        await until(() => held.started() === 3);
        expect(await metrics.render()).to.contain("azure_provider_mounts_in_flight 3\n");
        expect(await rejectionOf(client.call(MOUNT, MOUNT_BYTES))).to.have.property("code", status.INTERNAL);
        held.release();
        await Promise.all(first);
        expect(await metrics.render()).to.contain("azure_provider_mounts_in_flight 0\n");
        const again = client.call(MOUNT, MOUNT_BYTES);
        await until(() => held.started() === 4);
        held.release();
        await again;
      },
      { admission },
    );
  });

  it("answers twelve hundred calls at once, each exactly once", async () => {
    await serve(ONE_FILE, async ({ client }) => {
      const calls = Array.from({ length: 1200 }, () =>
        client.call(MOUNT, MOUNT_BYTES, { deadlineMs: 30_000 }),
      );
      const answers = await Promise.allSettled(calls);
      const counts = { ok: 0, refused: 0 };
      for (const answer of answers) {
        if (answer.status === "fulfilled") counts.ok += 1;
        else if ((answer.reason as { code: status }).code === status.INTERNAL) counts.refused += 1;
      }
      expect(counts.ok + counts.refused).to.equal(1200);
      expect(counts.ok).to.be.above(500);
    });
  });
});

describe("rpc/provider-server health", () => {
  for (const service of ["", "v1alpha1.CSIDriverProvider"]) {
    it(`says that "${service}" serves`, async () => {
      await serve(ONE_FILE, async ({ client }) => {
        expect(decodeHealth(await client.call(CHECK, encodeHealthCheckRequest(service)))).to.equal("SERVING");
      });
    });
  }

  it("does not know other services", async () => {
    await serve(ONE_FILE, async ({ client }) => {
      for (const service of ["v1alpha1", "__proto__", "x".repeat(100_000)]) {
        expect(await rejectionOf(client.call(CHECK, encodeHealthCheckRequest(service)))).to.include({
          code: status.NOT_FOUND,
          details: "this server has no service of that name",
        });
      }
    });
  });

  for (const method of [CHECK, LIST, WATCH]) {
    it(`refuses junk for ${method}`, async () => {
      await serve(ONE_FILE, async ({ client }) => {
        const junk = Buffer.from([0x0a, 0x09, 0x41]);
        const code =
          method === WATCH
            ? (await client.stream(method, junk).end).code
            : (await rejectionOf(client.call(method, junk))).code;
        expect(code).to.equal(status.INVALID_ARGUMENT);
      });
    });
  }

  it("lists its services", async () => {
    await serve(ONE_FILE, async ({ client }) => {
      const bytes = await client.call(LIST, Buffer.alloc(0));
      expect(bytes.toString("latin1")).to.contain("v1alpha1.CSIDriverProvider");
    });
  });

  it("tells watchers the state at once and NOT_SERVING when it drains, and lets them hold nothing up", async () => {
    await serve(ONE_FILE, async ({ client, server }) => {
      const watch = client.stream(WATCH, encodeHealthCheckRequest(""));
      const unknown = client.stream(WATCH, encodeHealthCheckRequest("none"));
      await until(() => watch.messages.length === 1 && unknown.messages.length === 1);
      expect(watch.messages[0]?.toString("hex")).to.equal("0801");
      expect(unknown.messages[0]?.toString("hex")).to.equal("0803");
      const startedAt = performance.now();
      await server.drain(10_000, new AbortController().signal);
      expect(performance.now() - startedAt).to.be.below(1000);
      expect((await watch.end).code).to.equal(status.UNAVAILABLE);
      expect(watch.messages.map((message) => message.toString("hex"))).to.deep.equal(["0801", "0802"]);
      expect(unknown.messages).to.have.length(1);
    });
  });

  it("holds 64 watches and not one more, and has room again when one ends", async () => {
    await serve(ONE_FILE, async ({ client }) => {
      const bytes = encodeHealthCheckRequest("");
      const watches = Array.from({ length: 64 }, () => client.stream(WATCH, bytes));
      await until(() => watches.every(({ messages }) => messages.length === 1));
      expect((await client.stream(WATCH, bytes).end).code).to.equal(status.RESOURCE_EXHAUSTED);
      watches[7]?.cancel();
      await until(async () => {
        const next = client.stream(WATCH, bytes);
        let hasEnded = false;
        void next.end.then(() => (hasEnded = true));
        await until(() => hasEnded || next.messages.length === 1);
        return !hasEnded;
      });
    });
  });
});

describe("rpc/provider-server drain", () => {
  it("lets running mounts finish and refuses no answer to them", async () => {
    const held = heldMount();
    await serve(held.mount, async ({ client, server }) => {
      const call = client.call(MOUNT, MOUNT_BYTES);
      await until(() => held.started() === 1);
      const drained = server.drain(10_000, new AbortController().signal);
      await new Promise((resolve) => setTimeout(resolve, 50));
      held.release();
      expect((await call).length).to.be.above(10);
      await drained;
    });
  });

  it("ends mounts that still run at the limit as final, so that the kubelet has the next provider asked", async () => {
    const mount: MountFunction = () => new Promise(() => undefined);
    await serve(mount, async ({ client, server, lines }) => {
      const call = rejectionOf(client.call(MOUNT, MOUNT_BYTES));
      await until(() => server.mounts === 1);
      const startedAt = performance.now();
      await server.drain(100, new AbortController().signal);
      expect(performance.now() - startedAt).to.be.within(95, 600);
      expect(await call).to.include({
        code: status.INTERNAL,
        details:
          "failed to mount objects, error: the provider on this node is being stopped; the next one will answer",
      });
      expect(lines.at(-1)).to.include({ msg: "Mount ended early", error: "SHUTTING_DOWN" });
    });
  });

  it("hurries when told to", async () => {
    const held = heldMount();
    await serve(held.mount, async ({ client, server }) => {
      const call = rejectionOf(client.call(MOUNT, MOUNT_BYTES));
      await until(() => held.started() === 1);
      const hurry = new AbortController();
      const drained = server.drain(60_000, hurry.signal);
      await new Promise((resolve) => setTimeout(resolve, 20));
      hurry.abort();
      await drained;
      expect(await call).to.have.property("code", status.INTERNAL);
    });
  });

  it("is quick when nothing runs, also with idle and half-open connections", async () => {
    await serve(ONE_FILE, async ({ client, server, path }) => {
      await client.call(MOUNT, MOUNT_BYTES);
      const silent = connect(path).resume();
      await once(silent, "connect");
      await new Promise((resolve) => setTimeout(resolve, 20));
      const startedAt = performance.now();
      await server.drain(300, new AbortController().signal);
      expect(performance.now() - startedAt).to.be.below(1000);
      if (!silent.closed) await once(silent, "close");
    });
  });
});

describe("rpc/provider-server against junk", () => {
  const streams: { name: string; bytes: Buffer }[] = [
    { name: "bytes that are no HTTP/2", bytes: Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n") },
    {
      name: "a preface and then noise",
      bytes: Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), Buffer.alloc(1000, 0xff)]),
    },
    { name: "nothing and a close", bytes: Buffer.alloc(0) },
    { name: "TLS", bytes: Buffer.from("16030100050100000100", "hex") },
  ];
  for (const { name, bytes } of streams) {
    it(`survives ${name}`, async () => {
      await serve(ONE_FILE, async ({ client, path }) => {
        const socket = connect(path);
        socket.on("error", () => undefined);
        socket.end(bytes);
        socket.resume();
        await once(socket, "close");
        await client.call(MOUNT, MOUNT_BYTES);
      });
    });
  }

  const headers: { name: string; headers: Record<string, string>; body?: Buffer }[] = [
    { name: "another content type", headers: { ":path": MOUNT, "content-type": "text/plain" } },
    {
      name: "an unknown method",
      headers: { ":path": "/v1alpha1.CSIDriverProvider/None", "content-type": "application/grpc" },
    },
    {
      name: "a path of odd characters",
      headers: { ":path": "/\u00e4 %zz?x", "content-type": "application/grpc" },
    },
    {
      name: "a time-out that is none",
      headers: { ":path": MOUNT, "content-type": "application/grpc", "grpc-timeout": "soon" },
    },
    {
      name: "an endless time-out",
      headers: { ":path": MOUNT, "content-type": "application/grpc", "grpc-timeout": "99999999H" },
    },
    {
      name: "an unknown compression",
      headers: { ":path": MOUNT, "content-type": "application/grpc", "grpc-encoding": "snappy" },
      body: frame(1, Buffer.from("x")),
    },
    {
      name: "gzip that is none",
      headers: { ":path": MOUNT, "content-type": "application/grpc", "grpc-encoding": "gzip" },
      body: frame(1, Buffer.from("x")),
    },
    {
      name: "no message",
      headers: { ":path": MOUNT, "content-type": "application/grpc" },
      body: Buffer.alloc(0),
    },
    {
      name: "two messages",
      headers: { ":path": MOUNT, "content-type": "application/grpc" },
      body: Buffer.concat([frame(0, Buffer.from(MOUNT_BYTES)), frame(0, Buffer.from(MOUNT_BYTES))]),
    },
    {
      name: "a frame that promises four gigabytes",
      headers: { ":path": MOUNT, "content-type": "application/grpc" },
      body: Buffer.from([0, 255, 255, 255, 255, 1]),
    },
    {
      name: "a cut frame",
      headers: { ":path": MOUNT, "content-type": "application/grpc" },
      body: Buffer.from([0, 0, 0, 0, 9, 1]),
    },
  ];
  for (const { name, headers: sent, body } of headers) {
    it(`survives ${name}`, async () => {
      await serve(ONE_FILE, async ({ client, path }) => {
        const session = connectHttp2("http://localhost", { createConnection: () => connect(path) });
        session.on("error", () => undefined);
        const stream = session.request({ ":method": "POST", te: "trailers", ...sent });
        stream.on("error", () => undefined);
        stream.setTimeout(300, () => {
          stream.close();
        });
        stream.resume();
        stream.end(body ?? frame(0, Buffer.from(MOUNT_BYTES)));
        await new Promise((resolve) => stream.once("close", resolve));
        session.destroy();
        await client.call(MOUNT, MOUNT_BYTES);
      });
    });
  }

  it("survives a gzip bomb", async () => {
    const { gzipSync } = await import("node:zlib");
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    await serve(ONE_FILE, async ({ client, path }) => {
      const session = connectHttp2("http://localhost", { createConnection: () => connect(path) });
      session.on("error", () => undefined);
      const stream = session.request({
        ":method": "POST",
        ":path": MOUNT,
        "content-type": "application/grpc",
        "grpc-encoding": "gzip",
        te: "trailers",
      });
      let code = "";
      stream.on("error", () => undefined);
      stream.on("response", (answer) => (code = String(answer["grpc-status"])));
      stream.resume();
      stream.end(frame(1, bomb));
      await new Promise((resolve) => stream.once("close", resolve));
      session.destroy();
      expect(code).to.equal(String(status.RESOURCE_EXHAUSTED));
      await client.call(MOUNT, MOUNT_BYTES);
    });
  });

  it("survives a client that goes while its answer is on its way", async () => {
    const contents = Buffer.alloc(3 * 1024 * 1024);
    const mount: MountFunction = () =>
      Promise.resolve({ files: [{ path: "a", mode: 0, contents }], versions: [] });
    await serve(mount, async ({ client, path }) => {
      for (let i = 0; i < 20; i++) {
        const session = connectHttp2("http://localhost", { createConnection: () => connect(path) });
        session.on("error", () => undefined);
        const stream = session.request({
          ":method": "POST",
          ":path": MOUNT,
          "content-type": "application/grpc",
          te: "trailers",
        });
        stream.on("error", () => undefined);
        stream.end(frame(0, Buffer.from(MOUNT_BYTES)));
        setTimeout(() => {
          session.destroy();
        }, i);
        await new Promise((resolve) => session.once("close", resolve));
      }
      await client.call(MOUNT, MOUNT_BYTES);
    });
  });
});

/** What a library that throws strings does. */
function rejectWith(value: unknown): Promise<never> {
  return Promise.resolve().then(() => {
    throw value as Error;
  });
}

/** An unknown field that makes a message `size` bytes longer, and five for its head. */
function field9(size: number): Buffer {
  const head = Buffer.from([
    0x4a,
    (size & 127) | 128,
    ((size >> 7) & 127) | 128,
    ((size >> 14) & 127) | 128,
    size >> 21,
  ]);
  return Buffer.concat([head, Buffer.alloc(size)]);
}

/** A message as gRPC frames it. */
function frame(compressed: 0 | 1, message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head[0] = compressed;
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
