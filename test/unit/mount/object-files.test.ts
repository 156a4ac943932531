import { expect } from "chai";
import { ProviderError } from "../../../src/errors/provider-error.js";
import { readObjectFiles } from "../../../src/mount/object-files.js";
import { NodeBudget } from "../../../src/mount/node-budget.js";
import { MAX_VOLUME_BYTES, MAX_VOLUME_FILES, VolumeBudget } from "../../../src/mount/volume-budget.js";
import { FakeReader, objectWith, readingOf, rejectedBy, secretValue, versionsOf } from "./support.js";

const text = ({ contents }: { readonly contents: Uint8Array }): string => Buffer.from(contents).toString();

describe("mount/object-files readObjectFiles", () => {
  let vault: FakeReader;
  beforeEach(() => {
    vault = new FakeReader();
  });

  it("reads the newest version, and answers the concrete one", async () => {
    const object = objectWith({ index: 3, fileName: "a/b", fileMode: 0o400 });
    const { owner, files, versions, warnings } = await readObjectFiles(object, readingOf(vault));
    expect(vault.reads).to.deep.equal(["secret/db/"]);
    expect(owner).to.equal("objects[3]");
    expect(files.map((file) => [file.path, file.mode, text(file)])).to.deep.equal([
      ["a/b", 0o400, "value of "],
    ]);
    expect(versions).to.deep.equal([{ id: "secret/db", version: "v-new" }]);
    expect(warnings).to.deep.equal([]);
  });

  it("reads the version that is asked for", async () => {
    const { versions } = await readObjectFiles(objectWith({ version: "v7" }), readingOf(vault));
    expect(vault.reads).to.deep.equal(["secret/db/v7"]);
    expect(versions).to.deep.equal([{ id: "secret/db", version: "v7" }]);
  });

  it("decodes by the object's encoding", async () => {
    vault.answer = () => secretValue("v1", "aGk=");
    const { files } = await readObjectFiles(objectWith({ encoding: "base64" }), readingOf(vault));
    expect(files.map(text)).to.deep.equal(["hi"]);
  });

  it("repeats id and version for separate certificate and key files, which come first", async () => {
    const pem = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    vault.answer = () => ({ ...secretValue("v1", pem), contentType: "application/x-pem-file", backsCertificate: true }) as ReturnType<typeof secretValue>; // prettier-ignore
    const content = { constructPemChain: true, separateCertAndKeyFiles: true };
    const { files, versions } = await readObjectFiles(objectWith(), readingOf(vault, { content }));
    expect(files.map(({ path }) => path)).to.deep.equal(["db.crt", "db.key", "db"]);
    expect(versions).to.deep.equal(files.map(() => ({ id: "secret/db", version: "v1" })));
  });

  describe("with a history", () => {
    it("makes a file of each version, newest first, one more than the count", async () => {
      vault.versions = versionsOf(9);
      const { files, versions } = await readObjectFiles(objectWith({ historyCount: 3 }), readingOf(vault));
      expect(files.map(({ path }) => path)).to.deep.equal(["db/0", "db/1", "db/2", "db/3"]);
      expect(versions).to.deep.equal([0, 1, 2, 3].map((i) => ({ id: `secret/db/${i}`, version: `v${i}` })));
    });

    it("makes them at the top of the volume where the folder is that", async () => {
      vault.versions = versionsOf(2);
      const { files } = await readObjectFiles(
        objectWith({ historyCount: 2, fileName: "" }),
        readingOf(vault),
      );
      expect(files.map(({ path }) => path)).to.deep.equal(["0", "1"]);
    });

    it("begins with the version that is asked for", async () => {
      vault.versions = versionsOf(4);
      await readObjectFiles(objectWith({ historyCount: 2, version: "v2" }), readingOf(vault));
      expect(vault.reads).to.deep.equal(["secret/db/v2", "secret/db/v3"]);
    });

    it("is an error that names the object where the vault lists nothing, or not the first version", async () => {
      const missing = await rejectedBy(readObjectFiles(objectWith({ historyCount: 2 }), readingOf(vault)));
      expect(missing.code).to.equal("VAULT_OBJECT_NOT_FOUND");
      expect(missing.message).to.match(/^failed to get objectType:secret, objectName:db, objectVersion:: /);
      vault.versions = versionsOf(2);
      const object = objectWith({ historyCount: 2, version: "v9" });
      const stale = await rejectedBy(readObjectFiles(object, readingOf(vault)));
      expect(stale.code).to.equal("VAULT_VERSION_NOT_FOUND");
      expect(stale.message).to.match(/^failed to get objectType:secret, objectName:db, objectVersion:v9: /);
      expect(vault.reads).to.deep.equal([]);
    });

    it("reads eight versions side by side", async () => {
      vault.versions = versionsOf(40);
      await readObjectFiles(objectWith({ historyCount: 39 }), readingOf(vault));
      expect(vault.reads).to.have.length(40);
      expect(vault.mostRunning).to.equal(8);
    });

    it("ends at the first failure: what has not begun is not asked for", async () => {
      vault.versions = versionsOf(1000);
      vault.answer = ({ version }) => {
        throw new ProviderError("VAULT_FORBIDDEN", `no ${version}`);
      };
      const error = await rejectedBy(readObjectFiles(objectWith({ historyCount: 999 }), readingOf(vault)));
      expect(error.code).to.equal("VAULT_FORBIDDEN");
      expect(error.message).to.equal(
        "failed to get objectType:secret, objectName:db, objectVersion:v0: no v0",
      );
      expect(vault.reads).to.have.length.of.at.most(16);
      expect(vault.running).to.equal(0);
    });

    it("ends where the volume is full", async () => {
      vault.versions = versionsOf(1000);
      vault.answer = ({ version }) => secretValue(version, "x".repeat(MAX_VOLUME_BYTES / 4));
      const error = await rejectedBy(readObjectFiles(objectWith({ historyCount: 999 }), readingOf(vault)));
      expect(error.code).to.equal("MOUNT_TOO_LARGE");
      expect(vault.reads).to.have.length.of.at.most(24);
    });

    it("is not read at all where it has more files than a volume holds", async () => {
      vault.versions = versionsOf(MAX_VOLUME_FILES + 1);
      const object = objectWith({ historyCount: MAX_VOLUME_FILES });
      expect((await rejectedBy(readObjectFiles(object, readingOf(vault)))).code).to.equal("MOUNT_TOO_LARGE");
      expect(vault.reads).to.deep.equal([]);
      const budget = new VolumeBudget(new NodeBudget().enter("shop"));
      budget.spendFiles(MAX_VOLUME_FILES);
      const one = readObjectFiles(objectWith(), readingOf(vault, { budget }));
      expect((await rejectedBy(one)).code).to.equal("MOUNT_TOO_LARGE");
    });
  });

  it("puts the object's name before an error's words, escaped, and keeps its code and cause", async () => {
    const cause = new ProviderError("VAULT_OBJECT_NOT_FOUND", "SecretNotFound (404)");
    vault.answer = () => {
      throw cause;
    };
    const error = await rejectedBy(
      readObjectFiles(objectWith({ name: "a\nb", version: "v" }), readingOf(vault)),
    );
    expect(error.code).to.equal("VAULT_OBJECT_NOT_FOUND");
    expect(error.message).to.equal(
      "failed to get objectType:secret, objectName:a\\nb, objectVersion:v: SecretNotFound (404)",
    );
    expect(error.cause).to.equal(cause);
  });

  it("names the object when its value makes no file, without the value", async () => {
    vault.answer = () => secretValue("v1", "hush!");
    const error = await rejectedBy(readObjectFiles(objectWith({ encoding: "hex" }), readingOf(vault)));
    expect(error.code).to.equal("CONTENT_ENCODING_INVALID");
    expect(error.message)
      .to.match(/^failed to get objectType:secret, objectName:db, /)
      .and.not.include("hush");
  });

  it("throws the caller's reason, and asks nothing once it has given up", async () => {
    const reason = new ProviderError("CALL_CANCELLED", "gone");
    const gone = readObjectFiles(objectWith(), readingOf(vault, { signal: AbortSignal.abort(reason) }));
    expect(await rejectedBy(gone)).to.equal(reason);
    expect(vault.reads).to.deep.equal([]);

    const caller = new AbortController();
    vault.versions = versionsOf(100);
    vault.answer = ({ version }) => {
      caller.abort(reason);
      return secretValue(version);
    };
    const object = objectWith({ historyCount: 99 });
    expect(await rejectedBy(readObjectFiles(object, readingOf(vault, { signal: caller.signal })))).to.equal(
      reason,
    );
    expect(vault.reads).to.have.length.of.at.most(16);
  });
});
