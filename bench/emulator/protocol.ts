/** A vault, those who may read it, and their pods. */
export interface WorldSpec {
  readonly objects: number;
  /** Length of each secret's value, in characters. */
  readonly objectBytes: number;
  /** Applications, each of a service account of its own. */
  readonly principals: number;
  readonly podsPerPrincipal: number;
}

/** How the vault behaves. */
export interface VaultBehaviour {
  /** Added to every answer of Key Vault and Entra ID, in milliseconds. */
  readonly delayMs: number;
  readonly throttle?: Throttle;
}

/** Requests beyond so many in a while get a 429, as a whole vault's do. */
export interface Throttle {
  readonly limit: number;
  readonly windowMs: number;
  /** Left out: the 429 does not say when to come again. */
  readonly retryAfterSeconds?: number;
}

/** One pod, as the kubelet knows it. */
export interface SeededPod {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly serviceAccount: string;
  readonly clientId: string;
  /** Its own service-account token, the same at every call, as the kubelet keeps it. */
  readonly token: string;
  /** RFC 3339. */
  readonly tokenExpiry: string;
}

export interface World {
  readonly vaultName: string;
  readonly tenantId: string;
  readonly objectNames: readonly string[];
  readonly objectBytes: number;
  /** Principal by principal. */
  readonly pods: readonly SeededPod[];
}

/** What the vault and Entra ID were asked. */
export interface RequestTally {
  /** Objects and pages of lists, whatever the answer. */
  readonly reads: number;
  readonly signIns: number;
  /** Instance discovery, OpenID configuration and published keys. */
  readonly discovery: number;
  /** Requests without a token. */
  readonly challenges: number;
  /** Of all these, answered with 429. */
  readonly throttled: number;
}

/** Where the emulator is reached. */
export interface Address {
  readonly proxyPort: number;
  readonly caPem: string;
}

/** What the parent may ask of the emulator's process, and what comes back. */
export interface Commands {
  address: { input: null; output: Address };
  /** Replaces the vault, its tenant's applications and its behaviour. */
  openWorld: { input: { world: WorldSpec; behaviour: VaultBehaviour }; output: World };
  /** The tally since the last time, and how busy the process was: 0 to 1. */
  tally: { input: null; output: { requests: RequestTally; busy: number } };
}

export type CommandName = keyof Commands;
export interface CommandMessage {
  readonly id: number;
  readonly name: CommandName;
  readonly input: unknown;
}
export interface AnswerMessage {
  readonly id: number;
  readonly output?: unknown;
  readonly error?: string;
}
