import { expect } from "chai";
import { readPem } from "../../support/pem.js";
import { type Example, objectsOf, readExample } from "./example-files.js";
import { type ExampleSite, mountExample, type MountedVolume, prepareExample } from "./example-site.js";
import { decodedValue, storedValue } from "./example-seed.js";
import { type DeclaredContent, declaredFiles } from "./files-table.js";
import { mapsAt, nameOf, textAt, textMapAt } from "./manifest.js";
import { originOf } from "./plan-class.js";
import {
  mountsOf,
  pathsNamedBelow,
  podTemplatesOf,
  secretReferencesOf,
  secretReferencesOfIngress,
  serviceAccountOf,
} from "./pods.js";
import { secretOfSync, secretsOfClass, type SyncedSecret } from "./synced-secret.js";

/** Mounts everything that an example mounts, and holds what comes to what the example says and needs. */
export function describeExample(name: string, findSite: () => ExampleSite): void {
  describe(name, () => {
    const kinds = readExample(name).objects.map(({ value }) => value.kind);
    let example: Example;
    let volumes: MountedVolume[];
    before(async () => {
      const site = findSite();
      example = await prepareExample(name, site.world);
      volumes = await mountExample(example, site);
    });

    it("mounts the files that its comments name, with their modes and contents", () => {
      expect(volumes, "mounts").not.to.have.length(0);
      for (const volume of volumes) expectFilesAsDeclared(volume);
    });

    it("has each class mounted, and pods that find what they name", () => {
      const classes = objectsOf(example, "SecretProviderClass").map(({ value }) => nameOf(value));
      expect(classes.sort()).to.deep.equal(
        [...new Set(volumes.map(({ mount }) => mount.volume.secretProviderClass))].sort(),
      );
      volumes.forEach(expectPodSees);
      expectServiceAccounts(example);
    });

    const references = readExample(name).objects.flatMap(({ value }) => [
      ...podTemplatesOf(value).flatMap(secretReferencesOf),
      ...(value.kind === "Ingress" ? secretReferencesOfIngress(value) : []),
    ]);
    if (references.length > 0 || hasSecrets(name)) {
      it("makes the Secrets of its classes, with every key that anything asks for", () => {
        const secrets = secretsOf(volumes);
        expect(secrets, "Secrets").not.to.have.property("size", 0);
        for (const { secret, key, from } of references) {
          expect([...secrets.keys()], `Secrets, for ${from}`).to.include(secret);
          const keys = [...(secrets.get(secret)?.data.keys() ?? [])];
          if (key !== undefined) expect(keys, `keys of ${secret}, for ${from}`).to.include(key);
        }
      });
    }

    if (kinds.some((kind) => kind === "Service" || kind === "Ingress")) {
      it("leads its Ingress and its Services to pods of its own", () => {
        expectBackends(example);
      });
    }
  });
}

/** Whether the example asks driver or sync controller for a Secret. */
function hasSecrets(name: string): boolean {
  const example = readExample(name);
  const ofClasses = objectsOf(example, "SecretProviderClass").flatMap(({ value }) =>
    mapsAt(value, "spec", "secretObjects"),
  );
  return ofClasses.length + objectsOf(example, "SecretSync").length > 0;
}

function expectFilesAsDeclared({ mount, files, vault }: MountedVolume): void {
  const { place, text } = mount.secretProviderClass;
  const declared = declaredFiles(text);
  const modes = (table: ReadonlyMap<string, { mode: number }>): string[] =>
    [...table].map(([path, { mode }]) => `${path} ${mode.toString(8).padStart(4, "0")}`);
  expect(modes(files), `${place}, ${mount.title}`).to.deep.equal(modes(declared));
  for (const [path, { bytes }] of files) {
    const origin = originOf(path, mount.plan);
    if (origin === undefined) throw new Error(`${place}: no object makes ${path}`);
    const content = declared.get(path)?.content ?? "the value";
    const stored =
      content.startsWith("the value") || content.startsWith("PFX")
        ? storedValue(vault, origin.object, origin.index)
        : "";
    const where = `${place}: ${path} holds ${content}`;
    expectContent(content, bytes, { stored, decoded: decodedValue(stored, origin.object) }, where);
  }
}

function expectContent(
  content: DeclaredContent,
  bytes: Buffer,
  { stored, decoded }: { stored: string; decoded: Buffer },
  where: string,
): void {
  switch (content) {
    case "the value":
    case "PFX in base64":
      expect(bytes.toString(), where).to.equal(stored);
      break;
    case "the value, decoded":
    case "PFX":
      expect(bytes.equals(decoded), where).to.equal(true);
      expect(bytes.toString(), where).not.to.equal(stored);
      break;
    case "PUBLIC KEY":
    case "PRIVATE KEY":
    case "CERTIFICATE":
    case "PRIVATE KEY, CERTIFICATE":
      expect([...new Set(readPem(bytes.toString()).labels)].join(", "), where).to.equal(content);
  }
}

function expectPodSees({ mount, files }: MountedVolume): void {
  const { template, volumeName } = mount;
  if (template === undefined) return;
  const mounts = mountsOf(template, volumeName);
  expect(mounts, `${mount.title}: containers that mount it`).not.to.have.length(0);
  for (const { mountPath, subPath, isReadOnly } of mounts) {
    expect(isReadOnly, `${mount.title}: readOnly of the mount`).to.equal(true);
    const paths = [...files.keys()];
    if (subPath !== "") {
      expect(
        paths.some((path) => path === subPath || path.startsWith(`${subPath}/`)),
        `${mount.title}: subPath ${subPath} among ${paths.join(", ")}`,
      ).to.equal(true);
    }
    const seen = subPath === "" ? paths : [];
    expect(seen, `${mount.title}: files, of which the pod names some`).to.include.members(
      pathsNamedBelow(template, mountPath),
    );
  }
}

function expectServiceAccounts(example: Example): void {
  const made = objectsOf(example, "ServiceAccount").map(({ value }) => nameOf(value));
  const asked = [
    ...example.objects.flatMap(({ value }) => podTemplatesOf(value).map(serviceAccountOf)),
    ...objectsOf(example, "SecretSync").map(({ value }) => textAt(value, "spec", "serviceAccountName")),
  ].filter((account) => account !== "default");
  expect(made).to.include.members(asked);
}

/** The Secrets of an example; one that two classes would make is made of the same keys. */
function secretsOf(volumes: readonly MountedVolume[]): Map<string, SyncedSecret> {
  const secrets = new Map<string, SyncedSecret>();
  for (const { mount, files } of volumes) {
    const made =
      mount.secretSync === undefined
        ? secretsOfClass(mount.secretProviderClass.value, files)
        : [secretOfSync(mount.secretSync.value, files)];
    for (const secret of made) secrets.set(secret.name, secret);
  }
  return secrets;
}

function expectBackends(example: Example): void {
  const pods = example.objects.flatMap(({ value }) => podTemplatesOf(value));
  const services = new Map(objectsOf(example, "Service").map(({ value }) => [nameOf(value), value]));
  for (const [name, service] of services) {
    const selector = Object.entries(textMapAt(service, "spec", "selector"));
    const selected = pods.filter(({ labels }) => selector.every(([key, value]) => labels[key] === value));
    expect(selected, `pods of the Service ${name}`).not.to.have.length(0);
  }
  for (const { value } of objectsOf(example, "Ingress")) {
    const backends = mapsAt(value, "spec", "rules").flatMap((rule) =>
      mapsAt(rule, "http", "paths").map((path) => ({
        service: textAt(path, "backend", "service", "name"),
        port: textAt(path, "backend", "service", "port", "name"),
      })),
    );
    expect(backends, "backends").not.to.have.length(0);
    for (const { service, port } of backends) {
      const ports = mapsAt(services.get(service), "spec", "ports").map((each) => textAt(each, "name"));
      expect(ports, `ports of the Service ${service}`).to.include(port);
    }
  }
}
