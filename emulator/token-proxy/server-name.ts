import { createHash } from "node:crypto";

const BASE32_HEX = "0123456789abcdefghijklmnopqrstuv";

/**
 * The TLS server name under which a cluster's token proxy is found: `a`, the lower-case base32hex of the SHA-256 of
 * `identity-binding<cluster id>` without padding, `.ests.aks`.
 */
export function tokenProxyServerName(clusterId: string): string {
  const digest = createHash("sha256").update(`identity-binding${clusterId}`).digest();
  let text = "";
  let bits = 0n;
  for (const byte of digest) bits = (bits << 8n) | BigInt(byte);
  // 256 bits are 51 characters of five bits and one more, filled up with four zero bits.
  bits <<= 4n;
  for (let shift = 255n; shift >= 0n; shift -= 5n) {
    text += BASE32_HEX.charAt(Number((bits >> shift) & 31n));
  }
  return `a${text}.ests.aks`;
}
