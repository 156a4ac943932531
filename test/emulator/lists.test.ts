import { expect } from "chai";
import { startEmulator } from "../../emulator/emulator.js";
import type { Emulator, VaultDouble } from "../../emulator/emulator.js";
import { ask, signIn } from "./ask.js";

const TENANT = "11111111-1111-4111-8111-111111111111";
const CLIENT = "22222222-2222-4222-8222-222222222222";
const HOST = "contoso-vault.vault.azure.net";

interface Page {
  readonly value: Record<string, unknown>[];
  readonly nextLink: string | null;
}

describe("emulator/vault lists", () => {
  let emulator: Emulator;
  let vault: VaultDouble;
  let token: string;

  before(async () => {
    emulator = await startEmulator();
    emulator.entra.tenant(TENANT).application({ clientId: CLIENT, secrets: ["s"] });
    vault = emulator.vault("contoso-vault").grantAll(CLIENT);
    token = await signIn(emulator, { tenantId: TENANT, clientId: CLIENT, secret: "s" });
  });
  after(() => emulator.close());
  afterEach(() => {
    vault.isPagingSparse = false;
  });

  async function page(path: string, host = HOST): Promise<Page> {
    const reply = await ask(emulator, { host, path, headers: { Authorization: `Bearer ${token}` } });
    expect(reply.status, reply.text).to.equal(200);
    return reply.json as unknown as Page;
  }

  async function allPages(path: string): Promise<Page[]> {
    const pages = [await page(path)];
    for (;;) {
      const link = pages.at(-1)?.nextLink;
      if (link === null || link === undefined) return pages;
      const { pathname, search } = new URL(link);
      pages.push(await page(`${pathname}${search}`));
    }
  }

  const sizes = [
    { versions: 0, pages: [0] },
    { versions: 1, pages: [1] },
    { versions: 24, pages: [24] },
    { versions: 25, pages: [25] },
    { versions: 26, pages: [25, 1] },
    { versions: 51, pages: [25, 25, 1] },
  ];
  for (const { versions, pages: expected } of sizes) {
    it(`shows ${versions} versions on pages of ${expected.join(", ")}, in the order of their ids`, async () => {
      const ids = Array.from({ length: versions }, () => vault.setSecret(`many-${versions}`, "v"));
      const pages = await allPages(`/secrets/many-${versions}/versions?api-version=7.4`);
      expect(pages.map(({ value }) => value.length)).to.deep.equal(expected);
      const shown = pages.flatMap(({ value }) => value.map(({ id }) => String(id).slice(-32)));
      expect(shown).to.deep.equal([...ids].sort());
    });
  }

  it("spells nextLink as the service does", async () => {
    for (let count = 0; count < 3; count++) vault.setSecret("linked", "v");
    const { nextLink } = await page("/secrets/linked/versions?api-version=7.4&maxresults=2");
    expect(nextLink).to.match(
      /^https:\/\/contoso-vault\.vault\.azure\.net:443\/secrets\/linked\/versions\?api-version=7\.4&\$skiptoken=eyJOZXh0TWFya2VyIjoi[\w-]+&maxresults=2$/,
    );
    const ported = await page("/secrets/linked/versions?api-version=7.4&maxresults=2", `${HOST}:8443`);
    expect(ported.nextLink).to.match(/^https:\/\/contoso-vault\.vault\.azure\.net:8443\//);
  });

  it("has empty pages in between when the vault is sparse", async () => {
    for (let count = 0; count < 30; count++) vault.setSecret("sparse", "v");
    vault.isPagingSparse = true;
    const pages = await allPages("/secrets/sparse/versions?api-version=7.4");
    expect(pages.map(({ value }) => value.length)).to.deep.equal([0, 25, 0, 5]);
  });

  const wrong = [
    {
      query: "maxresults=0",
      message: "The maxresults parameter is out of range: it must be between 1 and 25.",
    },
    {
      query: "maxresults=26",
      message: "The maxresults parameter is out of range: it must be between 1 and 25.",
    },
    {
      query: "maxresults=x",
      message: "The maxresults parameter is out of range: it must be between 1 and 25.",
    },
    { query: "$skiptoken=x", message: "The skiptoken is invalid." },
    { query: "$skiptoken=eyJOZXh0TWFya2VyIjoiMSE5OTk5OTk5OTk5OTkifQ", message: "The skiptoken is invalid." },
  ];
  for (const { query, message } of wrong) {
    it(`refuses ${query}`, async () => {
      const reply = await ask(emulator, {
        host: HOST,
        path: `/secrets?api-version=7.4&${query}`,
        headers: { Authorization: `Bearer ${token}` },
      });
      expect(reply.status).to.equal(400);
      expect(reply.json).to.deep.equal({ error: { code: "BadParameter", message } });
    });
  }

  describe("of objects", () => {
    let own: VaultDouble;
    before(() => {
      own = emulator.vault("listed").grantAll(CLIENT);
      own.setSecret("b-plain", "v", { contentType: "text/plain", tags: { a: "b" } });
      own.setSecret("A-first", "v");
      own.createKey("key", { kty: "EC" });
      own.createCertificate("cert", { keyType: "EC", created: 1_700_000_000, tags: { c: "d" } });
    });

    it("show secrets by name, without values, managed ones too", async () => {
      const { value, nextLink } = await page("/secrets?api-version=7.4", own.host);
      expect(nextLink).to.equal(null);
      expect(value.map(({ id }) => id)).to.deep.equal([
        `https://${own.host}/secrets/A-first`,
        `https://${own.host}/secrets/b-plain`,
        `https://${own.host}/secrets/cert`,
      ]);
      expect(value[1]).to.deep.include({ contentType: "text/plain", tags: { a: "b" } });
      expect(value[2]).to.include({ managed: true, contentType: "application/x-pkcs12" });
      expect(JSON.stringify(value)).not.to.contain('"value"');
    });

    it("show keys by kid", async () => {
      const { value } = await page("/keys?api-version=7.4", own.host);
      expect(value.map(({ kid, managed }) => [kid, managed])).to.deep.equal([
        [`https://${own.host}/keys/cert`, true],
        [`https://${own.host}/keys/key`, undefined],
      ]);
    });

    it("show certificates with thumbprint, and attributes without recovery", async () => {
      const { value } = await page("/certificates?api-version=7.4", own.host);
      expect(value).to.have.length(1);
      expect(value[0]).to.deep.include({
        id: `https://${own.host}/certificates/cert`,
        attributes: {
          enabled: true,
          nbf: 1_700_000_000 - 600,
          exp: Date.UTC(2024, 10, 14, 22, 13, 20) / 1000,
          created: 1_700_000_000,
          updated: 1_700_000_000,
        },
        tags: { c: "d" },
      });
      expect(value[0]?.["x5t"]).to.match(/^[\w-]{27}$/);
    });
  });
});
