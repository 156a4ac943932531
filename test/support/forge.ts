import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";

/** Made when it is first needed: it takes a while. */
let attackersKey: KeyObject | undefined;

/** The same claims under the same key id, signed by a key of the attacker's. */
export function forge(token: string): string {
  const [header = "", claims = ""] = token.split(".");
  attackersKey ??= generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const signature = createSign("RSA-SHA256")
    .update(`${header}.${claims}`)
    .sign(attackersKey)
    .toString("base64url");
  return `${header}.${claims}.${signature}`;
}
