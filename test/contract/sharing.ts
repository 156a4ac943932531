import { row, type Section } from "./row.js";

const SHARING = "integration/sharing";
const SHARED = "what mounts share";
const VAULTS = "unit/keyvault/shared-vaults";
const OF_VAULTS = "keyvault/shared-vaults SharedVaults";
const PROOFS = "unit/identity/proofs/proven-identities";
const OF_PROOFS = "identity/proofs/proven-identities ProvenIdentities";
const THROTTLING = "integration/throttling";

/** What a node costs its vaults and authorities, and what mounts may share. */
export const SHARING_ROWS: Section = {
  title: "What mounts share",
  rows: [
    row(
      "pods that start together share reads",
      [
        SHARING,
        `${SHARED} fifty pods of a deployment start at once: three reads of each object at most, one sign-in for each token; rotating costs nothing`,
      ],
      [
        "sharing/shared-reads",
        "if (reading.flight.beganAtMs > call.newerThanMs)",
        "if (reading.flight.beganAtMs < 0)",
      ],
    ),
    row(
      "a rotation costs principals × objects, and no sign-in",
      [
        SHARING,
        `${SHARED} pods of several principals rotate: as many reads as principals and objects in each TTL, and no sign-in after the first round`,
      ],
      ["identity/proofs/proven-identities", "if (ttl > 0 && !exchange.isDoubted)", "if (exchange.isDoubted)"],
    ),
    row(
      "a new pod sees the vault's newest value",
      [SHARING, `${SHARED} a new pod always sees the newest value, and one that is rotated after the TTL`],
      ["mount/mounter", "const isStarting = !servedPaths.has(plan.targetPath);", "const isStarting = false;"],
    ),
    row(
      "every proof is accepted by its own exchange",
      [
        SHARING,
        `${SHARED} pods with other proofs of one identity get what their own proof reads; another's refusal is its own`,
      ],
      [
        "identity/proofs/proof-key",
        "return [identity.clientId, identity.federatedToken.reveal()];",
        "return [identity.clientId];",
      ],
    ),
    row(
      "what one principal reads is shown to no other",
      [VAULTS, `${OF_VAULTS} shares nothing between principals`],
      ["keyvault/shared-vaults", "[origin, call.principal, ...subject]", "[origin, ...subject]"],
    ),
    row(
      "one caller's 401 is its own",
      [
        VAULTS,
        `${OF_VAULTS} a 401 of the one that asked drops its proof only; the others ask with their own token`,
      ],
      ["keyvault/shared-vaults", "isOwnFailure: isOfCredential,", "isOwnFailure: () => false,"],
    ),
    row(
      "a challenge drops the proof at once",
      [PROOFS, `${OF_PROOFS} forgets a proof at once when a vault challenges its token`],
      ["identity/proofs/proven-identities", "onChallenge: doubt", "onChallenge: () => undefined"],
    ),
    row(
      "the log ties the vault's audit log to each pod",
      [SHARING, `${SHARED} the log ties each read in the vault's audit log to every pod that it served`],
      ["mount/mounter", "logServed(log, vault.served, { vault: plan.vaultName, isStarting });", ""],
    ),
    row(
      "a throttled vault fails no mount that has the time",
      [
        THROTTLING,
        "throttling without Retry-After: no mount fails, and the vault is not asked by all at once again",
      ],
      ["network/gated-client", "if (response.status !== 429 && ", "if (response.status !== 0 && "],
    ),
    row(
      "starting pods go before rotating ones",
      [
        THROTTLING,
        "throttling 503 with Retry-After: nothing is asked before, one probes, starting pods go before rotating ones, another vault is not delayed",
      ],
      ["network/waiting-line", "urgency.isUrgent || nowMs", "nowMs"],
    ),
    row(
      "who would be late hears so at once",
      [
        THROTTLING,
        "throttling a mount that would be late hears so at once, with the time to wait; the vault is left alone meanwhile",
      ],
      ["network/hopeless", "if (clock() + closed.forMs > call.deadlineMs)", "if (closed.forMs < 0)"],
    ),
    row(
      "a throttled sign-in stops its own client only",
      [THROTTLING, "throttling a throttled sign-in stops its own client, and no other of the same tenant"],
      ["identity/proofs/proven-identities", "url.toLowerCase(), clientId]);", "url.toLowerCase()]);"],
    ),
    row(
      "a refusal is no outage",
      [
        "integration/outage",
        "an outage of the vault --serve-stale-during-outage: HTTP 403 is an answer: nothing older is given",
      ],
      [
        "keyvault/shared-vaults",
        "if (stale === undefined || signal.aborted || !isOutage(error)) throw error;",
        "if (stale === undefined || signal.aborted) throw error;",
      ],
    ),
  ],
};
