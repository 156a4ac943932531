import { expect } from "chai";
import type { ObjectType } from "../../../src/model/key-vault-object.js";
import { failureOf, never, openFakeVault, refusal, VAULT, type Answer } from "./fake-vault.js";

const COLLECTION = { secret: "secrets", key: "keys", cert: "certificates" } as const;

function item(type: ObjectType, version: string, fields: object = {}): object {
  const id = `${VAULT}/${COLLECTION[type]}/web/${version}`;
  return {
    ...(type === "key" ? { kid: id } : { id }),
    attributes: { enabled: true, created: 1_700_000_000, updated: 1_700_000_000 },
    ...fields,
  };
}

function page(items: readonly object[], nextLink: unknown = null): Answer {
  return { body: { value: items, nextLink } };
}

const next = (skip: number | string): string =>
  `${VAULT}/secrets/web/versions?api-version=7.4&$skiptoken=${skip}`;

describe("keyvault/open-vault listVersions", () => {
  for (const type of ["secret", "key", "cert"] as const) {
    it(`lists the versions of a ${type} over its pages`, async () => {
      const { vault, requests } = openFakeVault((_, index) =>
        index === 0
          ? page(
              [item(type, "a1"), item(type, "b2", { attributes: { enabled: false, created: 5 } })],
              next(2),
            )
          : page([item(type, "c3", { attributes: { created: 7 } })]),
      );
      expect(await vault.listVersions({ type, name: "web" }, never)).to.deep.equal([
        { version: "a1", createdOnMs: 1_700_000_000_000, isEnabled: true },
        { version: "b2", createdOnMs: 5_000, isEnabled: false },
        { version: "c3", createdOnMs: 7_000, isEnabled: true },
      ]);
      expect(requests.map(({ path }) => path)).to.deep.equal([
        `/${COLLECTION[type]}/web/versions?api-version=7.4`,
        "/secrets/web/versions?api-version=7.4&$skiptoken=2",
      ]);
      expect(requests.map(({ authorization }) => authorization)).to.deep.equal([
        "Bearer token-1",
        "Bearer token-2",
      ]);
    });

    it(`answers nothing for a ${type} that the vault does not know`, async () => {
      const { vault } = openFakeVault(() => page([]));
      expect(await vault.listVersions({ type, name: "web" }, never)).to.deep.equal([]);
    });

    it(`takes a 404 for what it says (${type})`, async () => {
      const { vault } = openFakeVault(() => refusal(404, "NotFound", "gone"));
      const error = await failureOf(vault.listVersions({ type, name: "web" }, never));
      expect(error.code).to.equal("VAULT_OBJECT_NOT_FOUND");
    });

    it(`keeps the inner code of a refused second page (${type})`, async () => {
      const { vault } = openFakeVault((_, index) =>
        index === 0 ? page([item(type, "a1")], next(1)) : refusal(403, "Forbidden", "", "ForbiddenByRbac"),
      );
      const error = await failureOf(vault.listVersions({ type, name: "web" }, never));
      expect(error.code).to.equal("VAULT_FORBIDDEN");
      expect(error.message).to.include("HTTP 403 Forbidden (ForbiddenByRbac): the identity may not list");
    });
  }

  const limits = { maxVersions: 4, maxPages: 3 };
  const counts = [
    { pages: [2, 1], fails: false },
    { pages: [2, 2], fails: false },
    { pages: [2, 3], fails: true },
    { pages: [5], fails: true },
    { pages: [1, 0], fails: false },
    { pages: [1, 0, 0], fails: false },
    { pages: [1, 0, 0, 0], fails: true },
  ];
  for (const { pages, fails } of counts) {
    it(`${fails ? "refuses" : "takes"} pages of ${pages.join(", ")} versions, 4 on 3 pages being allowed`, async () => {
      const { vault } = openFakeVault(
        (_, index) =>
          page(
            Array.from({ length: pages[index] ?? 0 }, (_item, i) => item("secret", `v${index}-${i}`)),
            index + 1 < pages.length ? next(index) : null,
          ),
        { listLimits: limits },
      );
      const listing = vault.listVersions({ type: "secret", name: "web" }, never);
      if (!fails) {
        expect(await listing).to.have.length(pages.reduce((sum, count) => sum + count));
        return;
      }
      expect((await failureOf(listing)).code).to.equal("VAULT_TOO_MANY_VERSIONS");
    });
  }

  it("ends a list whose nextLink never ends, and says so", async () => {
    const { vault, requests } = openFakeVault((_, index) => page([], next(index)));
    const error = await failureOf(vault.listVersions({ type: "secret", name: "web" }, never));
    expect(error.code).to.equal("VAULT_TOO_MANY_VERSIONS");
    expect(error.message).to.equal(
      "the vault lists more than 400 pages of it; leave objectVersionHistory out and name the versions, " +
        "or create the object anew under another name",
    );
    expect(requests).to.have.length(401);
  });

  it("ends a list of ever more versions", async () => {
    const { vault, requests } = openFakeVault((_, index) =>
      page(
        Array.from({ length: 1_000 }, (_item, i) => item("secret", `v${index}-${i}`)),
        next(index),
      ),
    );
    const error = await failureOf(vault.listVersions({ type: "secret", name: "web" }, never));
    expect(error.code).to.equal("VAULT_TOO_MANY_VERSIONS");
    expect(requests).to.have.length(6);
  });

  const malformed: { name: string; body: unknown }[] = [
    { name: "no list", body: {} },
    { name: "a list that is null", body: { value: null } },
    { name: "a list that is an object", body: { value: {} } },
    { name: "a list that is text", body: { value: "abc" } },
    { name: "an array", body: [] },
    { name: "a null item", body: { value: [null] } },
    { name: "an item that is text", body: { value: ["x"] } },
    { name: "an item without id", body: { value: [{ attributes: { created: 1 } }] } },
    {
      name: "an item of another object",
      body: { value: [{ id: `${VAULT}/secrets/x/v1`, attributes: { created: 1 } }] },
    },
    {
      name: "an item without version",
      body: { value: [{ id: `${VAULT}/secrets/web`, attributes: { created: 1 } }] },
    },
    {
      name: "an item without attributes",
      body: { value: [item("secret", "v1", { attributes: undefined })] },
    },
    { name: "an item without created", body: { value: [item("secret", "v1", { attributes: {} })] } },
    {
      name: "created that is no time",
      body: { value: [item("secret", "v1", { attributes: { created: "x" } })] },
    },
    {
      name: "created out of all bounds",
      body: { value: [item("secret", "v1", { attributes: { created: 1e300 } })] },
    },
    {
      name: "enabled that is text",
      body: { value: [item("secret", "v1", { attributes: { created: 1, enabled: "no" } })] },
    },
    { name: "a nextLink that is a number", body: { value: [], nextLink: 5 } },
    { name: "a nextLink that is no URL", body: { value: [], nextLink: "https://[" } },
  ];
  for (const { name, body } of malformed) {
    it(`refuses ${name}`, async () => {
      const { vault } = openFakeVault(() => ({ body }));
      const error = await failureOf(vault.listVersions({ type: "secret", name: "web" }, never));
      expect(error.code).to.equal("VAULT_ANSWER_INVALID");
    });
  }
});
