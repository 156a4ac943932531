import { expect } from "chai";
import type { MountRequest } from "../../../src/model/mount-request.js";
import { planRequest } from "../../../src/mount/plan-request.js";
import type { OffloadPool } from "../../../src/offload/offload-pool.js";
import {
  MAX_INLINE_OBJECTS_LENGTH,
  MAX_OBJECTS_LENGTH,
  parseObjects,
} from "../../../src/parameters/parse-objects.js";
import { RememberedObjects } from "../../../src/parameters/remembered-objects.js";
import { attributes } from "../parameters/support.js";
import { never, rejectedBy } from "./support.js";

describe("mount/plan-request planRequest", () => {
  let jobs: { job: string; length: number; owner: string }[];
  let rememberedObjects: RememberedObjects;
  const pool = {
    run: (job: string, input: string, { owner }: { owner: string }) => {
      jobs.push({ job, length: input.length, owner });
      return Promise.resolve(parseObjects(input));
    },
  } as unknown as OffloadPool;
  beforeEach(() => {
    jobs = [];
    rememberedObjects = new RememberedObjects();
  });

  const request = (changes: Parameters<typeof attributes>[0]): MountRequest => ({
    attributes: JSON.stringify(attributes(changes)),
    secrets: "null",
    targetPath: "/mnt",
    permission: "420",
  });
  const plan = (changes: Parameters<typeof attributes>[0] = {}) =>
    planRequest(request(changes), { pool, rememberedObjects, cloudName: "AzureChinaCloud" }, never);
  const ofLength = (length: number): string => "- {objectName: a, objectType: key} #".padEnd(length, "x");

  it("plans with the process's cloud where the class names none", async () => {
    expect((await plan()).cloud.name).to.equal("AzureChinaCloud");
    expect((await plan({ cloudName: "AzureCloud" })).cloud.name).to.equal("AzurePublicCloud");
  });

  it("reads a short text itself, and has a long one read elsewhere in its namespace's turn", async () => {
    await plan({ objects: ofLength(MAX_INLINE_OBJECTS_LENGTH) });
    expect(jobs).to.deep.equal([]);
    expect((await plan({ objects: ofLength(MAX_INLINE_OBJECTS_LENGTH + 1) })).objects[0]?.name).to.equal("a");
    expect(jobs).to.deep.equal([
      { job: "parse-objects", length: MAX_INLINE_OBJECTS_LENGTH + 1, owner: "shop" },
    ]);
  });

  it("refuses a text that is too long without sending it anywhere", async () => {
    const error = await rejectedBy(plan({ objects: ofLength(MAX_OBJECTS_LENGTH + 1) }));
    expect(error.code).to.equal("OBJECTS_TOO_LARGE");
    expect(jobs).to.deep.equal([]);
  });

  it("reads a class once, whatever pod and parameters come with it", async () => {
    const objects = ofLength(MAX_INLINE_OBJECTS_LENGTH + 1);
    await plan({ objects });
    const again = await plan({ objects, "csi.storage.k8s.io/pod.name": "q", keyvaultName: "other" });
    expect(again.vaultName).to.equal("other");
    await rejectedBy(plan({ objects, keyvaultName: "" }));
    expect(jobs).to.have.length(1);
    expect(rememberedObjects.size).to.equal(1);
  });

  it("remembers a broken class too", async () => {
    const objects = `[${ofLength(MAX_INLINE_OBJECTS_LENGTH + 1)}`;
    for (let i = 0; i < 3; i++) {
      expect((await rejectedBy(plan({ objects }))).code).to.equal("OBJECTS_NOT_YAML");
    }
    expect(jobs).to.have.length(1);
  });
});
