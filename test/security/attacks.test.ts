import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { readTable } from "../support/markdown-table.js";
import type { Pod } from "../support/pod.js";
import { waitUntil } from "../support/wait.js";
import { type Assault, type Attack, ATTACKS, type Strike } from "./support/attacks.js";
import { BROKEN_KEYS } from "./support/broken-keys.js";
import { bundleBroken } from "./support/broken-provider.js";
import { type Services, type Stage, startServices, startStage, stopServices } from "./support/stage.js";

const HEADING = "Attacks, and the keys that stop them";
const AS_IT_IS = "as it is";

/** A volume's path; a victim's and an attacker's may be the same. */
const pathOf = ({ uid }: Pod): string =>
  `/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~csi/secrets/mount`;

/**
 * Whoever may make pods and classes in a namespace, while a victim's proof and values are in memory. Every attack is also
 * run against providers with a key that lacks a part: where none of them gives the victim's value away, it proves nothing.
 */
describe("attacks on what the mounts of a node share", () => {
  let services: Services;
  let folder: string;
  let table: Record<string, string>[];
  before(async () => {
    services = await startServices();
    folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-broken-"));
    table = await readTable("docs/security.md", HEADING);
  });
  after(async () => {
    await stopServices(services);
    await rm(folder, { recursive: true, force: true });
  });

  it("are each in the table of docs/security.md, with every broken key", () => {
    expect(table.map((row) => row["Attack"])).to.deep.equal(Object.keys(ATTACKS));
    const [first = {}] = table;
    expect(Object.keys(first)).to.deep.equal(["Attack", AS_IT_IS, ...Object.keys(BROKEN_KEYS)]);
  });

  it("succeed each where some key is broken, and each broken key lets one succeed", () => {
    const isShown = (row: Record<string, string>, key: string): boolean => row[key] === "**shown**";
    for (const row of table) {
      const keys = Object.keys(BROKEN_KEYS).filter((key) => isShown(row, key));
      expect(keys, row["Attack"]).not.to.deep.equal([]);
      expect(row[AS_IT_IS]).to.equal("refused");
    }
    for (const key of Object.keys(BROKEN_KEYS)) {
      expect(
        table.some((row) => isShown(row, key)),
        key,
      ).to.equal(true);
    }
  });

  it("are run against nothing, where what is to be broken is not there", async () => {
    const nowhere = { file: "src/identity/principal.ts", from: "clientId.toUpperCase()", to: "" };
    const error = await bundleBroken([nowhere], path.join(folder, "never.mjs")).catch(
      (thrown: unknown) => thrown,
    );
    expect(String(error)).to.contain("holds 0 times: clientId.toUpperCase()");
  });

  describe("as it is", () => {
    let stage: Stage;
    before(async () => {
      stage = await startStage(services);
    });
    after(async () => {
      await stage.world.stop();
    });
    afterEach(() => {
      stage.emulator.faults.clear();
    });

    for (const [name, attack] of Object.entries(ATTACKS)) {
      it(`${name}: refused at a path of its own, and by its own proof`, async () => {
        const assault = await remembered(await attack(stage));
        await expectRefusal(stage, assault, assault.strike());
      });

      it(`${name}: refused as a remount, at the victim's own path`, async () => {
        const assault = await remembered(await attack(stage));
        await expectRefusal(stage, assault, assault.strike(), pathOf(assault.victim));
      });

      it(`${name}: refused while the victim's read is under way`, async () => {
        const assault = await attack(stage);
        const { victim, victimInput, secret } = assault;
        const { host } = victim.vault;
        const slow = stage.emulator.faults.add({ kind: "delay", delayMs: 150 }, { host, kind: "read" });
        const mounted = victim.mount(victimInput);
        await waitUntil(() => slow.hits > 0, "the vault is asked", { everyMs: 2 });
        await expectRefusal(stage, assault, assault.strike());
        expect((await mounted).files.get("one")?.text).to.equal(secret);
      });
    }
  });

  for (const [key, breaks] of Object.entries(BROKEN_KEYS)) {
    it(`with a broken key (${key}) come out as the table says`, async () => {
      const programPath = path.join(folder, `${key.replaceAll(/\W+/g, "-")}.mjs`);
      await bundleBroken(breaks, programPath);
      const stage = await startStage(services, programPath);
      const judge = async ([name, attack]: [string, Attack]): Promise<[string, string]> => {
        const assault = await remembered(await attack(stage));
        const isShown = await shows(assault, assault.strike(), pathOf(assault.victim));
        return [name, isShown ? "**shown**" : "refused"];
      };
      let outcomes: Record<string, string>;
      try {
        outcomes = Object.fromEntries(await Promise.all(Object.entries(ATTACKS).map(judge)));
      } finally {
        await stage.world.stop();
      }
      expect(outcomes).to.deep.equal(
        Object.fromEntries(table.map((row) => [row["Attack"] ?? "", row[key] ?? ""])),
      );
    });
  }
});

/** Brings the victim's proof and value into memory: by a first mount and a remount. */
async function remembered(assault: Assault): Promise<Assault> {
  const { victim, victimInput, secret } = assault;
  for (let round = 1; round <= 2; round += 1) {
    expect((await victim.mount(victimInput)).files.get("one")?.text).to.equal(secret);
  }
  return assault;
}

/** Whether the attacker is given the victim's value. @throws when it is given anything else */
async function shows({ secret }: Assault, { pod, input }: Strike, targetPath: string): Promise<boolean> {
  const mounted = await pod
    .mount({ ...input, volume: { ...input.volume, targetPath } })
    .catch(() => undefined);
  if (mounted !== undefined)
    expect([...mounted.files.values()].map(({ text }) => text)).to.deep.equal([secret]);
  return mounted !== undefined;
}

/** Strikes once. @throws AssertionError unless the attacker's own proof was presented, and refused where it must be */
async function expectRefusal(
  stage: Stage,
  { secret, refusedBy }: Assault,
  { pod, input }: Strike,
  targetPath = pathOf(pod),
): Promise<void> {
  const { emulator, imds, nmi } = stage;
  const before = { imds: imds.requests.length, nmi: nmi.requests.length, log: emulator.requests.all.length };
  const { status, message } = await pod.mountError({ ...input, volume: { ...input.volume, targetPath } });
  expect(message).not.to.contain(secret);
  const asked = emulator.requests.all.slice(before.log);
  const signIns = [
    ...asked.filter(({ kind }) => kind === "token").map((each) => each.code ?? each.status),
    ...[...imds.requests.slice(before.imds), ...nmi.requests.slice(before.nmi)].map((each) => each.status),
  ];
  const answers = asked
    .filter(({ vault, kind, status: ofRead }) => vault !== undefined && (kind === "read" || ofRead === 401))
    .map(({ host, status: ofRead }) => `${host} ${ofRead}`);
  switch (refusedBy.at) {
    case "authority":
    case "imds":
    case "nmi":
      expect(signIns).to.deep.equal([refusedBy.at === "authority" ? refusedBy.code : refusedBy.status]);
      // The victim's own read may be among them.
      expect(answers.filter((answer) => !answer.endsWith(" 200"))).to.deep.equal([]);
      expect(status).to.equal("UNAUTHENTICATED");
      return;
    case "vault":
      expect(signIns).to.deep.equal([200]);
      expect(new Set(answers.filter((answer) => !answer.endsWith(" 200")))).to.deep.equal(
        new Set([`${refusedBy.host} ${refusedBy.status}`]),
      );
      expect(status).to.equal(refusedBy.status === 403 ? "PERMISSION_DENIED" : "UNAUTHENTICATED");
  }
}
