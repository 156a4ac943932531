import { setMaxListeners } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall, status } from "@grpc/grpc-js";
import { expect } from "chai";
import { BareMountClient } from "../../../bench/load/bare-mount-client.js";
import { v1alpha1 } from "../../../provider-proto/generated/messages.js";

type Handler = (request: v1alpha1.MountRequest, answer: sendUnaryData<v1alpha1.IMountResponse>) => void;

describe("bench/load/bare-mount-client BareMountClient", () => {
  const limit = new AbortController().signal;
  setMaxListeners(0, limit);
  const options = { deadlineMs: 10_000, signal: limit };
  let folder: string;
  let server: Server;
  let client: BareMountClient;
  let handler: Handler;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "bare-mount-client-"));
    server = new Server();
    const mount = {
      path: "/v1alpha1.CSIDriverProvider/Mount",
      requestStream: false,
      responseStream: false,
      requestSerialize: (request: v1alpha1.MountRequest) =>
        Buffer.from(v1alpha1.MountRequest.encode(request).finish()),
      requestDeserialize: (bytes: Buffer) => v1alpha1.MountRequest.decode(bytes),
      responseSerialize: (answer: v1alpha1.IMountResponse) =>
        Buffer.from(v1alpha1.MountResponse.encode(answer).finish()),
      responseDeserialize: (bytes: Buffer) => v1alpha1.MountResponse.decode(bytes),
    } as const;
    server.addService(
      { mount },
      {
        mount: (
          { request }: ServerUnaryCall<v1alpha1.MountRequest, v1alpha1.IMountResponse>,
          answer: sendUnaryData<v1alpha1.IMountResponse>,
        ) => {
          handler(request, answer);
        },
      },
    );
    const socketPath = path.join(folder, "azure.sock");
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(`unix://${socketPath}`, ServerCredentials.createInsecure(), (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
    client = new BareMountClient(socketPath);
  });
  after(async () => {
    client.close();
    server.forceShutdown();
    await rm(folder, { recursive: true, force: true });
  });

  /** @returns the message it fails with */
  async function failure(signal: AbortSignal = limit): Promise<string> {
    return await client.mount({}, { ...options, signal }).then(
      () => "no failure",
      (error: unknown) => (error instanceof Error ? error.message : "no error"),
    );
  }

  it("hands over the request, and gives versions and files of any size", async () => {
    const contents = Buffer.alloc(1_000_000, "v");
    handler = ({ targetPath }, answer) => {
      answer(null, {
        objectVersion: [{ id: "secret/a", version: targetPath }],
        files: [{ path: "a", mode: 420, contents }],
      });
    };
    const { objectVersions, files } = await client.mount({ targetPath: "/pods/1" }, options);
    expect([...objectVersions]).to.deep.equal([["secret/a", "/pods/1"]]);
    expect(files.map((file) => [file.path, contents.equals(file.contents ?? Buffer.of())])).to.deep.equal([
      ["a", true],
    ]);
  });

  it("answers many calls over its one connection", async () => {
    handler = ({ targetPath }, answer) => {
      setImmediate(answer, null, { objectVersion: [{ id: "secret/a", version: targetPath }] });
    };
    const paths = Array.from({ length: 100 }, (_, index) => `/pods/${index}`);
    const answers = await Promise.all(paths.map((targetPath) => client.mount({ targetPath }, options)));
    expect(answers.map(({ objectVersions }) => objectVersions.get("secret/a"))).to.deep.equal(paths);
  });

  it("fails with the status and its text", async () => {
    handler = (_, answer) => {
      answer({ code: status.NOT_FOUND, details: "100 % of “it” is missing" });
    };
    expect(await failure()).to.equal("status 5: 100 % of “it” is missing");
  });

  it("gives up when it is told to", async () => {
    handler = () => undefined;
    const controller = new AbortController();
    const failing = failure(controller.signal);
    controller.abort();
    expect(await failing).to.equal("The operation was aborted");
  });

  it("passes the deadline on", async () => {
    handler = () => undefined;
    const message = await client.mount({}, { ...options, deadlineMs: 50 }).then(
      () => "no failure",
      (error: unknown) => (error instanceof Error ? error.message : "no error"),
    );
    expect(message).to.match(/^status 4: /);
  });
});
