import { expect } from "chai";
import { readProxySettings, takeProxySettings } from "../../../src/network/proxy-settings.js";

const PROXY = "http://proxy.example:3128";

/** What the settings choose: the proxy's address, `direct`, or the reason why they cannot be used. */
function choose(env: Record<string, string>, target: string): string {
  const choice = readProxySettings(env).proxyFor(new URL(target));
  if (choice === undefined) return "direct";
  return "unusable" in choice ? choice.unusable : choice.href;
}

describe("network/proxy-settings readProxySettings", () => {
  describe("which proxy", () => {
    const cases: { name: string; env: Record<string, string>; expected: string }[] = [
      { name: "none set", env: {}, expected: "direct" },
      { name: "empty", env: { HTTPS_PROXY: "" }, expected: "direct" },
      { name: "upper case", env: { HTTPS_PROXY: PROXY }, expected: `${PROXY}/` },
      { name: "lower case", env: { https_proxy: PROXY }, expected: `${PROXY}/` },
      {
        name: "upper case wins",
        env: { HTTPS_PROXY: PROXY, https_proxy: "http://other.example" },
        expected: `${PROXY}/`,
      },
      {
        name: "an empty upper case one does not",
        env: { HTTPS_PROXY: "", https_proxy: PROXY },
        expected: `${PROXY}/`,
      },
      { name: "without a scheme", env: { HTTPS_PROXY: "proxy.example:3128" }, expected: `${PROXY}/` },
      { name: "https proxy", env: { HTTPS_PROXY: "https://p.example" }, expected: "https://p.example/" },
      { name: "HTTP_PROXY is for http targets", env: { HTTP_PROXY: PROXY }, expected: "direct" },
      { name: "ALL_PROXY is not read, as in Go", env: { ALL_PROXY: PROXY }, expected: "direct" },
      {
        name: "socks",
        env: { HTTPS_PROXY: "socks5://user:hunter2@proxy.example" },
        expected: "HTTPS_PROXY names a kind of proxy that is not supported; use http:// or https://",
      },
      {
        name: "not an address",
        env: { HTTPS_PROXY: "http://user:hunter2@:99999" },
        expected: "HTTPS_PROXY is not a proxy's address; write http://host:port or https://host:port",
      },
    ];
    for (const { name, env, expected } of cases) {
      it(name, () => {
        expect(choose(env, "https://name.vault.azure.net/")).to.equal(expected);
      });
    }
  });

  describe("NO_PROXY", () => {
    const cases: { list: string; target: string; expected: "proxied" | "direct" }[] = [
      { list: "vault.azure.net", target: "https://vault.azure.net/", expected: "direct" },
      { list: "vault.azure.net", target: "https://name.vault.azure.net/", expected: "direct" },
      { list: "vault.azure.net", target: "https://othervault.azure.net/", expected: "proxied" },
      { list: ".vault.azure.net", target: "https://name.vault.azure.net/", expected: "direct" },
      { list: ".vault.azure.net", target: "https://vault.azure.net/", expected: "proxied" },
      { list: "*.vault.azure.net", target: "https://name.vault.azure.net/", expected: "direct" },
      { list: "*.vault.azure.net", target: "https://vault.azure.net/", expected: "proxied" },
      { list: "VAULT.azure.NET", target: "https://name.vault.azure.net/", expected: "direct" },
      { list: " a.example , b.example ", target: "https://b.example/", expected: "direct" },
      { list: "a.example b.example", target: "https://b.example/", expected: "proxied" },
      { list: "*", target: "https://b.example/", expected: "direct" },
      { list: "x,*", target: "https://b.example/", expected: "direct" },
      { list: "b.example:443", target: "https://b.example/", expected: "direct" },
      { list: "b.example:8443", target: "https://b.example/", expected: "proxied" },
      { list: "b.example:8443", target: "https://b.example:8443/", expected: "direct" },
      { list: "10.0.0.1", target: "https://10.0.0.1/", expected: "direct" },
      { list: "10.0.0.1:444", target: "https://10.0.0.1/", expected: "proxied" },
      { list: "10.0.0.0/8", target: "https://10.200.3.4/", expected: "direct" },
      { list: "10.0.0.0/8", target: "https://11.0.0.1/", expected: "proxied" },
      { list: "10.0.0.0/33", target: "https://10.0.0.1/", expected: "proxied" },
      { list: "10.0.0.0/", target: "https://10.0.0.1/", expected: "proxied" },
      { list: "fd00::/8", target: "https://[fd00::1]/", expected: "direct" },
      { list: "[fd00::1]", target: "https://[fd00::1]/", expected: "direct" },
      { list: "[fd00::1]:443", target: "https://[fd00:0::1]/", expected: "direct" },
      { list: "fd00::1", target: "https://[fd00::2]/", expected: "proxied" },
      { list: "", target: "https://localhost:1234/", expected: "direct" },
      { list: "", target: "https://127.8.9.1/", expected: "direct" },
      { list: "", target: "https://[::1]/", expected: "direct" },
      { list: ":443", target: "https://b.example/", expected: "proxied" },
      { list: ",,.,*.", target: "https://b.example/", expected: "proxied" },
    ];
    for (const { list, target, expected } of cases) {
      it(`"${list}" and ${target}: ${expected}`, () => {
        const chosen = choose({ HTTPS_PROXY: PROXY, NO_PROXY: list }, target);
        expect(chosen === "direct" ? "direct" : "proxied").to.equal(expected);
      });
    }

    it("is also read in lower case", () => {
      expect(choose({ HTTPS_PROXY: PROXY, no_proxy: "b.example" }, "https://b.example/")).to.equal("direct");
    });

    it("covers a target although the proxy cannot be used", () => {
      expect(choose({ HTTPS_PROXY: "socks5://x", NO_PROXY: "b.example" }, "https://b.example/")).to.equal(
        "direct",
      );
    });

    it("ends fast for a list of a million entries", () => {
      const env = { HTTPS_PROXY: PROXY, NO_PROXY: "a.example,".repeat(1_000_000) };
      const startedAtMs = performance.now();
      expect(choose(env, "https://b.example/")).to.equal(`${PROXY}/`);
      expect(performance.now() - startedAtMs).to.be.lessThan(1_000);
    });
  });
});

describe("network/proxy-settings takeProxySettings", () => {
  it("reads the settings, and leaves none of them to the SDK", () => {
    const env = {
      ...Object.fromEntries(
        ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy"].map((name) => [
          name,
          PROXY,
        ]),
      ),
      NO_PROXY: "b.example",
      no_proxy: "c.example",
      PATH: "/bin",
    };
    const settings = takeProxySettings(env);
    expect(env).to.deep.equal({ PATH: "/bin" });
    expect(settings.proxyFor(new URL("https://a.example/"))).to.deep.equal(new URL(PROXY));
    expect(settings.proxyFor(new URL("https://b.example/"))).to.equal(undefined);
  });
});
