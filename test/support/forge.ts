import { createSign, generateKeyPairSync } from "node:crypto";

/** The same claims under the same key id, signed by a key of the attacker's. */
export function forge(token: string): string {
  const [header = "", claims = ""] = token.split(".");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const signature = createSign("RSA-SHA256")
    .update(`${header}.${claims}`)
    .sign(privateKey)
    .toString("base64url");
  return `${header}.${claims}.${signature}`;
}
