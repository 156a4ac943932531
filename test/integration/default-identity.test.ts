import { expect } from "chai";
import { startEmulator, type Emulator } from "../../emulator/emulator.js";
import { secretYaml } from "../support/objects-yaml.js";
import { World } from "../support/world.js";

const TENANT = "3f0c5a9e-66c7-4b0b-8a55-1d0b8a5f7e21";
const CLIENT = "77d6a0f4-1c1d-4a2f-9d43-0e6a5b1c2d3e";
const OBJECTS = secretYaml("password");

describe("defaults of the installation", () => {
  let emulator: Emulator;
  let world: World;
  before(async () => {
    emulator = await startEmulator();
    world = await World.start({
      sharedEmulator: emulator,
      flags: [`--default-tenant-id=${TENANT}`, "--default-client-id", CLIENT],
    });
  });
  after(async () => {
    await world.stop();
    await emulator.close();
  });

  it("--default-tenant-id is the tenant of a class that names none, and a class that names one wins", async () => {
    const pod = world.pod();
    const value = pod.plantSecret("password");
    expect((await pod.mount(OBJECTS)).files.get("password")?.text).to.equal(value);
    const { status, message } = await pod.mountError({
      objects: OBJECTS,
      parameters: { tenantID: undefined },
    });
    expect(status).to.equal("UNAUTHENTICATED");
    expect(message).to.include(`in tenant ${TENANT}`);
  });

  it("--default-client-id is the client of a class that chooses no identity, proven by the pod's own token", async () => {
    const pod = world.pod();
    const value = pod.plantSecret("password");
    const parameters = { clientID: undefined };
    // In the pod's tenant the application of the installation trusts this pod's service account.
    const application = emulator.entra.tenant(pod.tenantId).application({
      clientId: CLIENT,
      federated: [{ issuer: world.issuerUrl, subject: pod.subject, audience: "api://AzureADTokenExchange" }],
    });
    pod.vault.grantAll(CLIENT);
    expect((await pod.mount({ objects: OBJECTS, parameters })).files.get("password")?.text).to.equal(value);

    // Another service account that names nothing gets nothing, though the values are in memory.
    const stranger = pod.serviceAccountToken({ serviceAccount: "stranger" });
    const { status, message } = await pod.mountError({
      objects: OBJECTS,
      parameters,
      volume: { serviceAccountTokens: pod.tokens(stranger) ?? {} },
    });
    expect(status).to.equal("UNAUTHENTICATED");
    expect(message).to.include(CLIENT).and.to.include("AADSTS");
    application.replaceCredentials({});
  });

  it("a Secret of nodePublishSecretRef goes on to be the service principal", async () => {
    const pod = world.pod({ identity: "service-principal" });
    const value = pod.plantSecret("password");
    expect((await pod.mount(OBJECTS)).files.get("password")?.text).to.equal(value);
  });

  it("a pod without a token is told what has always been said", async () => {
    const { message } = await world.pod().mountError({
      objects: OBJECTS,
      parameters: { clientID: undefined },
      volume: { serviceAccountTokens: {} },
    });
    expect(message).to.include("failed to get credentials, nodePublishSecretRef secret is not set");
  });
});
