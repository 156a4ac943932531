import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { createTrust, loadCertificateAuthorities } from "../../../src/network/certificate-authorities.js";
import { createAuthority } from "./https-server.js";
import { RecordingLogger } from "./recording-logger.js";

const NOWHERE = { files: [], directories: [] };

describe("network/certificate-authorities", () => {
  const [first, second, third] = [1, 2, 3].map(() => createAuthority().authorityPem) as [
    string,
    string,
    string,
  ];
  let folder = "";
  let logger = new RecordingLogger();

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "authorities-"));
    logger = new RecordingLogger();
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const write = async (name: string, content: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  /** PEM of equal certificates differs in line breaks only. */
  const bodies = (pems: readonly string[]): string[] => pems.map((pem) => pem.replace(/\s/g, ""));

  it("adds nothing where nothing is set and the system has none", () => {
    expect(loadCertificateAuthorities({}, logger, NOWHERE)).to.deep.equal([]);
    expect(logger.lines).to.deep.equal([]);
  });

  it("reads NODE_EXTRA_CA_CERTS, SSL_CERT_FILE and every folder of SSL_CERT_DIR together", async () => {
    await mkdir(join(folder, "a"));
    await mkdir(join(folder, "b"));
    await write("b/any-name", third);
    const env = {
      NODE_EXTRA_CA_CERTS: await write("extra.pem", first),
      SSL_CERT_FILE: await write("bundle.pem", second),
      SSL_CERT_DIR: `${join(folder, "a")}:${join(folder, "b")}`,
    };
    const added = loadCertificateAuthorities(env, logger, NOWHERE);
    expect(bodies(added)).to.deep.equal(bodies([first, second, third]));
  });

  it("reads the first of the system's bundles that is there, and all of its folders", async () => {
    await mkdir(join(folder, "certs"));
    await write("certs/company.crt", third);
    const locations = {
      files: [join(folder, "absent"), await write("one.pem", first), await write("two.pem", second)],
      directories: [join(folder, "absent"), join(folder, "certs")],
    };
    const added = loadCertificateAuthorities({}, logger, locations);
    expect(bodies(added)).to.deep.equal(bodies([first, third]));
    expect(logger.lines).to.deep.equal([]);
  });

  it("SSL_CERT_FILE and SSL_CERT_DIR take the place of the system's", async () => {
    const locations = { files: [await write("system.pem", first)], directories: [folder] };
    const env = { SSL_CERT_FILE: await write("mine.pem", second), SSL_CERT_DIR: join(folder, "absent") };
    const added = loadCertificateAuthorities(env, logger, locations);
    expect(bodies(added)).to.deep.equal(bodies([second]));
  });

  it("keeps one that is found twice once, and leaves out those that Node has", async () => {
    const [known = ""] = tls.rootCertificates;
    const bundle = `# a comment\n${known}\n${first}text between\n${first.replaceAll("\n", "\r\n")}`;
    const env = {
      SSL_CERT_FILE: await write("bundle.pem", bundle),
      NODE_EXTRA_CA_CERTS: await write("x", first),
    };
    const added = loadCertificateAuthorities(env, logger, NOWHERE);
    expect(bodies(added)).to.deep.equal(bodies([first]));
  });

  it("reads a folder as Kubernetes mounts a ConfigMap: links into a hidden folder", async () => {
    await mkdir(join(folder, "..2024"));
    await write("..2024/ca.crt", first);
    await symlink("..2024", join(folder, "..data"));
    await symlink("..data/ca.crt", join(folder, "ca.crt"));
    const added = loadCertificateAuthorities({ SSL_CERT_DIR: folder }, logger, NOWHERE);
    expect(bodies(added)).to.deep.equal(bodies([first]));
  });

  describe("warns, by file and without its content, and goes on", () => {
    const cases: { name: string; make: () => Promise<string>; problem: string }[] = [
      { name: "a missing file", make: () => Promise.resolve(join(folder, "absent")), problem: "ENOENT" },
      { name: "a directory", make: () => Promise.resolve(folder), problem: "not a regular file" },
      { name: "an endless device", make: () => Promise.resolve("/dev/zero"), problem: "not a regular file" },
      { name: "a FIFO", make: () => fifo(join(folder, "fifo")), problem: "not a regular file" },
      {
        name: "one byte more than 4 MiB",
        make: () => write("big", "x".repeat(4 * 1024 * 1024 + 1)),
        problem: "larger than 4 MiB",
      },
      { name: "no PEM", make: () => write("der", "TOP-SECRET"), problem: "holds no PEM certificate" },
      {
        name: "only opening lines",
        make: () => write("bomb", "-----BEGIN CERTIFICATE-----".repeat(150_000)),
        problem: "holds no PEM certificate",
      },
    ];
    for (const { name, make, problem } of cases) {
      it(name, async () => {
        const path = await make();
        const env = { SSL_CERT_FILE: path, NODE_EXTRA_CA_CERTS: await write("good.pem", first) };
        const startedAtMs = performance.now();
        const added = loadCertificateAuthorities(env, logger, NOWHERE);
        expect(performance.now() - startedAtMs).to.be.lessThan(2_000);
        expect(bodies(added)).to.deep.equal(bodies([first]));
        expect(logger.lines).to.have.length(1);
        expect(logger.lines[0]).to.include(problem).and.include(path).and.not.include("TOP-SECRET");
      });
    }

    it("what is beyond 16 MiB in all is left out", async () => {
      await mkdir(join(folder, "many"));
      await Promise.all(
        Array.from({ length: 6 }, (_, i) =>
          write(`many/${String(i)}.pem`, " ".repeat(3 * 1024 * 1024) + first),
        ),
      );
      await write("many/9.pem", second);
      const added = loadCertificateAuthorities({ SSL_CERT_DIR: join(folder, "many") }, logger, NOWHERE);
      expect(bodies(added)).to.deep.equal(bodies([first]));
      expect(logger.lines.join()).to.include("more certificate authorities than this provider reads");
    });

    it("a file of exactly 4 MiB is read", async () => {
      const content = first + " ".repeat(4 * 1024 * 1024 - first.length);
      const added = loadCertificateAuthorities(
        { SSL_CERT_FILE: await write("big", content) },
        logger,
        NOWHERE,
      );
      expect(bodies(added)).to.deep.equal(bodies([first]));
    });

    it("a folder of SSL_CERT_DIR that is not there", () => {
      const directory = join(folder, "absent");
      expect(loadCertificateAuthorities({ SSL_CERT_DIR: directory }, logger, NOWHERE)).to.deep.equal([]);
      expect(logger.lines).to.deep.equal([
        JSON.stringify({
          level: "warn",
          message: "a folder of SSL_CERT_DIR cannot be read: ENOENT",
          directory,
        }),
      ]);
    });
  });

  describe("createTrust", () => {
    it("builds one context, however many ask at once", async () => {
      const trust = createTrust({}, logger, NOWHERE);
      const [one, two] = await Promise.all([trust(), trust()]);
      expect(one).to.equal(two);
      expect(await trust()).to.equal(one);
    });

    describe("when an authority is added, as a ConfigMap is replaced", () => {
      let nowMs = 0;
      const trustOf = (env: Record<string, string>): ReturnType<typeof createTrust> => {
        nowMs = 0;
        return createTrust(env, logger, NOWHERE, () => nowMs);
      };
      const replace = async (name: string, content: string): Promise<void> => {
        await rename(await write(`${name}.new`, content), join(folder, name));
      };

      it("counts after half a minute, and is said once", async () => {
        const trust = trustOf({ SSL_CERT_FILE: await write("ca.pem", first) });
        const before = await trust();
        await replace("ca.pem", first + second);
        nowMs = 29_999;
        expect(await trust()).to.equal(before);
        nowMs = 30_000;
        const after = await trust();
        expect(after).not.to.equal(before);
        nowMs = 90_000;
        expect(await trust()).to.equal(after);
        expect(logger.lines).to.deep.equal([
          JSON.stringify({
            level: "info 0",
            message: "The certificate authorities have changed",
            added: 2,
          }),
        ]);
      });

      it("in a folder too", async () => {
        const trust = trustOf({ SSL_CERT_DIR: folder });
        await write("one.crt", first);
        const before = await trust();
        await write("two.crt", second);
        nowMs = 30_000;
        expect(await trust()).not.to.equal(before);
      });

      it("while the file is gone, empty or no PEM, what was there stays", async () => {
        const trust = trustOf({ SSL_CERT_FILE: await write("ca.pem", first) });
        const before = await trust();
        const spoil: (() => Promise<unknown>)[] = [
          () => rm(join(folder, "ca.pem")),
          () => write("ca.pem", ""),
          () => write("ca.pem", "hello"),
        ];
        for (const change of spoil) {
          await change();
          nowMs += 30_000;
          expect(await trust()).to.equal(before);
        }
        await write("ca.pem", second);
        nowMs += 30_000;
        expect(await trust()).not.to.equal(before);
      });
    });

    it("survives a certificate that is PEM but no certificate", async () => {
      const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
      const env = { SSL_CERT_FILE: await write("broken.pem", broken + first) };
      expect(await createTrust(env, logger, NOWHERE)()).to.have.property("context");
    });
  });
});

function fifo(path: string): Promise<string> {
  execFileSync("mkfifo", [path]);
  return Promise.resolve(path);
}
