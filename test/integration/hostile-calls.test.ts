import { readFile } from "node:fs/promises";
import { connect as connectHttp2, constants, type ClientHttp2Session } from "node:http2";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { secretYaml } from "../support/objects-yaml.js";
import { waitUntil } from "../support/wait.js";
import { World } from "../support/world.js";

const MIB = 1024 * 1024;

/** A gRPC message in its frame. */
function framed(message: Uint8Array, { isCompressed = false, length = message.length } = {}): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(isCompressed ? 1 : 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
}

describe("calls that no driver makes", () => {
  let world: World;
  let session: ClientHttp2Session;
  before(async () => {
    world = await World.start();
  });
  after(async () => {
    await world.stop();
  });
  beforeEach(() => {
    session = connectHttp2("http://localhost", {
      createConnection: () => connect(world.provider.socketPath),
    });
    session.on("error", () => undefined);
  });
  afterEach(async () => {
    session.destroy();
    const pod = world.pod();
    const value = pod.plantSecret("one");
    const { files } = await pod.mount({ objects: secretYaml("one"), deadlineMs: 5_000 });
    expect(files.get("one")?.text).to.equal(value);
  });

  /** @returns the call's gRPC status, or undefined when the stream ended without one */
  const call = async (body: Buffer, headers: Record<string, string> = {}): Promise<string | undefined> =>
    await new Promise((resolve) => {
      const stream = session.request({
        ":method": "POST",
        ":path": "/v1alpha1.CSIDriverProvider/Mount",
        "content-type": "application/grpc",
        te: "trailers",
        ...headers,
      });
      let status: string | undefined;
      const read = (received: Record<string, unknown>): void => {
        const found = received["grpc-status"];
        if (typeof found === "string") status = found;
      };
      stream.on("response", read);
      stream.on("trailers", read);
      stream.on("error", () => undefined);
      stream.on("close", () => {
        resolve(status);
      });
      stream.resume();
      stream.end(body);
    });

  it("five messages that would inflate to 256 MiB each are refused, and take no such memory", async () => {
    const bomb = framed(gzipSync(Buffer.alloc(256 * MIB), { level: 1 }), { isCompressed: true });
    const before = await peakBytes();
    const statuses = await Promise.all(
      Array.from({ length: 5 }, async () => await call(bomb, { "grpc-encoding": "gzip" })),
    );
    expect(new Set(statuses)).to.deep.equal(new Set(["8"])); // RESOURCE_EXHAUSTED
    expect((await peakBytes()) - before).to.be.below(256 * MIB);
  });

  const frames: [string, Buffer, Record<string, string>][] = [
    ["says that it has 4 GiB", framed(Buffer.alloc(0), { length: 0xffff_ffff }), {}],
    ["is one of two", Buffer.concat([framed(Buffer.alloc(0)), framed(Buffer.alloc(0))]), {}],
    [
      "is compressed in an unknown way",
      framed(Buffer.from("x"), { isCompressed: true }),
      { "grpc-encoding": "zstd" },
    ],
    [
      "is compressed, but is not",
      framed(Buffer.from("x"), { isCompressed: true }),
      { "grpc-encoding": "gzip" },
    ],
    ["has a deadline that is none", framed(Buffer.alloc(0)), { "grpc-timeout": "-1S" }],
    ["has a deadline in a million years", framed(Buffer.alloc(0)), { "grpc-timeout": "9999999999999H" }],
  ];
  for (const [name, body, headers] of frames) {
    it(`a message that ${name} is refused`, async () => {
      expect(await call(body, headers)).to.match(/^[1-9]\d?$/);
    });
  }

  it("two thousand calls that are taken back at once leave nothing behind", async () => {
    for (let i = 0; i < 2_000 && !session.destroyed; i += 1) {
      const stream = session.request({ ":method": "POST", ":path": "/v1alpha1.CSIDriverProvider/Mount" });
      stream.on("error", () => undefined);
      stream.close(constants.NGHTTP2_CANCEL);
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await waitUntil(
      async () => (await world.metrics()).includes("mounts_in_flight 0\n"),
      "no mount to be running",
    );
  });

  it("bytes that are no HTTP/2 end their own connection only", async () => {
    const socket = connect(world.provider.socketPath);
    socket.on("error", () => undefined);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.resume();
    socket.write(Buffer.alloc(MIB, "GET / HTTP/1.1\r\n"));
    await closed;
  });

  /** The most memory that the provider has ever had, in bytes. */
  async function peakBytes(): Promise<number> {
    const status = await readFile(`/proc/${world.provider.child.pid}/status`, "utf8");
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
    expect(kilobytes).to.match(/^\d+$/);
    return Number(kilobytes) * 1024;
  }
});

describe("a class whose parameter's name ends like one of the driver's", () => {
  it("is logged under its own namespace, and counted there", async () => {
    const world = await World.start();
    try {
      const pod = world.pod();
      const forged = {
        '!"csi.storage.k8s.io/pod.namespace': "kube-system",
        '!"csi.storage.k8s.io/pod.name': "innocent",
        '!"secretProviderClass': "elsewhere",
      };
      await pod.mountError({ objects: secretYaml("missing"), parameters: forged });
      const failed = world.provider.output.split("\n").find((line) => line.includes('"Mount failed"')) ?? "";
      expect(failed).to.contain(`namespace="${pod.namespace}"`).and.contain(`pod="${pod.name}"`);
      expect(failed).to.not.match(/kube-system|innocent|elsewhere/);
    } finally {
      await world.stop();
    }
  });
});
