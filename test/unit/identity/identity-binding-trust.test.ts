import { expect } from "chai";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import tls from "node:tls";
import { promisify } from "node:util";
import { CertificateAuthority } from "../../../emulator/tls/certificate-authority.js";
import { ProviderError } from "../../../src/errors/provider-error.js";
import { ClusterAuthority } from "../../../src/identity/credentials/cluster-trust.js";
import { failureOf } from "./support.js";

describe("identity/credentials/cluster-trust ClusterAuthority", () => {
  const { pem } = new CertificateAuthority("first");
  const processContext = tls.createSecureContext();
  let folder: string;
  let file: string;

  const authority = (at = file): ClusterAuthority =>
    new ClusterAuthority(at, () => Promise.resolve(processContext));

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "cluster-trust-"));
    file = path.join(folder, "ca.crt");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("trusts the cluster's authority, by the same context as long as the file is the same", async () => {
    await writeFile(file, pem);
    const made = authority();
    const first = await made.trust();
    expect(first.isClusters).to.equal(true);
    expect(first.context).to.not.equal(processContext);
    expect((await made.trust()).context).to.equal(first.context);
  });

  it("follows a rotation", async () => {
    await writeFile(file, pem);
    const made = authority();
    const before = (await made.trust()).context;
    await writeFile(file, new CertificateAuthority("second").pem);
    expect((await made.trust()).context).to.not.equal(before);
  });

  it("keeps what it knows while the file is empty", async () => {
    await writeFile(file, pem);
    const made = authority();
    const before = (await made.trust()).context;
    await writeFile(file, "");
    expect((await made.trust()).context).to.equal(before);
  });

  for (const missing of ["ca.crt", "ca.crt/none"]) {
    it(`trusts as the process does where there is no ${missing}`, async () => {
      if (missing !== "ca.crt") await writeFile(file, pem);
      expect(await authority(path.join(folder, missing)).trust()).to.deep.equal({
        context: processContext,
        isClusters: false,
      });
    });
  }

  const bad: { name: string; write: () => Promise<unknown>; problem: string }[] = [
    { name: "an empty file", write: () => writeFile(file, ""), problem: "holds no PEM certificate" },
    {
      name: "a file of words",
      write: () => writeFile(file, "hush-a-secret"),
      problem: "holds no PEM certificate",
    },
    {
      name: "a file of opening lines",
      write: () => writeFile(file, "-----BEGIN CERTIFICATE-----\n".repeat(9_000)),
      problem: "holds no PEM certificate",
    },
    { name: "a folder", write: () => Promise.resolve((file = folder)), problem: "is not a regular file" },
    {
      name: "a device",
      write: () => Promise.resolve((file = "/dev/zero")),
      problem: "is not a regular file",
    },
    {
      name: "a pipe that nobody writes to",
      write: () => promisify(execFile)("mkfifo", [file]),
      problem: "is not a regular file",
    },
    {
      name: "256 KiB and a byte",
      write: () => writeFile(file, pem.padEnd(256 * 1024 + 1)),
      problem: "is larger than 256 KiB",
    },
  ];
  for (const { name, write, problem } of bad) {
    it(`refuses ${name}`, async () => {
      await write();
      const error = await failureOf(authority().trust(), ProviderError);
      expect(error.code).to.equal("SIGN_IN_FAILED");
      expect(error.message).to.equal(
        `identity binding needs the cluster's certificate authority, but ${file} ${problem}; check that the provider's pod mounts its ` +
          "service account's token and that kube-root-ca.crt is intact",
      );
    });
  }

  it("takes 256 KiB", async () => {
    await writeFile(file, pem.padEnd(256 * 1024));
    expect((await authority().trust()).isClusters).to.equal(true);
  });
});
