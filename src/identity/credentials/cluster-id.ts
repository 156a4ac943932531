import { createHash } from "node:crypto";

const PREFIX = "DNS:hcp-kubernetes.";
const SUFFIX = ".svc.cluster.local";
/** What an id may be: it becomes part of nothing but a hash, yet a certificate is still another party's text. */
const CLUSTER_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const BASE32_HEX = "0123456789abcdefghijklmnopqrstuv";

/**
 * The id of an AKS cluster, from the alternative name `hcp-kubernetes.<id>.svc.cluster.local` in its API server's
 * certificate; undefined when there is none.
 * @param subjectAltName - as Node writes it: `DNS:kubernetes, DNS:"a\u002cb", IP Address:10.0.0.1`
 */
export function findClusterId(subjectAltName: string): string | undefined {
  // Node quotes a name that holds a comma or a quote, so that one name never looks like two.
  for (const [entry] of subjectAltName.matchAll(/(?:"(?:[^"\\]|\\.)*"|[^",])+/g)) {
    const name = entry.trim();
    if (!name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) continue;
    const id = name.slice(PREFIX.length, -SUFFIX.length);
    if (CLUSTER_ID.test(id)) return id;
  }
  return undefined;
}

/**
 * The TLS server name by which a cluster's API server tells requests for its token proxy from others: `a`, the SHA-256 of
 * `identity-binding<cluster id>` in lower-case base32hex without padding, `.ests.aks`. As a DNS label it has 53 characters.
 * @see RFC 4648 section 7
 */
export function tokenProxyServerName(clusterId: string): string {
  const digest = createHash("sha256").update(`identity-binding${clusterId}`).digest();
  return `a${base32Hex(digest)}.ests.aks`;
}

function base32Hex(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let bitCount = 0;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff;
    bitCount += 8;
    while (bitCount >= 5) {
      bitCount -= 5;
      text += BASE32_HEX.charAt((bits >> bitCount) & 31);
    }
  }
  return bitCount === 0 ? text : text + BASE32_HEX.charAt((bits << (5 - bitCount)) & 31);
}
