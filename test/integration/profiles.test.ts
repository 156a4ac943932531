import { request as httpRequest } from "node:http";
import os from "node:os";
import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { secretYaml } from "../support/objects-yaml.js";
import { freePorts } from "../support/provider-process.js";
import { waitUntil } from "../support/wait.js";
import { World } from "../support/world.js";
import { type ReadProfile, readPprof } from "../unit/telemetry/pprof-reader.js";

interface Ask {
  readonly host?: string;
  readonly method?: string;
  readonly hostHeader?: string;
}

describe("profiles, for those who ask for them", () => {
  let world: World;
  let port: number;
  before(async () => {
    [port] = await freePorts();
    world = await World.start({ flags: ["--enable-pprof", `--pprof-port=${port}`] });
  });
  after(async () => {
    await world.stop();
  });

  async function ask(
    path: string,
    { host = "127.0.0.1", method = "GET", hostHeader = `localhost:${port}` }: Ask = {},
  ): Promise<{ readonly status: number; readonly body: Buffer }> {
    return await new Promise((resolve, reject) => {
      const request = httpRequest({ host, port, path, method, headers: { Host: hostHeader } }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) });
        });
      });
      request.on("error", reject);
      request.end();
    });
  }

  /** Takes a profile of one second in which secrets are mounted. */
  async function profileOfMounts(name: string): Promise<{ profile: ReadProfile; values: string[] }> {
    const pod = world.pod();
    const values: string[] = [];
    const running = new AbortController();
    const ended = ask(`/debug/pprof/${name}?seconds=1`).finally(() => {
      running.abort();
    });
    for (let i = 0; !running.signal.aborted; i += 1) {
      values.push(pod.plantSecret(`${name}-${i}`));
      await pod.mount(secretYaml(`${name}-${i}`));
    }
    const { status, body } = await ended;
    expect(status).to.equal(200);
    return { profile: readPprof(gunzipSync(body)), values };
  }

  for (const { name, measures } of [
    { name: "profile", measures: ["samples/count", "cpu/nanoseconds"] },
    { name: "heap", measures: ["inuse_space/bytes"] },
  ]) {
    it(`${name}: functions of the provider that mounts made busy, and nothing that they mounted`, async () => {
      const { profile, values } = await profileOfMounts(name);
      expect(profile.measures).to.deep.equal(measures);
      expect(profile.durationNanos).to.be.within(1e9, 20e9);
      expect(profile.samples).not.to.have.length(0);
      const frames = profile.samples.flatMap(({ frames }) => frames);
      expect(frames.some((frame) => /file:.*\/provider\.js:\d+:\d+$/.test(frame))).to.equal(true);
      expect(values).not.to.have.length(0);
      const all = profile.strings.join("\n");
      for (const value of values) expect(all.includes(value), "a value in a profile").to.equal(false);
    });
  }

  it("one at a time, and a caller who goes away ends his", async () => {
    const first = httpRequest({ host: "127.0.0.1", port, path: "/debug/pprof/profile?seconds=60" });
    first.on("error", () => undefined);
    first.end();
    await waitUntil(async () => (await ask("/debug/pprof/heap?seconds=1")).status === 409, "a refusal");
    first.destroy();
    await waitUntil(async () => (await ask("/debug/pprof/heap?seconds=1")).status === 200, "a profile");
  });

  it("only GET, only under a name of this machine, only what there is", async () => {
    for (const path of ["/debug/pprof/", "/debug/pprof/profile"]) {
      for (const method of ["POST", "PUT", "HEAD", "OPTIONS"]) {
        expect((await ask(path, { method })).status, `${method} ${path}`).to.equal(405);
      }
      expect((await ask(path, { hostHeader: "rebound.example" })).status).to.equal(403);
    }
    for (const path of ["/", "/debug/pprof/heapsnapshot", "/debug/pprof/cmdline", "/json/list"]) {
      expect((await ask(path)).status, path).to.equal(404);
    }
    const index = await ask("/debug/pprof/");
    expect(index.status).to.equal(200);
    expect(index.body.toString()).to.contain("profile?seconds").and.contain("heap?seconds");
  });

  it("on ::1 too, where there is one, and on no address that others reach", async () => {
    const addresses = Object.values(os.networkInterfaces()).flatMap((all) => all ?? []);
    if (addresses.some(({ address }) => address === "::1")) {
      expect((await ask("/debug/pprof/", { host: "::1" })).status).to.equal(200);
    }
    // The whole of 127.0.0.0/8 is this machine: a socket on all addresses would answer on this one.
    const failure = await ask("/debug/pprof/", { host: "127.0.0.2" }).catch((error: unknown) => error);
    expect(failure).to.have.property("code", "ECONNREFUSED");
  });

  it("open no inspector", () => {
    expect(world.provider.output).not.to.match(/Debugger listening|ws:\/\//);
  });
});

describe("profiles, unless asked for", () => {
  it("are not served", async () => {
    const [port] = await freePorts();
    const world = await World.start({ flags: [`--pprof-port=${port}`] });
    try {
      const failure: unknown = await fetch(`http://127.0.0.1:${port}/debug/pprof/`).catch(
        (error: unknown) => error,
      );
      expect(failure).to.have.nested.property("cause.code", "ECONNREFUSED");
    } finally {
      await world.stop();
    }
  });
});
