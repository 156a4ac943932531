import { randomUUID } from "node:crypto";
import { forge } from "../../support/forge.js";
import { secretYaml } from "../../support/objects-yaml.js";
import type { MountInput, Pod, PodIdentityMode } from "../../support/pod.js";
import { plant } from "../../support/secrecy.js";
import { OTHER_AUTHORITY, OTHER_SUFFIX, PUBLIC_AUTHORITY, PUBLIC_SUFFIX, type Stage } from "./stage.js";

/** One pod of the attacker, and what it mounts with. */
export interface Strike {
  readonly pod: Pod;
  readonly input: MountInput;
}

/** Who must have said no to the attacker's own proof, when nothing is broken. */
export type Refuser =
  | { readonly at: "authority"; readonly code: string }
  | { readonly at: "imds" | "nmi"; readonly status: number }
  /** Signed in, as `clientId` of `tenantId`; then the vault says no. */
  | { readonly at: "vault"; readonly status: 401 | 403; readonly host: string };

/** One victim, whose values are in the provider's memory, and an attacker who has what the attack assumes. */
export interface Assault {
  readonly victim: Pod;
  readonly victimInput: MountInput;
  /** What must not be shown. */
  readonly secret: string;
  /** A new pod of the attacker each time, so that no back-off answers for the authority. */
  readonly strike: () => Strike;
  readonly refusedBy: Refuser;
}

export type Attack = (stage: Stage) => Promise<Assault>;

const objects = secretYaml("one");

function victimOf({ world }: Stage, identity: PodIdentityMode = "workload-identity") {
  const victim = world.pod({ identity });
  return { victim, victimInput: { objects }, secret: victim.plantSecret("one") };
}

/** The attacker's own class, in which its `volumeAttributes` replace all that leads to the victim's vault. */
function strikeWith(
  pod: Pod,
  victim: Pod,
  attributes: Readonly<Record<string, string>>,
  volume: MountInput["volume"] = {},
): Strike {
  const volumeAttributes = {
    keyvaultName: victim.vault.name,
    tenantID: victim.tenantId,
    objects,
    ...attributes,
  };
  return { pod, input: { volume: { ...volume, volumeAttributes } } };
}

/** Workload identity as the victim's client, with a token of the attacker's choice. */
function asClientOf(stage: Stage, victim: Pod, tokenOf: (thief: Pod) => string): () => Strike {
  return () => {
    const pod = stage.world.pod();
    const tokens = pod.tokens(tokenOf(pod)) ?? {};
    return strikeWith(pod, victim, { clientID: victim.clientId }, { serviceAccountTokens: tokens });
  };
}

const credentialOf = (stage: Stage, pod: Pod) => ({ issuer: stage.world.issuerUrl, subject: pod.subject });

/** By the rows of the table in docs/security.md. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  "a forged token with the right subject": (stage) => {
    const scene = victimOf(stage);
    const strike = asClientOf(stage, scene.victim, () => forge(scene.victim.serviceAccountToken()));
    return Promise.resolve({ ...scene, strike, refusedBy: { at: "authority", code: "AADSTS50013" } });
  },

  "a stolen client ID with another service account": (stage) => {
    const scene = victimOf(stage);
    const strike = asClientOf(stage, scene.victim, (thief) => thief.serviceAccountToken());
    return Promise.resolve({ ...scene, strike, refusedBy: { at: "authority", code: "AADSTS700213" } });
  },

  "an expired token of the victim's": (stage) => {
    const scene = victimOf(stage);
    const expired = { expiresInSeconds: -3_600 };
    const strike = asClientOf(stage, scene.victim, () => scene.victim.serviceAccountToken(expired));
    return Promise.resolve({ ...scene, strike, refusedBy: { at: "authority", code: "AADSTS700024" } });
  },

  "a wrong secret beside a right one": (stage) => {
    const scene = victimOf(stage, "service-principal");
    const strike = (): Strike => {
      const pod = stage.world.pod({ identity: "service-principal" });
      const nodePublishSecret = { clientid: scene.victim.clientId, clientsecret: plant() };
      return strikeWith(pod, scene.victim, {}, { nodePublishSecret });
    };
    return Promise.resolve({ ...scene, strike, refusedBy: { at: "authority", code: "AADSTS7000215" } });
  },

  "`useVMManagedIdentity` naming a workload identity's client": (stage) => {
    const scene = victimOf(stage);
    const strike = (): Strike =>
      strikeWith(stage.world.pod({ identity: "managed-identity" }), scene.victim, {
        userAssignedIdentityID: scene.victim.clientId,
      });
    return Promise.resolve({ ...scene, strike, refusedBy: { at: "imds", status: 400 } });
  },

  "the same, where the node has an identity of that name in its own tenant": (stage) => {
    const scene = victimOf(stage);
    const { victim } = scene;
    const ofNode = stage.emulator.entra.tenant(randomUUID()).application({ clientId: victim.clientId });
    stage.imds.identities.assignUser(ofNode.principal);
    const strike = (): Strike =>
      strikeWith(stage.world.pod({ identity: "managed-identity" }), victim, {
        userAssignedIdentityID: victim.clientId,
      });
    return Promise.resolve({
      ...scene,
      strike,
      refusedBy: { at: "vault", status: 401, host: victim.vault.host },
    });
  },

  "the node's identity, which is another one by now": async (stage) => {
    const scene = victimOf(stage, "managed-identity");
    const { victim } = scene;
    const { identities } = stage.imds;
    identities.assignSystem(victim.application.principal);
    // Another proof in name only: the file says what is true of the public cloud.
    const cloudEnvFileName = await stage.environmentFile(PUBLIC_AUTHORITY, PUBLIC_SUFFIX);
    const strike = (): Strike => {
      const pod = stage.world.pod({ identity: "managed-identity" });
      const { principal } = stage.emulator.entra
        .tenant(victim.tenantId)
        .application({ clientId: pod.clientId });
      identities.assignSystem(principal);
      return strikeWith(pod, victim, {
        userAssignedIdentityID: "",
        cloudName: "AzureStackCloud",
        cloudEnvFileName,
      });
    };
    return {
      ...scene,
      victimInput: { objects, parameters: { userAssignedIdentityID: "" } },
      strike,
      refusedBy: { at: "vault", status: 403, host: victim.vault.host },
    };
  },

  "pod identity of another pod": (stage) => {
    const scene = victimOf(stage, "pod-identity");
    stage.nmi.assign(scene.victim, scene.victim.application.principal);
    const strike = (): Strike => strikeWith(stage.world.pod({ identity: "pod-identity" }), scene.victim, {});
    return Promise.resolve({ ...scene, strike, refusedBy: { at: "nmi", status: 403 } });
  },

  "another tenant, where the same client is the attacker's": (stage) => {
    const scene = victimOf(stage);
    const { victim } = scene;
    const tenantID = randomUUID();
    const application = stage.emulator.entra.tenant(tenantID).application({ clientId: victim.clientId });
    const strike = (): Strike => {
      const pod = stage.world.pod();
      application.addFederatedCredential(credentialOf(stage, pod));
      return strikeWith(pod, victim, { tenantID, clientID: victim.clientId });
    };
    return Promise.resolve({
      ...scene,
      strike,
      refusedBy: { at: "vault", status: 401, host: victim.vault.host },
    });
  },

  "another cloud, whose authority takes the attacker for the victim's client": async (stage) => {
    const scene = victimOf(stage);
    const { victim } = scene;
    const cloudEnvFileName = await stage.environmentFile(OTHER_AUTHORITY, PUBLIC_SUFFIX);
    const strike = (): Strike => {
      const pod = stage.world.pod();
      // The doubles have one directory for all clouds; the public one is not asked.
      victim.application.addFederatedCredential(credentialOf(stage, pod));
      return strikeWith(pod, victim, {
        clientID: victim.clientId,
        cloudName: "AzureStackCloud",
        cloudEnvFileName,
      });
    };
    return { ...scene, strike, refusedBy: { at: "vault", status: 401, host: victim.vault.host } };
  },

  "another vault of the same name, under another suffix": async (stage) => {
    const scene = victimOf(stage);
    const { victim } = scene;
    const { name, tenantId } = victim.vault;
    const other = stage.emulator.vault(name, { suffix: OTHER_SUFFIX, tenantId });
    const cloudEnvFileName = await stage.environmentFile(PUBLIC_AUTHORITY, OTHER_SUFFIX);
    const strike = (): Strike => {
      const pod = stage.world.pod();
      // One of the same identity, which may read the one vault and not the other.
      victim.application.addFederatedCredential(credentialOf(stage, pod));
      return strikeWith(pod, victim, {
        clientID: victim.clientId,
        cloudName: "AzureStackCloud",
        cloudEnvFileName,
      });
    };
    return { ...scene, strike, refusedBy: { at: "vault", status: 401, host: other.host } };
  },

  "`volumeAttributes` that name the victim's vault, with an identity of one's own": (stage) => {
    const scene = victimOf(stage);
    const { victim } = scene;
    const strike = (): Strike => {
      const pod = stage.world.pod();
      stage.emulator.entra
        .tenant(victim.tenantId)
        .application({ clientId: pod.clientId, federated: [credentialOf(stage, pod)] });
      return strikeWith(pod, victim, {});
    };
    return Promise.resolve({
      ...scene,
      strike,
      refusedBy: { at: "vault", status: 403, host: victim.vault.host },
    });
  },
};
