import { expect } from "chai";
import { grpc } from "../../provider-proto/generated/messages.js";
import { RawClient } from "../support/raw-client.js";
import { World } from "../support/world.js";

const { HealthCheckRequest, HealthCheckResponse, HealthListRequest, HealthListResponse } = grpc.health.v1;
const { SERVING, SERVICE_UNKNOWN } = HealthCheckResponse.ServingStatus;

describe("health", () => {
  let world: World;
  let raw: RawClient;
  before(async () => {
    world = await World.start();
    raw = new RawClient(`unix:${world.provider.socketPath}`);
  });
  after(async () => {
    raw.close();
    await world.stop();
  });

  const asking = (service: string): Uint8Array => HealthCheckRequest.encode({ service }).finish();

  describe("grpc.health.v1.Health", () => {
    for (const service of ["", "v1alpha1.CSIDriverProvider"]) {
      it(`Check of ${JSON.stringify(service)} is SERVING`, async () => {
        const answer = await raw.unary("/grpc.health.v1.Health/Check", asking(service));
        expect(answer.status).to.equal("OK");
        expect(HealthCheckResponse.decode(answer.bytes).status).to.equal(SERVING);
      });
    }

    it("Check of a service that nobody has is NOT_FOUND", async () => {
      expect((await raw.unary("/grpc.health.v1.Health/Check", asking("other"))).status).to.equal("NOT_FOUND");
    });

    it("Watch tells the state at once", async () => {
      const first = await raw.firstOf("/grpc.health.v1.Health/Watch", asking(""));
      expect(HealthCheckResponse.decode(first).status).to.equal(SERVING);
    });

    it("Watch of a service that nobody has is SERVICE_UNKNOWN", async () => {
      const first = await raw.firstOf("/grpc.health.v1.Health/Watch", asking("other"));
      expect(HealthCheckResponse.decode(first).status).to.equal(SERVICE_UNKNOWN);
    });

    it("List tells of every service", async () => {
      const answer = await raw.unary("/grpc.health.v1.Health/List", HealthListRequest.encode({}).finish());
      const { statuses } = HealthListResponse.decode(answer.bytes);
      expect(Object.values(statuses).map(({ status }) => status)).to.deep.equal([SERVING, SERVING]);
    });
  });

  describe("over HTTP", () => {
    const get = async (path: string, method = "GET"): Promise<[status: number, body: string]> => {
      const answer = await fetch(`http://127.0.0.1:${world.provider.healthzPort}${path}`, { method });
      return [answer.status, await answer.text()];
    };
    const cases: [path: string, method: string, status: number, body?: string][] = [
      ["/healthz", "GET", 200, "ok"],
      ["/healthz?verbose", "GET", 200, "ok"],
      ["/healthz", "HEAD", 200, ""],
      ["/readyz", "GET", 200, "ok"],
      ["/healthz", "POST", 405],
      ["/", "GET", 404],
      ["/metrics", "GET", 404],
      ["/healthz/../metrics", "GET", 404],
    ];
    for (const [path, method, status, body] of cases) {
      it(`${method} ${path} is ${status}`, async () => {
        const answer = await get(path, method);
        expect(answer[0]).to.equal(status);
        if (body !== undefined) expect(answer[1]).to.equal(body);
      });
    }
  });
});
