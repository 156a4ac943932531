import { generateKeyPairSync, sign } from "node:crypto";
import { expect } from "chai";
import { TENANT, VAULT_NAMESPACE, VAULT_SUFFIX } from "./support/embedded-vault.js";
import { execInPod, kubectl } from "./support/kubectl.js";
import { Scene } from "./support/scene.js";

const AUDIENCE = "api://AzureADTokenExchange";

/** Run inside the vault's own pod: asks its token endpoint, and prints the answer's body. */
const SIGN_IN = `
const [clientId, assertion] = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const body = new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, client_assertion: assertion,
  client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  scope: "https://${VAULT_SUFFIX}/.default" }).toString();
const host = "login.${VAULT_SUFFIX}";
require("node:https").request({ host: "127.0.0.1", port: 8443, servername: host, method: "POST",
  path: "/${TENANT}/oauth2/v2.0/token", ca: require("node:fs").readFileSync("/authority/tls.crt"),
  headers: { host, "content-type": "application/x-www-form-urlencoded" } },
  (response) => response.pipe(process.stdout)).end(body);
`;

/** The other tests are worth what this one is: the vault in the cluster takes the cluster's own tokens, and no other. */
describe("the embedded vault checks service-account tokens as Entra ID does", () => {
  let scene: Scene;
  let token: string;

  before(async () => {
    scene = await Scene.open("tokens");
    token = await tokenOf(scene.serviceAccount, AUDIENCE);
  });
  after(() => scene.close());

  async function tokenOf(serviceAccount: string, audience: string): Promise<string> {
    const args = ["create", "token", serviceAccount, "-n", scene.namespace, "--audience", audience];
    return (await kubectl(args)).trim();
  }

  /** The access token's type, or the error's description. */
  async function signIn(assertion: string): Promise<string> {
    const said = await execInPod(
      VAULT_NAMESPACE,
      "deployment/embedded-vault",
      ["/usr/local/bin/node", "-e", SIGN_IN],
      { input: JSON.stringify([scene.clientId, assertion]) },
    );
    const answer = JSON.parse(said) as { token_type?: string; error_description?: string };
    return answer.token_type ?? answer.error_description ?? said;
  }

  it("a token of the trusted account, signed by the API server, is taken", async () => {
    expect(await signIn(token)).to.equal("Bearer");
  });

  it("one for another audience is not", async () => {
    expect(await signIn(await tokenOf(scene.serviceAccount, "api://other"))).to.contain("AADSTS700212");
  });

  it("one of another service account is not", async () => {
    await kubectl(["create", "serviceaccount", "other", "-n", scene.namespace]);
    expect(await signIn(await tokenOf("other", AUDIENCE))).to.contain("AADSTS700213");
  });

  it("one whose claims were changed after it was signed is not", async () => {
    const [header = "", claims = "", signature = ""] = token.split(".");
    const later = { ...decode(claims), exp: Math.floor(Date.now() / 1000) + 86_400 };
    expect(await signIn(`${header}.${encode(later)}.${signature}`)).to.contain("AADSTS50013");
  });

  it("one that somebody else signed under the name of the cluster's key is not", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const signed = token.split(".").slice(0, 2).join(".");
    const signature = sign("sha256", Buffer.from(signed), privateKey).toString("base64url");
    expect(await signIn(`${signed}.${signature}`)).to.contain("AADSTS50013");
  });
});

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

function decode(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Record<string, unknown>;
}
