import { randomBytes, randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { validateFiles } from "../../../driver/volume.js";
import { buildMountRequest, type ServiceAccountToken } from "../../../driver/mount-request.js";
import type { CustomCloud } from "../../../emulator/clouds.js";
import type { Application, VaultDouble } from "../../../emulator/emulator.js";
import { BINDING_AUDIENCE, WORKLOAD_AUDIENCE } from "../../support/pod.js";
import { plant } from "../../support/secrecy.js";
import type { World } from "../../support/world.js";
import { type Example, exampleNames, objectsOf, PLACEHOLDER, readExample } from "./example-files.js";
import { type ExampleMount, mountsOfExample, NAMESPACE } from "./example-mounts.js";
import { identitiesBoundTo } from "./example-rights.js";
import { seedMount } from "./example-seed.js";
import { isMap, textMapAt } from "./manifest.js";

/** Where examples are mounted. */
export interface ExampleSite {
  readonly world: World;
  /** Lets the pod have the identity by servers of a node or a cluster. Throws where the example does not bind it. */
  readonly bind?: (example: Example, mount: ExampleMount, application: Application) => void;
}

/** One Mount of an example, and what came of it. */
export interface MountedVolume {
  readonly mount: ExampleMount;
  readonly vault: VaultDouble;
  /** By path. */
  readonly files: ReadonlyMap<string, { readonly mode: number; readonly bytes: Buffer }>;
}

/** Reads an example with vaults, tenant, clients and client secrets of its own. */
export async function prepareExample(name: string, { folder }: World): Promise<Example> {
  const names = new Map<string, string>();
  const put = (placeholders: readonly string[], make: () => string): void => {
    for (const placeholder of placeholders) names.set(placeholder, make());
  };
  put(PLACEHOLDER.vaults, () => `kv-${randomBytes(6).toString("hex")}`);
  put([...PLACEHOLDER.tenants, ...PLACEHOLDER.clients], randomUUID);
  put(PLACEHOLDER.clientSecrets, () => plant("client-secret"));
  for (const { inPod, text } of environmentFilesOf(readExample(name))) {
    const file = path.join(folder, `${name}-environment.json`);
    await writeFile(file, text);
    names.set(inPod, file);
  }
  return readExample(name, names);
}

/** Seeds, signs the pods' service accounts up, and mounts everything that the example mounts, one after another. */
export async function mountExample(example: Example, site: ExampleSite): Promise<MountedVolume[]> {
  const mounted: MountedVolume[] = [];
  for (const mount of mountsOfExample(example)) {
    const { world } = site;
    const { plan } = mount;
    const application = signUp(example, mount, site);
    const vault = world.emulator.vault(plan.vaultName, {
      tenantId: plan.tenantId,
      ...(plan.cloud.name === "AzureStackCloud" ? { suffix: cloudsOf(example)[0]?.vaultSuffix ?? "" } : {}),
    });
    seedMount(mount, vault, application.clientId);
    const request = buildMountRequest(mount.parameters, {
      ...mount.volume,
      serviceAccountTokens: tokensFor(mount, world),
    });
    const { files } = await world.provider.client.mount(request);
    validateFiles(files);
    mounted.push({
      mount,
      vault,
      files: new Map(
        files.map((file) => [file.path, { mode: file.mode, bytes: Buffer.from(file.contents) }]),
      ),
    });
  }
  return mounted;
}

/** The clouds of all examples, for the emulator. */
export function cloudsOfExamples(): CustomCloud[] {
  return exampleNames().flatMap((name) => cloudsOf(readExample(name)));
}

function signUp(example: Example, mount: ExampleMount, { world, bind }: ExampleSite): Application {
  const { identity, tenantId } = mount.plan;
  const tenant = world.emulator.entra.tenant(tenantId);
  switch (identity.mode) {
    case "workload-identity": {
      const subject = `system:serviceaccount:${NAMESPACE}:${mount.volume.serviceAccountName}`;
      const federated = [{ issuer: world.issuerUrl, subject, audience: WORKLOAD_AUDIENCE }];
      const application = tenant.application({ clientId: identity.clientId });
      application.replaceCredentials({ federated });
      return application;
    }
    case "service-principal": {
      const application = tenant.application({ clientId: identity.clientId });
      application.replaceCredentials({ secrets: [identity.clientSecret.reveal()] });
      return application;
    }
    case "managed-identity":
    case "pod-identity":
    case "identity-binding": {
      if (bind === undefined) throw new Error(`example ${example.name} needs test/netns`);
      const clientId = clientIdOnNode(example, mount);
      const application = tenant.application({ clientId });
      bind(example, mount, application);
      return application;
    }
  }
}

/** The client that the node's or the cluster's own servers are to sign in; the node's own has an id that nobody writes. */
function clientIdOnNode(example: Example, { plan: { identity }, template }: ExampleMount): string {
  switch (identity.mode) {
    case "identity-binding":
      return identity.clientId;
    case "managed-identity":
      return identity.userAssignedIdentityId || randomUUID();
    case "workload-identity":
    case "service-principal":
    case "pod-identity": {
      const [clientId] = identitiesBoundTo(example, template?.name ?? "");
      if (clientId === undefined) throw new Error(`example ${example.name} binds no identity to its pod`);
      return clientId;
    }
  }
}

/** What the kubelet brings to the driver, and what the sync controller asks for by itself. */
function tokensFor({ volume, template }: ExampleMount, world: World): Record<string, ServiceAccountToken> {
  const audiences = template === undefined ? [WORKLOAD_AUDIENCE] : [WORKLOAD_AUDIENCE, BINDING_AUDIENCE];
  const expirationTimestamp = new Date(Date.now() + 3_600_000).toISOString();
  return Object.fromEntries(
    audiences.map((audience) => {
      const token = world.emulator.entra.issuer(world.issuerUrl).serviceAccountToken({
        namespace: volume.podNamespace,
        serviceAccount: volume.serviceAccountName,
        audience,
        ...(template === undefined ? {} : { podName: volume.podName, podUid: volume.podUid }),
      });
      return [audience, { token, expirationTimestamp }];
    }),
  );
}

function cloudsOf(example: Example): CustomCloud[] {
  return environmentFilesOf(example).map(({ text }) => {
    const settings: unknown = JSON.parse(text);
    const { activeDirectoryEndpoint = "", keyVaultDNSSuffix = "" } = settings as Record<string, string>;
    return { authorityHosts: [new URL(activeDirectoryEndpoint).hostname], vaultSuffix: keyVaultDNSSuffix };
  });
}

/** The files that classes name by cloudEnvFileName: their path in the provider's pod, and their text of a ConfigMap. */
function environmentFilesOf(example: Example): { inPod: string; text: string }[] {
  const shipped = objectsOf(example, "ConfigMap").flatMap(({ value }) =>
    isMap(value["data"]) ? Object.entries(textMapAt(value, "data")) : [],
  );
  return objectsOf(example, "SecretProviderClass").flatMap(({ value }) => {
    const { cloudEnvFileName: inPod } = textMapAt(value, "spec", "parameters");
    if (inPod === undefined) return [];
    // Renamed already, the name holds the example's own.
    const text = shipped.find(([key]) => path.basename(inPod).endsWith(key))?.[1];
    if (text === undefined) throw new Error(`example ${example.name}: no ConfigMap brings ${inPod}`);
    return [{ inPod, text }];
  });
}
