import { mkdtemp, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildMountRequest, type VolumeToPublish } from "../driver/mount-request.js";
import { readSecretProviderClasses, type SecretProviderClass } from "../driver/secret-provider-class.js";
import { writeVolume } from "../driver/volume.js";
import { startEmulator } from "../emulator/emulator.js";
import { ProviderProcess } from "../test/support/provider-process.js";
import { describeAnswer, describeChange, describeRequests, describeTree, indent } from "./report.js";
import { seedVault } from "./seed.js";

/** The pod of manifests/examples/workload-identity/deployment.yaml. */
const POD = {
  podName: "shop-6c9f7d5b8-x2x7q",
  podNamespace: "default",
  podUid: "1f0b6f0e-3f0c-4a53-8d3e-5f2a6d1c9b7a",
  serviceAccountName: "shop",
} as const;
const AUDIENCE = "api://AzureADTokenExchange";
const TOKEN_LIFETIME_SECONDS = 3600;
const CACHE_TTL_SECONDS = 2;

/**
 * Runs the main job end to end: an embedded Key Vault, the built provider as a process of its own, and the stock
 * driver's calls on its socket; mounts, mounts again, rotates a secret, mounts a third time.
 * @param manifest - YAML with one SecretProviderClass
 * @returns the exit code: 0 when all mounts went well and the rotated secret was seen
 */
export async function runDemo(manifest: string, print: (line: string) => void): Promise<number> {
  const [secretProviderClass] = readSecretProviderClasses(manifest);
  if (secretProviderClass === undefined) throw new Error("the manifest holds no SecretProviderClass");
  const folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-demo-"));
  const volumeFolder = path.join(folder, "volume");
  const caFile = path.join(folder, "ca.pem");

  const emulator = await startEmulator();
  try {
    const { vault, issuer } = seedVault(emulator, secretProviderClass);
    await writeFile(caFile, emulator.caPem);
    print(`An embedded Key Vault plays ${vault.url} and login.microsoftonline.com.`);

    const provider = await ProviderProcess.start({
      // An ordinary environment: the vault's names are reached through a proxy, its certificates signed by an own CA.
      flags: [`--object-cache-ttl=${CACHE_TTL_SECONDS}s`],
      env: {
        HTTPS_PROXY: `http://127.0.0.1:${emulator.proxyPort}`,
        NODE_EXTRA_CA_CERTS: caFile,
      },
    });
    try {
      const { runtimeName, runtimeVersion } = await provider.client.version();
      print(`The provider, ${runtimeName} ${runtimeVersion}, serves ${provider.socketPath}.`);
      print("");

      const volume: VolumeToPublish = {
        ...POD,
        secretProviderClass: secretProviderClass.name,
        targetPath: volumeFolder,
        serviceAccountTokens: {
          [AUDIENCE]: {
            token: issuer.serviceAccountToken({
              namespace: POD.podNamespace,
              serviceAccount: POD.serviceAccountName,
              audience: AUDIENCE,
              expiresInSeconds: TOKEN_LIFETIME_SECONDS,
              podName: POD.podName,
              podUid: POD.podUid,
            }),
            expirationTimestamp: new Date(Date.now() + TOKEN_LIFETIME_SECONDS * 1000).toISOString(),
          },
        },
      };
      const mountOnce = async (): Promise<ReadonlyMap<string, string>> =>
        await mountAndShow({ provider, secretProviderClass, volume, emulator, print });

      print(`Mount of class "${secretProviderClass.name}" for pod ${POD.podNamespace}/${POD.podName}`);
      const before = await mountOnce();

      print("");
      print("The kubelet asks for the same volume again at once: what was read a moment ago will do.");
      await mountOnce();

      print("");
      print(
        `database-password gets a new version in the vault; ${CACHE_TTL_SECONDS} s later the kubelet asks again.`,
      );
      print(`(--object-cache-ttl is ${CACHE_TTL_SECONDS}s here, so that nobody waits; its default is 60s.)`);
      vault.setSecret("database-password", "a-new-and-better-password");
      await sleep(CACHE_TTL_SECONDS * 1000);
      const after = await mountOnce();
      print(indent("What changed:"));
      const changes = describeChange(before, after);
      for (const line of changes) print(indent(indent(line)));
      if (changes.length === 0) {
        print(indent("nothing, though the secret did: that is a bug of the provider"));
        return 1;
      }
    } finally {
      await provider.stop();
    }
  } finally {
    await emulator.close();
  }
  print("");
  print(`The pod's files stay in ${volumeFolder} for you to look at. Nothing else is left running.`);
  return 0;
}

interface MountToShow {
  readonly provider: ProviderProcess;
  readonly secretProviderClass: SecretProviderClass;
  readonly volume: VolumeToPublish;
  readonly emulator: Awaited<ReturnType<typeof startEmulator>>;
  readonly print: (line: string) => void;
}

/** Calls Mount as the driver does, writes the volume and prints what the pod sees. @returns id → version */
async function mountAndShow(step: MountToShow): Promise<ReadonlyMap<string, string>> {
  const { provider, secretProviderClass, volume, emulator, print } = step;
  emulator.requests.reset();
  const startedAtMs = performance.now();
  const answer = await provider.client.mount(buildMountRequest(secretProviderClass.parameters, volume));
  const durationMs = performance.now() - startedAtMs;
  const changed = await writeVolume(volume.targetPath, answer.files);

  print(
    indent(
      `answered in ${durationMs.toFixed(0)} ms; the volume ${changed ? "was written" : "stayed as it was"}:`,
    ),
  );
  for (const line of await describeTree(volume.targetPath)) print(indent(indent(line)));
  print(indent("Objects and the versions that were read:"));
  for (const line of describeAnswer(answer.objectVersions)) print(indent(indent(line)));
  print(indent("What Key Vault and Entra ID were asked:"));
  for (const line of describeRequests(emulator.requests)) print(indent(indent(line)));
  return answer.objectVersions;
}
