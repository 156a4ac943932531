import { createHttpHeaders, createPipelineRequest, type HttpClient } from "@azure/core-rest-pipeline";
import { expect } from "chai";
import { rememberDiscovery, type DiscoveryMemoryOptions } from "../../../src/identity/discovery-memory.js";
import { NetworkError } from "../../../src/network/network-error.js";

const DOCUMENT = "https://login.example/t/v2.0/.well-known/openid-configuration";

interface Setting {
  readonly client: HttpClient;
  readonly asked: string[];
  nowMs: number;
  answer: { status: number; body: string } | Error;
}

function setUp(options: DiscoveryMemoryOptions = {}): Setting {
  const asked: string[] = [];
  const inner: HttpClient = {
    async sendRequest(request) {
      asked.push(`${request.method} ${request.url}`);
      expect(request.abortSignal).to.equal(undefined);
      await new Promise((resolve) => setImmediate(resolve));
      const { answer } = setting;
      if (answer instanceof Error) throw answer;
      return { request, status: answer.status, headers: createHttpHeaders(), bodyAsText: answer.body };
    },
  };
  const setting: Setting = {
    asked,
    nowMs: 0,
    answer: { status: 200, body: '{"issuer":"i"}' },
    client: rememberDiscovery(inner, { now: () => setting.nowMs, ...options }),
  };
  return setting;
}

async function get(setting: Setting, url = DOCUMENT): Promise<string> {
  const request = createPipelineRequest({ url });
  const response = await setting.client.sendRequest(request);
  expect(response.request).to.equal(request);
  return `${String(response.status)} ${response.bodyAsText ?? ""}`;
}

describe("identity/discovery-memory rememberDiscovery", () => {
  it("fetches a document once, and answers as the first time", async () => {
    const setting = setUp();
    for (let i = 0; i < 3; i += 1) expect(await get(setting)).to.equal('200 {"issuer":"i"}');
    expect(setting.asked).to.deep.equal([`GET ${DOCUMENT}`]);
  });

  it("tells tenants, hosts, ports and queries apart", async () => {
    const setting = setUp();
    const urls = [
      DOCUMENT,
      DOCUMENT.replace("/t/", "/u/"),
      DOCUMENT.replace("login.example", "login.example:8443"),
      DOCUMENT.replace("login", "other"),
      `${DOCUMENT}?appid=1`,
    ];
    for (const url of [...urls, ...urls]) await get(setting, url);
    expect(setting.asked).to.deep.equal(urls.map((url) => `GET ${url}`));
  });

  it("fetches again after a day, not before", async () => {
    const setting = setUp();
    await get(setting);
    setting.nowMs = 24 * 3_600_000 - 1;
    await get(setting);
    expect(setting.asked).to.have.length(1);
    setting.nowMs += 1;
    await get(setting);
    expect(setting.asked).to.have.length(2);
  });

  for (const { name, answer } of [
    { name: "a refusal", answer: { status: 400, body: "{}" } },
    { name: "an error", answer: new NetworkError("reset", "r", { host: "h" }) },
    { name: "more than 64 KiB", answer: { status: 200, body: `"${"a".repeat(64 * 1024 - 1)}"` } },
  ]) {
    it(`does not remember ${name}`, async () => {
      const setting = setUp();
      setting.answer = answer;
      await get(setting).catch(() => undefined);
      await get(setting).catch(() => undefined);
      expect(setting.asked).to.have.length(2);
    });
  }

  it("remembers 64 KiB", async () => {
    const setting = setUp();
    setting.answer = { status: 200, body: `"${"a".repeat(64 * 1024 - 2)}"` };
    await get(setting);
    await get(setting);
    expect(setting.asked).to.have.length(1);
  });

  it("leaves everything else alone", async () => {
    const setting = setUp();
    const token = createPipelineRequest({ url: DOCUMENT, method: "POST", body: "x" });
    await setting.client.sendRequest(token);
    await setting.client.sendRequest(token);
    const read = createPipelineRequest({
      url: "https://name.vault.azure.net/secrets/a?x=/.well-known/openid-configuration",
    });
    await setting.client.sendRequest(read);
    await setting.client.sendRequest(read);
    expect(setting.asked).to.have.length(4);
  });

  it("keeps the documents used last, at most so many", async () => {
    const setting = setUp({ maxDocuments: 2 });
    const [a, b, c] = ["a", "b", "c"].map((tenant) => DOCUMENT.replace("/t/", `/${tenant}/`)) as [
      string,
      string,
      string,
    ];
    for (const url of [a, b, a, c, a, b]) await get(setting, url);
    expect(setting.asked).to.deep.equal([a, b, c, b].map((url) => `GET ${url}`));
  });

  it("shares one request, which outlives the caller that began it", async () => {
    const setting = setUp();
    const controller = new AbortController();
    const first = setting.client
      .sendRequest(createPipelineRequest({ url: DOCUMENT, abortSignal: controller.signal }))
      .catch((error: unknown) => error);
    const second = get(setting);
    controller.abort();
    expect(await first)
      .to.be.instanceOf(NetworkError)
      .and.have.property("kind", "aborted");
    expect(await second).to.equal('200 {"issuer":"i"}');
    expect(setting.asked).to.have.length(1);
  });

  it("a shared failure fails all, and the next one tries again", async () => {
    const setting = setUp();
    setting.answer = new NetworkError("reset", "r", { host: "h" });
    const outcomes = await Promise.allSettled([get(setting), get(setting)]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    setting.answer = { status: 200, body: "{}" };
    expect(await get(setting)).to.equal("200 {}");
  });
});
