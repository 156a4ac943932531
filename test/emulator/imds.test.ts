import { expect } from "chai";
import { startEmulator, type Emulator } from "../../emulator/emulator.js";
import type { EntraDirectory } from "../../emulator/entra/directory.js";
import type { Principal } from "../../emulator/entra/principal.js";
import { KNOWN_CLOUDS } from "../../emulator/clouds.js";
import { checkAccessToken } from "../../emulator/vault/token-check.js";
import { startImds, type ImdsDouble } from "../../emulator/imds/imds-double.js";

const TENANT = "6f1b4f0a-0000-4000-8000-000000000001";
const RESOURCE = "https://vault.azure.net";
const SYSTEM = "11111111-0000-4000-8000-000000000001";
const USER_A = "22222222-0000-4000-8000-00000000000a";
const USER_B = "22222222-0000-4000-8000-00000000000b";

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

describe("emulator/imds startImds", () => {
  let nowMs = 0;
  let emulator: Emulator;
  let directory: EntraDirectory;
  let imds: ImdsDouble;

  const principal = (clientId: string): Principal =>
    directory.tenant(TENANT).application({ clientId }).principal;
  const get = async (
    query: Record<string, string>,
    headers: Record<string, string> = { Metadata: "true" },
    path = "/metadata/identity/oauth2/token",
    method = "GET",
  ): Promise<Answered> => {
    const url = `${imds.origin}${path}?${new URLSearchParams(query).toString()}`;
    const response = await fetch(url, { headers, method });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  };
  const token = (query: Record<string, string> = {}): Promise<Answered> =>
    get({ "api-version": "2018-02-01", resource: RESOURCE, ...query });

  before(async () => {
    emulator = await startEmulator({ now: () => nowMs });
    directory = emulator.entra;
  });
  after(() => emulator.close());
  beforeEach(async () => {
    nowMs = Date.now();
    imds = await startImds({ directory, now: () => nowMs });
  });
  afterEach(() => imds.close());

  it("gives a token of the system-assigned identity that a vault accepts", async () => {
    imds.identities.assignSystem(principal(SYSTEM));
    const { status, headers, body } = await token();
    expect(status).to.equal(200);
    expect(headers.get("content-type")).to.equal("application/json; charset=utf-8");
    expect(headers.get("server")).to.match(/^IMDS\//);
    const expiresOn = Math.floor(nowMs / 1000) + 86_400;
    expect(body).to.deep.include({
      client_id: SYSTEM,
      expires_in: "86400",
      expires_on: String(expiresOn),
      resource: RESOURCE,
      token_type: "Bearer",
    });
    const [cloud] = KNOWN_CLOUDS;
    if (cloud === undefined) throw new Error("no cloud");
    const verdict = await checkAccessToken(
      String(body["access_token"]),
      { cloud, tenantId: TENANT },
      directory,
      nowMs,
    );
    expect(verdict).to.have.nested.property("principal.clientId", SYSTEM);
  });

  it("tells several identities apart by client id, in any case, and by resource id", async () => {
    imds.identities.assignSystem(principal(SYSTEM));
    imds.identities.assignUser(principal(USER_A), "a");
    const resourceId = imds.identities.assignUser(principal(USER_B), "b");
    expect((await token()).body["client_id"]).to.equal(SYSTEM);
    expect((await token({ client_id: USER_A.toUpperCase() })).body["client_id"]).to.equal(USER_A);
    expect((await token({ msi_res_id: resourceId })).body["client_id"]).to.equal(USER_B);
  });

  it("gives the only user-assigned identity to a request that names none", async () => {
    imds.identities.assignUser(principal(USER_A));
    expect((await token()).body["client_id"]).to.equal(USER_A);
  });

  it("gives the same token until five minutes before its end", async () => {
    imds.identities.assignSystem(principal(SYSTEM));
    const first = (await token()).body;
    nowMs += (86_400 - 301) * 1000;
    const second = (await token()).body;
    expect(second["access_token"]).to.equal(first["access_token"]);
    expect(second["expires_in"]).to.equal("301");
    nowMs += 1000;
    expect((await token()).body["access_token"]).to.not.equal(first["access_token"]);
  });

  const refusals: {
    readonly name: string;
    readonly ask: () => Promise<Answered>;
    readonly status: number;
    readonly error: string;
    readonly description: RegExp;
  }[] = [
    {
      name: "an identity that the machine does not have",
      ask: () => token({ client_id: USER_B }),
      status: 400,
      error: "invalid_request",
      description: /^Identity not found$/,
    },
    {
      name: "a resource id as client id",
      ask: () => token({ client_id: "/subscriptions/x/resourceGroups/y" }),
      status: 400,
      error: "invalid_request",
      description: /^Identity not found$/,
    },
    {
      name: "no header Metadata",
      ask: () => get({ "api-version": "2018-02-01", resource: RESOURCE }, {}),
      status: 400,
      error: "invalid_request",
      description: /metadata header not specified/,
    },
    {
      name: "a forwarded request",
      ask: () =>
        get(
          { "api-version": "2018-02-01", resource: RESOURCE },
          { Metadata: "true", "X-Forwarded-For": "10.1.2.3" },
        ),
      status: 400,
      error: "invalid_request",
      description: /X-Forwarded-For/,
    },
    {
      name: "no api-version",
      ask: () => get({ resource: RESOURCE }),
      status: 400,
      error: "invalid_request",
      description: /api-version/,
    },
    {
      name: "no resource",
      ask: () => get({ "api-version": "2018-02-01" }),
      status: 400,
      error: "invalid_request",
      description: /^Required audience parameter not specified$/,
    },
    {
      name: "a resource of another cloud",
      ask: () => token({ resource: "https://vault.azure.cn" }),
      status: 400,
      error: "invalid_resource",
      description: /^AADSTS500011: .*https:\/\/vault\.azure\.cn/,
    },
    {
      name: "another path",
      ask: () => get({}, { Metadata: "true" }, "/metadata/instance"),
      status: 404,
      error: "not_found",
      description: /not found/,
    },
    {
      name: "another method",
      ask: () => get({}, { Metadata: "true" }, "/metadata/identity/oauth2/token", "DELETE"),
      status: 405,
      error: "invalid_request",
      description: /DELETE/,
    },
  ];
  for (const { name, ask, status, error, description } of refusals) {
    it(`refuses ${name}`, async () => {
      imds.identities.assignUser(principal(USER_A));
      const answered = await ask();
      expect([answered.status, answered.body["error"]]).to.deep.equal([status, error]);
      expect(answered.body["error_description"]).to.match(description);
    });
  }

  it("does not choose between several user-assigned identities", async () => {
    imds.identities.assignUser(principal(USER_A), "a");
    imds.identities.assignUser(principal(USER_B), "b");
    const { status, body } = await token();
    expect(status).to.equal(400);
    expect(body["error_description"]).to.match(/^Multiple user assigned identities exist/);
  });

  it("forgets an identity that is taken away", async () => {
    imds.identities.assignSystem(principal(SYSTEM));
    imds.identities.assignUser(principal(USER_A));
    imds.identities.removeSystem();
    imds.identities.removeUser(USER_A);
    expect((await token()).body["error_description"]).to.equal("Identity not found");
  });

  it("plays faults, in its own words, and counts requests", async () => {
    imds.identities.assignSystem(principal(SYSTEM));
    imds.faults.add({ kind: "throttled", retryAfterSeconds: 7 }, { times: 1 });
    imds.faults.add({ kind: "unavailable" }, { times: 1 });
    imds.faults.add({ kind: "answer", status: 410, body: { error: "gone" } }, { times: 1 });
    const throttled = await token();
    expect([throttled.status, throttled.headers.get("retry-after")]).to.deep.equal([429, "7"]);
    expect(throttled.body["error"]).to.equal("too_many_requests");
    expect((await token()).status).to.equal(503);
    expect((await token()).status).to.equal(410);
    expect((await token()).status).to.equal(200);
    expect(imds.requests.map(({ status, faults }) => [status, ...faults])).to.deep.equal([
      [429, "throttled"],
      [503, "unavailable"],
      [410, "answer"],
      [200],
    ]);
    expect(imds.requests[0]?.query).to.deep.equal({ "api-version": "2018-02-01", resource: RESOURCE });
  });
});
