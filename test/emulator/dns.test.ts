import { createSocket } from "node:dgram";
import { promises as dns } from "node:dns";
import { once } from "node:events";
import { expect } from "chai";
import { startDns, type DnsDouble } from "../../emulator/dns/dns-double.js";

describe("emulator/dns startDns", () => {
  let server: DnsDouble;
  let resolver: dns.Resolver;

  beforeEach(async () => {
    server = await startDns({ port: 0 });
    resolver = new dns.Resolver({ timeout: 2_000, tries: 1 });
    resolver.setServers([`127.0.0.1:${server.port}`]);
  });
  afterEach(() => server.close());

  const codeOf = (attempt: Promise<unknown>): Promise<string> =>
    attempt.then(
      () => "none",
      (error: unknown) => (error as NodeJS.ErrnoException).code ?? String(error),
    );

  it("resolves what it is told to, in any case of letters", async () => {
    server.set("Vault.Example", "10.1.2.3");
    expect(await resolver.resolve4("vault.example")).to.deep.equal(["10.1.2.3"]);
    expect(await resolver.resolve4("VAULT.example")).to.deep.equal(["10.1.2.3"]);
  });

  it("has no IPv6 address of a name that exists", async () => {
    server.set("vault.example", "10.1.2.3");
    expect(await codeOf(resolver.resolve6("vault.example"))).to.equal("ENODATA");
  });

  it("says that any other name does not exist, and so of one that was removed", async () => {
    server.set("vault.example", "10.1.2.3");
    server.remove("vault.example");
    expect(await codeOf(resolver.resolve4("vault.example"))).to.equal("ENOTFOUND");
    expect(await codeOf(resolver.resolve4("login.example"))).to.equal("ENOTFOUND");
  });

  it("lists every name asked for, known or not", async () => {
    server.set("vault.example", "10.1.2.3");
    await resolver.resolve4("vault.example");
    await codeOf(resolver.resolve4("Login.example"));
    await resolver.resolve4("vault.example");
    expect(server.names).to.deep.equal(["vault.example", "login.example"]);
    expect(server.queryCount).to.equal(3);
    server.reset();
    expect(server.names).to.deep.equal([]);
  });

  it("is deaf to what is no query, and goes on", async () => {
    const client = createSocket("udp4");
    const junk = [
      Buffer.alloc(0),
      Buffer.from("junk"),
      Buffer.alloc(12),
      Buffer.from("000001000001000000000000ff", "hex"), // a label of 255 bytes
      Buffer.from("00000100000100000000000003616263", "hex"), // a name without an end
      Buffer.from("00008100000100000000000001610000010001", "hex"), // an answer
    ];
    for (const bytes of junk) {
      await new Promise((resolve) => {
        client.send(bytes, server.port, "127.0.0.1", resolve);
      });
    }
    const answered = once(client, "message");
    server.set("a", "10.0.0.1");
    client.send(Buffer.from("abcd0100000100000000000001610000010001", "hex"), server.port, "127.0.0.1");
    const [answer] = (await answered) as [Buffer];
    expect(answer.toString("hex")).to.equal(
      "abcd8580000100010000000001610000010001c00c00010001000000000004" + "0a000001",
    );
    client.close();
  });
});
