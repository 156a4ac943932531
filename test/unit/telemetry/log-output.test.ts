import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { openLogOutput } from "../../../src/telemetry/log-output.js";

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe("telemetry/log-output openLogOutput", () => {
  it("writes on until the descriptor has taken the whole line", () => {
    const taken: string[] = [];
    openLogOutput(2, (_fd, bytes, offset) => {
      const part = bytes.subarray(offset, offset + 3);
      taken.push(Buffer.from(part).toString());
      return part.length;
    })("abcdefg\n");
    expect(taken).to.deep.equal(["abc", "def", "g\n"]);
  });

  it("waits for a full pipe and then writes the rest", () => {
    let tries = 0;
    const taken: string[] = [];
    openLogOutput(2, (_fd, bytes) => {
      if (++tries < 4) throw failure("EAGAIN");
      taken.push(Buffer.from(bytes).toString());
      return bytes.length;
    })("line\n");
    expect(taken).to.deep.equal(["line\n"]);
  });

  it("gives a line up that a stalled reader does not take", () => {
    let tries = 0;
    openLogOutput(2, () => {
      tries += 1;
      throw failure("EAGAIN");
    })("line\n");
    expect(tries).to.equal(21);
  });

  for (const code of ["EPIPE", "EBADF", "EIO"]) {
    it(`does not throw on ${code}, and tries once`, () => {
      let tries = 0;
      openLogOutput(2, () => {
        tries += 1;
        throw failure(code);
      })("line\n");
      expect(tries).to.equal(1);
    });
  }

  it("outlives a reader that has gone", async () => {
    const program = `
      import { openLogOutput } from ${JSON.stringify(new URL("../../../src/telemetry/log-output.ts", import.meta.url).href)};
      const write = openLogOutput(2);
      process.stdin.once("data", () => {
        for (let i = 0; i < 100; i++) write("nobody reads this\\n");
        process.stdout.write("alive");
        process.stdin.destroy();
      });
      process.stdout.write("ready");
    `;
    const child = spawn(process.execPath, ["--import=tsx", "--input-type=module", "-e", program]);
    await once(child.stdout, "data");
    child.stderr.destroy();
    child.stdin.write("go");
    const [answer] = (await once(child.stdout, "data")) as [Buffer];
    expect(answer.toString()).to.equal("alive");
    const [code] = (await once(child, "exit")) as [number | null];
    expect(code).to.equal(0);
  });
});
