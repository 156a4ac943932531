import { expect } from "chai";
import http from "node:http";
import { startEmulator, type Emulator } from "../../emulator/emulator.js";
import type { EntraDirectory } from "../../emulator/entra/directory.js";
import type { Principal } from "../../emulator/entra/principal.js";
import { KNOWN_CLOUDS } from "../../emulator/clouds.js";
import { checkAccessToken } from "../../emulator/vault/token-check.js";
import { startNmi, type NmiDouble } from "../../emulator/nmi/nmi-double.js";

const TENANT = "6f1b4f0a-0000-4000-8000-000000000002";
const CLIENT = "33333333-0000-4000-8000-000000000001";
const RESOURCE = "https://vault.azure.net";
const POD = { namespace: "shop", name: "web-0" };

describe("emulator/nmi startNmi", () => {
  let emulator: Emulator;
  let directory: EntraDirectory;
  let nmi: NmiDouble;
  let identity: Principal;

  before(async () => {
    emulator = await startEmulator();
    directory = emulator.entra;
    identity = directory.tenant(TENANT).application({ clientId: CLIENT }).principal;
  });
  after(() => emulator.close());
  beforeEach(async () => {
    nmi = await startNmi({ directory });
  });
  afterEach(() => nmi.close());

  const get = (
    headers: Record<string, string>,
    target = `/host/token/?resource=${RESOURCE}`,
    localAddress = "127.0.0.1",
  ): Promise<{ status: number; type: string; text: string }> =>
    new Promise((resolve, reject) => {
      const options = { host: "127.0.0.1", port: nmi.port, path: target, headers, localAddress };
      http
        .get(options, (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          response.on("end", () => {
            resolve({ status: response.statusCode ?? 0, type: response.headers["content-type"] ?? "", text });
          });
        })
        .on("error", reject);
    });
  const POD_HEADERS = { podname: POD.name, podns: POD.namespace };

  it("gives a token of the pod's identity that a vault accepts, with numbers as Go writes them", async () => {
    nmi.assign(POD, identity);
    const { status, type, text } = await get(POD_HEADERS);
    expect([status, type]).to.deep.equal([200, "application/json"]);
    const body = JSON.parse(text) as { clientid: string; token: Record<string, unknown> };
    expect(body.clientid).to.equal(CLIENT);
    expect(body.token).to.deep.include({ refresh_token: "", resource: RESOURCE, token_type: "Bearer" });
    expect(body.token["expires_on"]).to.be.a("number");
    const [cloud] = KNOWN_CLOUDS;
    if (cloud === undefined) throw new Error("no cloud");
    const verdict = await checkAccessToken(
      String(body.token["access_token"]),
      { cloud, tenantId: TENANT },
      directory,
      Date.now(),
    );
    expect(verdict).to.have.nested.property("principal.clientId", CLIENT);
  });

  it("says 404 while the identity is being assigned, 403 before and after", async () => {
    expect((await get(POD_HEADERS)).status).to.equal(403);
    nmi.beginAssigning(POD);
    const created = await get(POD_HEADERS);
    expect([created.status, created.type]).to.deep.equal([404, "text/plain; charset=utf-8"]);
    expect(created.text).to.match(
      /^getting assigned identities for pod shop\/web-0 in ASSIGNED state failed/,
    );
    nmi.assign(POD, identity);
    expect((await get(POD_HEADERS)).status).to.equal(200);
    nmi.unassign(POD);
    const gone = await get(POD_HEADERS);
    expect(gone.status).to.equal(403);
    expect(gone.text).to.contain("in CREATED state failed");
  });

  it("keeps pods of one name in two namespaces apart", async () => {
    nmi.assign(POD, identity);
    expect((await get({ podname: "web-0", podns: "other" })).status).to.equal(403);
  });

  const refusals = [
    { name: "no pod name", headers: { podns: "shop" }, status: 400, text: /missing 'podname'/ },
    { name: "no namespace", headers: { podname: "web-0" }, status: 400, text: /missing 'podname'/ },
    { name: "no resource", target: "/host/token/", status: 400, text: /resource cannot be empty/ },
    { name: "another path", target: "/metadata/x", status: 404, text: /404 page not found/ },
    { name: "another machine", localAddress: "127.0.0.2", status: 500, text: /not from a host/ },
  ];
  for (const { name, headers = POD_HEADERS, target, localAddress, status, text } of refusals) {
    it(`refuses ${name}`, async () => {
      nmi.assign(POD, identity);
      const answered = await get(headers, target, localAddress);
      expect(answered.status).to.equal(status);
      expect(answered.text).to.match(text);
    });
  }

  it("plays faults in its own words", async () => {
    nmi.assign(POD, identity);
    nmi.faults.add({ kind: "throttled" }, { times: 1 });
    const throttled = await get(POD_HEADERS);
    expect([throttled.status, throttled.text]).to.deep.equal([429, "too many requests\n"]);
    expect((await get(POD_HEADERS)).status).to.equal(200);
  });
});
