import { expect } from "chai";
import { gunzipSync } from "node:zlib";
import type { HttpAnswer } from "../../../src/telemetry/http-port.js";
import { isLoopbackName } from "../../../src/telemetry/profile-ports.js";
import { profileRoutes } from "../../../src/telemetry/profile-routes.js";
import type { TakeProfile } from "../../../src/telemetry/take-profile.js";
import { readPprof } from "./pprof-reader.js";

describe("telemetry/profile-routes", () => {
  const taken: number[] = [];
  let finish: () => void = () => undefined;
  /** Ends when the test says so, or when its caller goes. */
  const take: TakeProfile = async (seconds, signal) => {
    taken.push(seconds);
    await new Promise<void>((resolve, reject) => {
      finish = resolve;
      signal.addEventListener("abort", () => {
        reject(new Error("gone"));
      });
    });
    const space = { type: "space", unit: "bytes" };
    return {
      measures: [space],
      periodMeasure: space,
      period: 1,
      stacks: [],
      startedAtMs: 0,
      durationMs: seconds * 1000,
    };
  };
  let routes: ReturnType<typeof profileRoutes>;
  beforeEach(() => {
    routes = profileRoutes({ cpu: take, heap: take });
    taken.length = 0;
  });

  async function ask(name: string, query = "", signal = new AbortController().signal): Promise<HttpAnswer> {
    const route = routes.get(`/debug/pprof/${name}`);
    if (route === undefined) throw new Error(`no ${name}`);
    return await route({ query: new URLSearchParams(query), signal });
  }

  for (const { query, seconds } of [
    { query: "", seconds: 30 },
    { query: "seconds=1", seconds: 1 },
    { query: "seconds=60&debug=0", seconds: 60 },
  ]) {
    it(`takes a gzipped profile for ${seconds} s: ?${query}`, async () => {
      const asked = ask("profile", query);
      finish();
      const { status, body } = await asked;
      expect(status).to.equal(200);
      expect(taken).to.deep.equal([seconds]);
      expect(readPprof(gunzipSync(body)).durationNanos).to.equal(seconds * 1e9);
    });
  }

  for (const query of ["seconds=0", "seconds=61", "seconds=-1", "seconds=1.5", "seconds=", "seconds=1e1"]) {
    it(`refuses ?${query}`, async () => {
      expect((await ask("profile", query)).status).to.equal(400);
      expect(taken).to.deep.equal([]);
    });
  }

  it("takes one profile at a time, whichever it is", async () => {
    const first = ask("profile", "seconds=2");
    for (const name of ["profile", "heap"]) expect((await ask(name)).status).to.equal(409);
    finish();
    expect((await first).status).to.equal(200);
    const next = ask("heap", "seconds=3");
    finish();
    expect((await next).status).to.equal(200);
    expect(taken).to.deep.equal([2, 3]);
  });

  it("ends a profile whose caller goes, and takes the next", async () => {
    const caller = new AbortController();
    const first = ask("heap", "", caller.signal).catch((error: unknown) => error);
    caller.abort();
    expect(await first).to.be.instanceOf(Error);
    const next = ask("heap");
    finish();
    expect((await next).status).to.equal(200);
  });

  it("knows no other path, a heap snapshot least of all", () => {
    expect([...routes.keys()]).to.have.members([
      "/debug/pprof",
      "/debug/pprof/",
      "/debug/pprof/profile",
      "/debug/pprof/heap",
    ]);
  });
});

describe("telemetry/profile-ports isLoopbackName", () => {
  for (const host of [
    "localhost",
    "localhost:6060",
    "LOCALHOST:1",
    "127.0.0.1:6060",
    "[::1]",
    "[::1]:6060",
  ]) {
    it(`takes ${host}`, () => {
      expect(isLoopbackName(host)).to.equal(true);
    });
  }
  for (const host of [
    "",
    "evil.example",
    "localhost.evil.example",
    "evil-localhost",
    "127.0.0.1.nip.example",
    "localhost:6060@evil.example",
    "10.0.0.1:6060",
    "localhost\n",
    "[::2]",
  ]) {
    it(`refuses ${JSON.stringify(host)}`, () => {
      expect(isLoopbackName(host)).to.equal(false);
    });
  }
});
