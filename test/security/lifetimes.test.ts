import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { Effect } from "../../emulator/emulator.js";
import { forge } from "../support/forge.js";
import { secretYaml } from "../support/objects-yaml.js";
import type { MountInput, Pod } from "../support/pod.js";
import { World } from "../support/world.js";

const OBJECTS = secretYaml("one");
/** Past the end of what lives two seconds. */
const PAST_MS = 2_500;
/** Longer than any mount here may take, so that it is answered at once. */
const OUTAGE: Effect = { kind: "throttled", retryAfterSeconds: 50 };
const DEADLINE_MS = 10_000;

/** When what is remembered ends, with a vault that may serve older values in an outage. */
describe("what is remembered of a proof, and what was read with it", () => {
  let world: World;
  before(async () => {
    world = await World.start({ flags: ["--serve-stale-during-outage=1h"] });
  });
  after(async () => {
    await world.stop();
  });
  afterEach(() => {
    world.emulator.faults.clear();
  });

  function preparedPod(): Pod {
    const pod = world.pod();
    pod.plantSecret("one");
    return pod;
  }

  const signInsOf = ({ tenantId }: Pod): number =>
    world.emulator.requests.counts((each) => each.tenantId === tenantId).token;

  const onVaultOf = ({ vault }: Pod, effect: Effect, times?: number) =>
    world.emulator.faults.add(effect, {
      host: vault.host,
      kind: "read",
      ...(times === undefined ? {} : { times }),
    });

  /** As a vault says that it does not take a token any more. */
  const challengeOf = ({ tenantId }: Pod): Effect => ({
    kind: "answer",
    status: 401,
    headers: {
      "WWW-Authenticate": `Bearer authorization="https://login.microsoftonline.com/${tenantId}", resource="https://vault.azure.net"`,
    },
    body: { error: { code: "Unauthorized", message: "AKV10046: not taken" } },
  });

  let paths = 0;
  /** A volume that has not been mounted yet: its mount takes nothing from memory. */
  const firstMount = (input: MountInput = {}): MountInput => {
    paths += 1;
    return { objects: OBJECTS, ...input, volume: { targetPath: `/new/${paths}`, ...input.volume } };
  };
  const withToken = (pod: Pod, token: string): MountInput =>
    firstMount({ volume: { serviceAccountTokens: pod.tokens(token) ?? {} } });

  describe("ends at once", () => {
    it("with a 401 that names the vault's tenant, though the mount goes well with the same proof", async () => {
      const [pod, other] = [preparedPod(), preparedPod()];
      const own = withToken(pod, pod.serviceAccountToken());
      const others = withToken(other, other.serviceAccountToken());
      await pod.mount(own);
      await other.mount(others);
      onVaultOf(pod, challengeOf(pod), 1);
      await pod.mount({ ...own, ...firstMountOf(own) });
      expect(signInsOf(pod)).to.equal(1);
      await pod.mount({ ...own, ...firstMountOf(own) });
      expect(signInsOf(pod)).to.equal(2);
      await other.mount({ ...others, ...firstMountOf(others) });
      expect(signInsOf(other)).to.equal(1);
    });

    it("with a 401 that stays", async () => {
      const pod = preparedPod();
      const own = withToken(pod, pod.serviceAccountToken());
      await pod.mount(own);
      const rejected = onVaultOf(pod, { kind: "rejectToken" });
      const { status } = await pod.mountError({ ...own, ...firstMountOf(own) });
      expect(status).to.equal("UNAUTHENTICATED");
      rejected.remove();
      const before = signInsOf(pod);
      await pod.mount({ ...own, ...firstMountOf(own) });
      expect(signInsOf(pod)).to.equal(before + 1);
    });

    it("with a claims challenge", async () => {
      const pod = preparedPod();
      const own = withToken(pod, pod.serviceAccountToken());
      await pod.mount(own);
      onVaultOf(pod, { kind: "claimsChallenge" }, 1);
      await pod.mount({ ...own, ...firstMountOf(own) });
      expect(signInsOf(pod), "with the claims").to.equal(2);
      await pod.mount({ ...own, ...firstMountOf(own) });
      expect(signInsOf(pod)).to.equal(3);
    });
  });

  it("ends with the access token, and with the service account's", async () => {
    const [longLived, shortAccess, shortProof] = [preparedPod(), preparedPod(), preparedPod()];
    const inputs = new Map(
      [longLived, shortAccess].map((pod) => [pod, withToken(pod, pod.serviceAccountToken())]),
    );
    const shortToken = shortProof.serviceAccountToken({ expiresInSeconds: 2 });
    inputs.set(shortProof, withToken(shortProof, shortToken));
    const mountAgain = async (pod: Pod): Promise<number> => {
      await pod.mount(inputs.get(pod) ?? {});
      return signInsOf(pod);
    };
    await mountAgain(longLived);
    await mountAgain(shortProof);
    const { entra } = world.emulator;
    const usual = entra.accessTokenLifetimeSeconds;
    // A token is not handed out in its last minute.
    entra.accessTokenLifetimeSeconds = 62;
    await mountAgain(shortAccess);
    entra.accessTokenLifetimeSeconds = usual;
    await sleep(PAST_MS);
    expect(await mountAgain(longLived)).to.equal(1);
    expect(await mountAgain(shortAccess)).to.equal(2);
    // Entra ID takes it for five minutes more, as clocks differ; here it is not remembered again.
    expect(await mountAgain(shortProof)).to.equal(2);
    expect(await mountAgain(shortProof)).to.equal(3);
  });

  describe("in an outage", () => {
    it("is given to a starting pod of the same principal, and to no other", async () => {
      const pod = preparedPod();
      const own = withToken(pod, pod.serviceAccountToken());
      const { files } = await pod.mount(own);
      const thief = world.pod();
      world.emulator.entra.tenant(pod.tenantId).application({
        clientId: thief.clientId,
        federated: [{ issuer: world.issuerUrl, subject: thief.subject }],
      });
      onVaultOf(pod, OUTAGE);
      const stale = await pod.mount({ ...own, ...firstMountOf(own), deadlineMs: DEADLINE_MS });
      expect(stale.files.get("one")?.text).to.equal(files.get("one")?.text);

      const toVictim = { keyvaultName: pod.vault.name, tenantID: pod.tenantId };
      const refused = await thief.mountError({
        ...firstMount({ parameters: toVictim }),
        deadlineMs: DEADLINE_MS,
      });
      expect(refused.status).to.equal("INTERNAL");
      const forged = await thief.mountError({
        ...withToken(thief, forge(pod.serviceAccountToken())),
        parameters: { ...toVictim, clientID: pod.clientId },
        deadlineMs: DEADLINE_MS,
      });
      expect(forged.status).to.equal("UNAUTHENTICATED");
    });

    const refusals: Readonly<Record<string, (pod: Pod) => void>> = {
      "revoked the right to read it": ({ vault, clientId }) => vault.revoke({ clientId }),
      "disabled it": ({ vault }) => {
        vault.setSecret("one", "", { enabled: false });
      },
      "deleted it": ({ vault }) => {
        vault.deleteObject("secret", "one");
      },
    };
    for (const [what, change] of Object.entries(refusals)) {
      it(`is given to nobody once the vault has ${what} and said so, nor to a remount`, async () => {
        const pod = preparedPod();
        const own = withToken(pod, pod.serviceAccountToken());
        await pod.mount(own);
        change(pod);
        const { status } = await pod.mountError({ ...own, ...firstMountOf(own) });
        expect(status).to.be.oneOf(["PERMISSION_DENIED", "NOT_FOUND"]);
        expect((await pod.mountError(own)).status, "remount").to.equal(status);
        onVaultOf(pod, OUTAGE);
        const starting = await pod.mountError({ ...own, ...firstMountOf(own), deadlineMs: DEADLINE_MS });
        expect(starting.status).to.equal("INTERNAL");
      });
    }
  });

  /** The same volume as another one that is new. */
  function firstMountOf({ volume }: MountInput): Pick<MountInput, "volume"> {
    paths += 1;
    return { volume: { ...volume, targetPath: `/new/${paths}` } };
  }
});
