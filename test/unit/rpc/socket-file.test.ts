import { expect } from "chai";
import { existsSync, lstatSync } from "node:fs";
import { chmod, lstat, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { EndpointError, SocketFile } from "../../../src/rpc/socket-file.js";
import { rejectionOf, withFolder } from "./support.js";

async function greet(path: string): Promise<string> {
  const socket = connect(path);
  try {
    const [text] = (await once(socket, "data")) as [Buffer];
    return text.toString();
  } finally {
    socket.destroy();
  }
}

function say(text: string): (socket: Socket) => void {
  return (socket) => {
    socket.on("error", () => undefined);
    socket.end(text);
  };
}

describe("rpc/socket-file SocketFile", () => {
  it("listens at the path with mode 0700 and leaves nothing else in the folder", async () => {
    await withFolder(async (folder) => {
      const path = join(folder, "azure.sock");
      const umask = process.umask(0o000);
      try {
        const file = await SocketFile.bind(path, say("one"));
        expect(process.umask(0o000)).to.equal(0o000);
        expect((await lstat(path)).mode & 0o777).to.equal(0o700);
        expect(await readdir(folder)).to.deep.equal(["azure.sock"]);
        expect(await greet(path)).to.equal("one");
        file.stopAccepting();
        file.remove();
      } finally {
        process.umask(umask);
      }
      expect(await readdir(folder)).to.deep.equal([]);
    });
  });

  const occupants: { name: string; put: (path: string, folder: string) => Promise<unknown> }[] = [
    { name: "nothing", put: () => Promise.resolve() },
    { name: "a stale socket", put: putStaleSocket },
    { name: "a regular file", put: (path) => writeFile(path, "x") },
    { name: "a read-only file", put: (path) => writeFile(path, "x", { mode: 0o400 }) },
    { name: "a link into nowhere", put: (path) => symlink("/nonexistent/azure.sock", path) },
  ];
  for (const { name, put } of occupants) {
    it(`takes a path where there is ${name}`, async () => {
      await withFolder(async (folder) => {
        const path = join(folder, "azure.sock");
        await put(path, folder);
        const file = await SocketFile.bind(path, say("one"));
        expect((await lstat(path)).isSocket()).to.equal(true);
        expect(await greet(path)).to.equal("one");
        file.stopAccepting();
      });
    });
  }

  it("replaces a link without touching what it points to", async () => {
    await withFolder(async (folder) => {
      const target = join(folder, "precious");
      await writeFile(target, "keep");
      await symlink(target, join(folder, "azure.sock"));
      const file = await SocketFile.bind(join(folder, "azure.sock"), say("one"));
      expect((await lstat(target)).size).to.equal(4);
      file.stopAccepting();
    });
  });

  it("leaves no moment without a socket when it takes one that is served", async () => {
    await withFolder(async (folder) => {
      const path = join(folder, "azure.sock");
      const first = await SocketFile.bind(path, say("one"));
      let missing = 0;
      const looking = setInterval(() => {
        if (!existsSync(path)) missing += 1;
      }, 0);
      const second = await SocketFile.bind(path, say("two"));
      clearInterval(looking);
      expect(missing).to.equal(0);
      expect(await greet(path)).to.equal("two");
      expect(first.owner()).to.equal("another");
      expect(second.owner()).to.equal("ours");
      first.stopAccepting();
      first.remove();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(await greet(path)).to.equal("two");
      second.stopAccepting();
      second.remove();
      expect(existsSync(path)).to.equal(false);
    });
  });

  it("keeps its file when it stops accepting, and refuses who dials it", async () => {
    await withFolder(async (folder) => {
      const path = join(folder, "azure.sock");
      const file = await SocketFile.bind(path, say("one"));
      file.stopAccepting();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(file.owner()).to.equal("ours");
      expect(await rejectionOf(greet(path))).to.have.property("code", "ECONNREFUSED");
      file.remove();
      expect(existsSync(path)).to.equal(false);
    });
  });

  it("knows its own file after a change of mode, and after its folder was moved away and back", async () => {
    await withFolder(async (folder) => {
      await mkdir(join(folder, "providers"));
      const path = join(folder, "providers", "azure.sock");
      const file = await SocketFile.bind(path, say("one"));
      await chmod(path, 0o777);
      expect(file.owner()).to.equal("ours");
      await rename(join(folder, "providers"), join(folder, "away"));
      expect(file.owner()).to.equal("nobody");
      await mkdir(join(folder, "providers"));
      await putStaleSocket(path);
      expect(file.owner()).to.equal("another");
      await rm(join(folder, "providers"), { recursive: true });
      await rename(join(folder, "away"), join(folder, "providers"));
      expect(file.owner()).to.equal("ours");
      file.stopAccepting();
    });
  });

  it("is not fooled by a file that got its inode's number again", async () => {
    await withFolder(async (folder) => {
      const path = join(folder, "azure.sock");
      const file = await SocketFile.bind(path, say("one"));
      const { ino } = lstatSync(path);
      file.stopAccepting();
      await new Promise((resolve) => setTimeout(resolve, 20));
      for (let i = 0; i < 50; i++) {
        await rm(path);
        await putStaleSocket(path);
        expect(file.owner(), lstatSync(path).ino === ino ? "same number" : "other number").to.equal(
          "another",
        );
      }
    });
  });

  const refused: { name: string; prepare: (folder: string) => Promise<string>; message: RegExp }[] = [
    {
      name: "a folder lies at the path",
      prepare: async (folder) => {
        await mkdir(join(folder, "azure.sock"));
        return join(folder, "azure.sock");
      },
      message:
        /^there is a folder at \/.*\/azure\.sock, where --endpoint wants its socket; remove the folder, or name a file inside it$/,
    },
    {
      name: "the folder is missing",
      prepare: (folder) => Promise.resolve(join(folder, "none", "azure.sock")),
      message:
        /^the folder \/.*\/none of --endpoint does not exist; mount the node's providers folder there \(volumeMounts of the DaemonSet\), or change --endpoint$/,
    },
    {
      name: "the folder is a file",
      prepare: async (folder) => {
        await writeFile(join(folder, "none"), "");
        return join(folder, "none", "azure.sock");
      },
      message: /does not exist/,
    },
    {
      name: "the folder cannot be written",
      prepare: () => Promise.resolve("/proc/self/azure.sock"),
      message: /^(no socket can be made in the folder|the folder) \/proc\/self of --endpoint /,
    },
    {
      name: "the path has 108 bytes",
      prepare: (folder) => Promise.resolve(join(folder, "x".repeat(107 - folder.length))),
      message:
        /^the path of --endpoint has 108 bytes, and a Unix socket's may have 107; choose a shorter one$/,
    },
  ];
  for (const { name, prepare, message } of refused) {
    it(`says what to change when ${name}`, async () => {
      await withFolder(async (folder) => {
        const error = await rejectionOf(SocketFile.bind(await prepare(folder), say("one")));
        expect(error.message).to.match(message);
        expect(error).to.be.instanceOf(EndpointError);
        expect((await readdir(folder)).filter((entry) => entry.startsWith("."))).to.deep.equal([]);
      });
    });
  }

  it("takes a path of 107 bytes", async () => {
    await withFolder(async (folder) => {
      const path = join(folder, "x".repeat(106 - folder.length));
      expect(Buffer.byteLength(path)).to.equal(107);
      const file = await SocketFile.bind(path, say("one"));
      expect(await greet(path)).to.equal("one");
      file.stopAccepting();
    });
  });
});

/** A socket whose process has gone: it is bound under another name, so that closing it leaves the file. */
async function putStaleSocket(path: string): Promise<void> {
  const server = createServer().listen(`${path}.t`);
  await once(server, "listening");
  await rename(`${path}.t`, path);
  server.close();
  await once(server, "close");
}
