import { randomBytes, randomUUID } from "node:crypto";
import { status, type ServiceError } from "@grpc/grpc-js";
import { buildMountRequest, type VolumeToPublish } from "../../driver/mount-request.js";
import type { CallOptions, MountAnswer } from "../../driver/client.js";
import { validateFiles } from "../../driver/volume.js";
import type { Application } from "../../emulator/entra/application.js";
import type { ServiceAccountTokenRequest } from "../../emulator/entra/oidc-issuer.js";
import type { VaultDouble } from "../../emulator/vault/vault-double.js";
import type { v1alpha1 } from "../../provider-proto/generated/messages.js";
import { plant } from "./secrecy.js";
import type { World } from "./world.js";

export const WORKLOAD_AUDIENCE = "api://AzureADTokenExchange";
export const BINDING_AUDIENCE = "api://AKSIdentityBinding";

/** How a pod signs in. All but the first two need servers of a node or a cluster, which only a test in namespaces has. */
export type PodIdentityMode =
  "workload-identity" | "service-principal" | "managed-identity" | "pod-identity" | "identity-binding";

export interface PodOptions {
  /** How it signs in. Default: workload identity. */
  readonly identity?: PodIdentityMode;
  /** What follows the vault's name; default that of the public cloud. */
  readonly suffix?: string;
}

/** One Mount of a pod: its objects, and what differs from a class and a volume that are right. */
export interface MountInput extends CallOptions {
  /** YAML of `parameters.objects`. */
  readonly objects?: string;
  /** Parameters added or replaced; undefined takes one away. */
  readonly parameters?: Readonly<Record<string, string | undefined>>;
  readonly volume?: Partial<VolumeToPublish>;
  /** Replaces fields of the finished request. */
  readonly request?: v1alpha1.IMountRequest;
}

export interface MountedFile {
  readonly mode: number;
  readonly bytes: Buffer;
  /** The bytes as UTF-8. */
  readonly text: string;
}

/** What a pod would see. */
export interface Mounted {
  /** By path, in the order of the answer. */
  readonly files: ReadonlyMap<string, MountedFile>;
  /** id → version, in the order of the answer. */
  readonly versions: ReadonlyMap<string, string>;
}

/** How a Mount failed. */
export interface MountFailure {
  readonly status: keyof typeof status;
  readonly message: string;
}

/** A pod that may read everything in a vault of its own, as an application of its own in a tenant of its own. */
export class Pod {
  readonly name: string;
  readonly namespace: string;
  readonly uid = randomUUID();
  readonly serviceAccount = "shop";
  readonly tenantId = randomUUID();
  readonly clientId = randomUUID();
  readonly clientSecret = plant("client-secret");
  readonly application: Application;
  readonly vault: VaultDouble;
  /** Of a class that is right, but for `objects`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly #world: World;
  readonly #identity: NonNullable<PodOptions["identity"]>;

  constructor(world: World, serial: number, options: PodOptions) {
    this.#world = world;
    this.#identity = options.identity ?? "workload-identity";
    this.name = `shop-${serial}`;
    this.namespace = `team-${serial}`;
    const { entra } = world.emulator;
    this.application = entra.tenant(this.tenantId).application({
      clientId: this.clientId,
      secrets: [this.clientSecret],
      federated: [{ issuer: world.issuerUrl, subject: this.subject, audience: WORKLOAD_AUDIENCE }],
    });
    if (!PROVING_MODES.has(this.#identity)) this.application.replaceCredentials({});
    this.vault = world.emulator.vault(`kv-${serial}-${randomBytes(4).toString("hex")}`, {
      tenantId: this.tenantId,
      ...(options.suffix === undefined ? {} : { suffix: options.suffix }),
    });
    this.vault.grantAll(this.clientId);
    this.parameters = {
      keyvaultName: this.vault.name,
      tenantID: this.tenantId,
      ...parametersOf(this.#identity, this.clientId),
    };
  }

  /** As the token's `sub` names the pod's service account. */
  get subject(): string {
    return `system:serviceaccount:${this.namespace}:${this.serviceAccount}`;
  }

  /** Stores a planted secret. @returns its value */
  plantSecret(name: string): string {
    const value = plant(name);
    this.vault.setSecret(name, value);
    return value;
  }

  /** The pod's token as the API server would sign it, for the right audience. */
  serviceAccountToken(changes: Partial<ServiceAccountTokenRequest> = {}): string {
    return this.#world.emulator.entra.issuer(this.#world.issuerUrl).serviceAccountToken({
      namespace: this.namespace,
      serviceAccount: this.serviceAccount,
      audience: this.#audience,
      podName: this.name,
      podUid: this.uid,
      ...changes,
    });
  }

  /** The `serviceAccountTokens` of a volume with one token. */
  tokens(token: string, audience = this.#audience): VolumeToPublish["serviceAccountTokens"] {
    return { [audience]: { token, expirationTimestamp: new Date(Date.now() + 3_600_000).toISOString() } };
  }

  /** The request as the driver builds it. */
  request(input: MountInput): v1alpha1.IMountRequest {
    const parameters: Record<string, string> = { ...this.parameters };
    if (input.objects !== undefined) parameters["objects"] = input.objects;
    for (const [name, value] of Object.entries(input.parameters ?? {})) {
      if (value === undefined) Reflect.deleteProperty(parameters, name);
      else parameters[name] = value;
    }
    const volume: VolumeToPublish = {
      podName: this.name,
      podNamespace: this.namespace,
      podUid: this.uid,
      serviceAccountName: this.serviceAccount,
      secretProviderClass: "shop-class",
      targetPath: `/var/lib/kubelet/pods/${this.uid}/volumes/kubernetes.io~csi/secrets/mount`,
      ...this.#proof(),
      ...input.volume,
    };
    return { ...buildMountRequest(parameters, volume), ...input.request };
  }

  /** Mounts, with the driver's checks on the answer. @param input - a string stands for `{ objects }` */
  async mount(input: MountInput | string): Promise<Mounted> {
    const answer = await this.#call(typeof input === "string" ? { objects: input } : input);
    validateFiles(answer.files);
    return {
      files: new Map(
        answer.files.map(({ path, mode, contents }) => {
          const bytes = Buffer.from(contents);
          return [path, { mode, bytes, text: bytes.toString("utf8") }];
        }),
      ),
      versions: answer.objectVersions,
    };
  }

  /** Mounts, and expects the provider to refuse. @throws Error when it does not, or when the driver refuses instead */
  async mountError(input: MountInput | string): Promise<MountFailure> {
    let answer: MountAnswer;
    try {
      answer = await this.#call(typeof input === "string" ? { objects: input } : input);
    } catch (error) {
      if (!(error instanceof Error) || !("code" in error)) throw error;
      const { code, details } = error as ServiceError;
      this.#world.heard(details);
      return { status: status[code] as keyof typeof status, message: details };
    }
    throw new Error(`the mount went well: ${answer.files.map(({ path }) => path).join(", ")}`);
  }

  get #audience(): string {
    return this.#identity === "identity-binding" ? BINDING_AUDIENCE : WORKLOAD_AUDIENCE;
  }

  /** What the driver hands over for the pod to sign in with. */
  #proof(): Partial<VolumeToPublish> {
    switch (this.#identity) {
      case "workload-identity":
      case "identity-binding":
        return { serviceAccountTokens: this.tokens(this.serviceAccountToken()) ?? {} };
      case "service-principal":
        return { nodePublishSecret: { clientid: this.clientId, clientsecret: this.clientSecret } };
      case "managed-identity":
      case "pod-identity":
        return {};
    }
  }

  async #call(input: MountInput): Promise<MountAnswer> {
    const { deadlineMs, signal } = input;
    return await this.#world.provider.client.mount(this.request(input), {
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

/** Modes whose proof Entra ID itself checks; the application of any other has no credential of its own. */
const PROVING_MODES: ReadonlySet<PodIdentityMode> = new Set(["workload-identity", "service-principal"]);

function parametersOf(mode: PodIdentityMode, clientId: string): Record<string, string> {
  switch (mode) {
    case "workload-identity":
      return { clientID: clientId };
    case "service-principal":
      return {};
    case "managed-identity":
      return { useVMManagedIdentity: "true", userAssignedIdentityID: clientId };
    case "pod-identity":
      return { usePodIdentity: "true" };
    case "identity-binding":
      return { useAzureTokenProxy: "true", clientID: clientId };
  }
}
