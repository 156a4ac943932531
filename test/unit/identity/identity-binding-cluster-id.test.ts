import { expect } from "chai";
import fc from "fast-check";
import { tokenProxyServerName as emulated } from "../../../emulator/token-proxy/server-name.js";
import { findClusterId, tokenProxyServerName } from "../../../src/identity/credentials/cluster-id.js";

const NAME = "hcp-kubernetes.696995ccb303450001b31a18.svc.cluster.local";

describe("identity/credentials/cluster-id", () => {
  describe("findClusterId", () => {
    const cases: { name: string; subjectAltName: string; id: string | undefined }[] = [
      { name: "alone", subjectAltName: `DNS:${NAME}`, id: "696995ccb303450001b31a18" },
      {
        name: "among others",
        subjectAltName: `DNS:kubernetes, DNS:kubernetes.default.svc.cluster.local, DNS:${NAME}, IP Address:10.0.0.1`,
        id: "696995ccb303450001b31a18",
      },
      {
        name: "the first of two",
        subjectAltName: "DNS:hcp-kubernetes.a.svc.cluster.local, DNS:hcp-kubernetes.b.svc.cluster.local",
        id: "a",
      },
      {
        name: "an id with dots and dashes",
        subjectAltName: "DNS:hcp-kubernetes.a-b.c.svc.cluster.local",
        id: "a-b.c",
      },
      { name: "no certificate names", subjectAltName: "", id: undefined },
      { name: "an empty id", subjectAltName: "DNS:hcp-kubernetes..svc.cluster.local", id: undefined },
      { name: "no id at all", subjectAltName: "DNS:hcp-kubernetes.svc.cluster.local", id: undefined },
      { name: "another prefix", subjectAltName: `DNS:x${NAME}`, id: undefined },
      { name: "another suffix", subjectAltName: `DNS:${NAME}.attacker.example`, id: undefined },
      { name: "another kind of name", subjectAltName: `URI:${NAME}`, id: undefined },
      { name: "a name within another kind's text", subjectAltName: `URI:DNS:${NAME}`, id: undefined },
      { name: "a quoted name", subjectAltName: `DNS:"${NAME}"`, id: undefined },
      {
        name: "a name inside of a quoted one",
        subjectAltName: `DNS:"x, DNS:${NAME}, y", IP Address:10.0.0.1`,
        id: undefined,
      },
      { name: "a name after an escaped quote", subjectAltName: `URI:"x\\", DNS:${NAME}"`, id: undefined },
      {
        name: "a good name behind a quoted one",
        subjectAltName: `DNS:"x\\\\", DNS:${NAME}`,
        id: "696995ccb303450001b31a18",
      },
      {
        name: "an id of 128 characters",
        subjectAltName: `DNS:hcp-kubernetes.${"a".repeat(128)}.svc.cluster.local`,
        id: "a".repeat(128),
      },
      {
        name: "an id of 129 characters",
        subjectAltName: `DNS:hcp-kubernetes.${"a".repeat(129)}.svc.cluster.local`,
        id: undefined,
      },
      {
        name: "an id with a space",
        subjectAltName: "DNS:hcp-kubernetes.a b.svc.cluster.local",
        id: undefined,
      },
    ];
    for (const { name, subjectAltName, id } of cases) {
      it(`${id === undefined ? "finds none in" : "finds"} ${name}`, () => {
        expect(findClusterId(subjectAltName)).to.equal(id);
      });
    }

    it("ends soon on names made to be slow", () => {
      const startMs = performance.now();
      for (const text of ['"'.repeat(500_000), `DNS:"${"\\".repeat(500_000)}`, "DNS:a, ".repeat(50_000)]) {
        expect(findClusterId(text)).to.equal(undefined);
      }
      expect(performance.now() - startMs).to.be.below(2_000);
    });
  });

  describe("tokenProxyServerName", () => {
    it("gives the name that coreutils give", () => {
      // printf identity-binding<id> | sha256sum | xxd -r -p | basenc --base32hex
      expect(tokenProxyServerName("696995ccb303450001b31a18")).to.equal(
        "aeaf29ip1hi5q38ebc3u4daum81u0unk52t5bg50j25234fmuj78g.ests.aks",
      );
    });

    it("is a DNS name whose first label has 53 characters, as the emulator makes it by other means", () => {
      fc.assert(
        fc.property(fc.string(), (clusterId) => {
          const name = tokenProxyServerName(clusterId);
          expect(name).to.match(/^a[0-9a-v]{52}\.ests\.aks$/);
          expect(name).to.equal(emulated(clusterId));
        }),
      );
    });
  });
});
