import { randomInt } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { expect } from "chai";
import { objectsYaml, secretYaml } from "../support/objects-yaml.js";
import { World } from "../support/world.js";
import { endOf, startContainer, type Ended } from "./support/container.js";
import { Image } from "./support/image.js";

/** As OpenShift gives them: any uid, group 0. */
const ANY = { uid: randomInt(100_000, 2_000_000_000), gid: 0 };
const ROOT = { uid: 0, gid: 0 };
const NONROOT = { uid: 65532, gid: 65532 };

describe("the image, run with a read-only root, no capability and no privilege to gain", () => {
  let image: Image;
  const ofImage = (): { rootfs: string; env: readonly string[]; entrypoint: readonly string[] } => ({
    rootfs: image.rootfs,
    env: image.config.config.Env,
    entrypoint: image.config.config.Entrypoint,
  });
  before(async () => {
    image = await Image.open("provider");
  });

  const runToEnd = async (
    user: { uid: number; gid: number },
    flags: readonly string[],
    env: readonly string[] = [],
  ): Promise<Ended> => {
    const { rootfs, entrypoint, env: own } = ofImage();
    return await endOf(
      await startContainer({ rootfs, args: [...entrypoint, ...flags], env: [...own, ...env], ...user }),
    );
  };

  it("--version names version and date of the build, as any uid", async () => {
    expect(await runToEnd(ANY, ["--version"])).to.deep.equal({
      code: 0,
      output: '{"version":"1.2.3-test","buildDate":"2026-01-01-00:00"}\n',
    });
  });

  it("a flag that is not known ends it with the usual code and words", async () => {
    const { code, output } = await runToEnd(ANY, ["--no-such-flag"]);
    expect(code).to.equal(2);
    expect(output).to.include("no-such-flag");
  });

  it("takes what was compiled at build, as root and as distroless' nonroot", async () => {
    for (const user of [ROOT, NONROOT]) {
      const { output } = await runToEnd(user, ["--version"], ["NODE_DEBUG_NATIVE=COMPILE_CACHE"]);
      expect(output, `uid ${user.uid}`).to.include("code cache for ESM file:///provider.mjs was accepted");
    }
  });

  for (const [who, user] of [
    ["any uid", ANY],
    ["root", ROOT],
    ["distroless' nonroot", NONROOT],
  ] as const) {
    describe(`as ${who}`, () => {
      let world: World;
      let hasEnded = false;
      before(async () => {
        world = await World.start({
          programPath: "test/image/support/provider-in-container.ts",
          env: {
            NODE_OPTIONS: "--import=tsx",
            IMAGE_FOLDER: process.env["IMAGE_FOLDER"] ?? "",
            IMAGE_RUN: JSON.stringify({ ...ofImage(), ...user }),
          },
        });
      });
      after(async () => {
        await world.stop({ hasEnded });
      });

      it("mounts secret, key and certificate", async () => {
        const pod = world.pod();
        const value = pod.plantSecret("db");
        pod.vault.createKey("signing", { kty: "EC", crv: "P-256" });
        pod.vault.createCertificate("web", {
          keyType: "RSA",
          contentType: "application/x-pkcs12",
          chain: true,
        });
        const { files } = await pod.mount(
          objectsYaml(
            { objectName: "db", objectType: "secret" },
            { objectName: "signing", objectType: "key" },
            { objectName: "web", objectType: "cert" },
            { objectName: "web", objectType: "secret", objectAlias: "web.pem" },
          ),
        );
        expect(files.get("db")?.text).to.equal(value);
        expect(files.get("signing")?.text).to.match(/^-----BEGIN PUBLIC KEY-----/);
        expect(files.get("web")?.text).to.match(/^-----BEGIN CERTIFICATE-----/);
        expect(files.get("web.pem")?.text).to.include("PRIVATE KEY-----");
      });

      it("says what a pod may not read", async () => {
        const pod = world.pod();
        pod.vault.setSecret("db", "v");
        pod.vault.revoke({ clientId: pod.clientId });
        const { status, message } = await pod.mountError(secretYaml("db"));
        expect(status).to.equal("PERMISSION_DENIED");
        expect(message).to.include(pod.vault.name);
      });

      it("serves health and metrics", async () => {
        const { healthzPort } = world.provider;
        for (const path of ["healthz", "readyz"]) {
          expect((await fetch(`http://127.0.0.1:${healthzPort}/${path}`)).status, path).to.equal(200);
        }
        expect(await world.metrics()).to.include("# TYPE ");
      });

      it("is process 1, as whom it was told to be, with nothing that it could do beyond", async () => {
        const status = await statusOf(`--healthz-port=${world.provider.healthzPort}`);
        expect(status).to.match(
          new RegExp(`^Uid:\\t${user.uid}\\t${user.uid}\\t${user.uid}\\t${user.uid}$`, "m"),
        );
        expect(status).to.match(new RegExp(`^Gid:\\t${user.gid}\\t`, "m"));
        expect(status).to.match(/^NSpid:(?:\t\d+)+\t1$/m);
        expect(status)
          .to.match(/^CapBnd:\t0+$/m)
          .and.to.match(/^CapEff:\t0+$/m);
        expect(status).to.match(/^NoNewPrivs:\t1$/m);
      });

      it("SIGTERM ends it with 0, at once: it is process 1, which has no default for signals", async () => {
        const { provider } = world;
        hasEnded = true;
        expect(await provider.stop("SIGTERM"), provider.output).to.equal(0);
      });
    });
  }
});

/** `/proc/PID/status` of the one process that runs the image's program with that flag. */
async function statusOf(flag: string): Promise<string> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const args = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
    if (args[0] !== "/usr/local/bin/node" || !args.includes(flag)) continue;
    found.push(await readFile(`/proc/${pid}/status`, "utf8"));
  }
  expect(found).to.have.length(1);
  return found[0] ?? "";
}
