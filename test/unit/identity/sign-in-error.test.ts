import { expect } from "chai";
import type { ErrorCode } from "../../../src/errors/codes.js";
import type { Refusal } from "../../../src/identity/refusal.js";
import type { Attempt } from "../../../src/identity/remedies.js";
import { explainRefusal, explainSilence, explainUselessAnswer } from "../../../src/identity/sign-in-error.js";
import { NetworkError, type NetworkErrorKind } from "../../../src/network/network-error.js";

const WORKLOAD: Attempt = {
  mode: "workload-identity",
  clientId: "c-1",
  tenantId: "t-1",
  cloudName: "AzurePublicCloud",
  scope: "https://vault.azure.net/.default",
  claims: {
    issuer: "https://i/",
    subject: "system:serviceaccount:a:b",
    audience: "api://AzureADTokenExchange",
  },
};
const PRINCIPAL: Attempt = {
  ...WORKLOAD,
  clientId: "6c7ab642-b762-4203-af28-beea10fbcb34",
  mode: "service-principal",
  claims: undefined,
};

function refusal(status: number, aadsts?: number, text = ""): Refusal {
  const code = aadsts === undefined ? undefined : `AADSTS${String(aadsts)}`;
  return { host: "login.example", status, code, aadsts, text, correlationId: "c", traceId: "t" };
}

describe("identity/sign-in-error explainRefusal", () => {
  const PRESENTED =
    'issuer "https://i/", subject "system:serviceaccount:a:b", audience "api://AzureADTokenExchange"';
  const cases: { status: number; aadsts?: number; attempt?: Attempt; code: ErrorCode; words: string }[] = [
    ...[70021, 700211, 700212, 700213, 7002138].map((aadsts) => ({
      status: 401,
      aadsts,
      code: "SIGN_IN_REJECTED" as const,
      words: `no federated identity credential of this client matches the pod's token; add or correct one with ${PRESENTED}`,
    })),
    {
      status: 401,
      aadsts: 700213,
      attempt: { ...WORKLOAD, claims: undefined },
      code: "SIGN_IN_REJECTED",
      words: "add or correct one with the issuer, subject and audience of the pod's token",
    },
    { status: 401, aadsts: 700024, code: "SIGN_IN_REJECTED", words: "check the node's clock" },
    {
      status: 400,
      aadsts: 50013,
      code: "SIGN_IN_REJECTED",
      words: `are those of this cluster (${PRESENTED})`,
    },
    { status: 400, aadsts: 50166, code: "SIGN_IN_REJECTED", words: "make the cluster's OIDC issuer public" },
    {
      status: 400,
      aadsts: 700016,
      attempt: PRINCIPAL,
      code: "SIGN_IN_REJECTED",
      words: 'check the key "clientid" of the Secret that nodePublishSecretRef names and tenantID',
    },
    { status: 400, aadsts: 53003, code: "SIGN_IN_REJECTED", words: "a Conditional Access policy blocks" },
    {
      status: 400,
      aadsts: 999999,
      code: "SIGN_IN_REJECTED",
      words: "check clientID, tenantID and the identity's credentials in Entra ID",
    },
    { status: 429, code: "SIGN_IN_THROTTLED", words: "too many sign-ins" },
    { status: 400, aadsts: 50196, code: "SIGN_IN_THROTTLED", words: "too many sign-ins" },
    { status: 429, aadsts: 700016, code: "SIGN_IN_THROTTLED", words: "too many sign-ins" },
    { status: 500, code: "SIGN_IN_FAILED", words: "the authority is out of order" },
    { status: 503, aadsts: 90033, code: "SIGN_IN_FAILED", words: "the authority is out of order" },
    { status: 408, code: "SIGN_IN_FAILED", words: "the authority is out of order" },
    {
      status: 404,
      code: "SIGN_IN_REJECTED",
      words: "(not the authority's own words: perhaps a proxy answered for it)",
    },
  ];
  for (const { status, aadsts, attempt = WORKLOAD, code, words } of cases) {
    it(`HTTP ${String(status)} ${aadsts === undefined ? "" : `AADSTS${String(aadsts)}`} is ${code}: ${words.slice(0, 50)}`, () => {
      const error = explainRefusal(refusal(status, aadsts), attempt);
      expect(error.code).to.equal(code);
      expect(error.message)
        .to.include(words)
        .and.include(`HTTP ${String(status)}`);
      if (aadsts !== undefined) expect(error.message).to.include(` AADSTS${String(aadsts)}: `);
      expect(error).to.include({ httpStatus: status, serviceId: "c" });
    });
  }

  it("puts everything together", () => {
    expect(explainRefusal(refusal(401, 7000222, "It has expired."), PRINCIPAL).message).to.equal(
      "sign-in of client 6c7ab642-b762-4203-af28-beea10fbcb34 in tenant t-1 was refused by login.example with HTTP 401 AADSTS7000222: the client secret has " +
        "expired; make a new one and update the Secret that nodePublishSecretRef names; the authority says: It has expired.",
    );
  });
});

describe("identity/sign-in-error with a clientid of a Secret that may be its clientsecret", () => {
  const swapped = { ...PRINCIPAL, clientId: "p~8Q-the-secret" };

  it("does not show it, nor lets the authority quote it", () => {
    const { message } = explainRefusal(
      refusal(400, 700016, "Application 'p~8Q-the-secret' was not found."),
      swapped,
    );
    expect(message)
      .to.contain("swapped with clientsecret")
      .and.contain("Application '<clientid>' was not found")
      .and.not.contain("p~8Q");
  });

  it("shows the one of a class, which is no secret", () => {
    const { message } = explainRefusal(refusal(400, 700016), { ...WORKLOAD, clientId: "adfs-client" });
    expect(message).to.contain("client adfs-client");
  });
});

describe("identity/sign-in-error explainSilence", () => {
  const kinds: Record<NetworkErrorKind, ErrorCode> = {
    timeout: "SIGN_IN_UNREACHABLE",
    aborted: "SIGN_IN_UNREACHABLE",
    dns: "SIGN_IN_UNREACHABLE",
    connect: "SIGN_IN_UNREACHABLE",
    tls: "SIGN_IN_UNREACHABLE",
    proxy: "SIGN_IN_UNREACHABLE",
    reset: "SIGN_IN_UNREACHABLE",
    "too-large": "SIGN_IN_FAILED",
    "off-origin": "SIGN_IN_FAILED",
    "invalid-request": "SIGN_IN_FAILED",
    redirect: "SIGN_IN_FAILED",
    "invalid-answer": "SIGN_IN_FAILED",
  };
  for (const [kind, code] of Object.entries(kinds)) {
    it(`${kind} is ${code}, in the network's own words`, () => {
      const error = explainSilence(
        new NetworkError(kind as NetworkErrorKind, "WORDS", { host: "h" }),
        WORKLOAD,
      );
      expect(error.code).to.equal(code);
      expect(error.message).to.match(/^sign-in of client c-1 in tenant t-1 failed: WORDS/);
    });
  }
});

describe("identity/sign-in-error explainUselessAnswer", () => {
  it("tells a document from a token, and quotes no cause", () => {
    const begin = "sign-in of client c-1 in tenant t-1 failed: h answered HTTP 200 with ";
    const end = "; check what stands between this node and the authority, and cloudName";
    const cause = new Error("SECRET");
    expect(explainUselessAnswer({ host: "h", isDiscovery: false }, WORKLOAD, cause).message).to.equal(
      `${begin}no access token${end}`,
    );
    expect(explainUselessAnswer({ host: "h", isDiscovery: true }, WORKLOAD, cause).message).to.equal(
      `${begin}an OpenID configuration that cannot be used: it must name a token endpoint, and an issuer on the same ` +
        `host${end}`,
    );
  });
});
