/** The three kinds of object, as SecretProviderClasses name them. */
export type ObjectType = "secret" | "key" | "cert";

/** The path segment of each kind, and the word that the service's messages use. */
export const COLLECTIONS = {
  secret: { path: "secrets", word: "secret", titled: "Secret" },
  key: { path: "keys", word: "key", titled: "Key" },
  cert: { path: "certificates", word: "certificate", titled: "Certificate" },
} as const satisfies Record<ObjectType, { path: string; word: string; titled: string }>;

/** The kind that a path segment stands for. */
export function objectTypeOfPath(segment: string): ObjectType | undefined {
  switch (segment.toLowerCase()) {
    case "secrets":
      return "secret";
    case "keys":
      return "key";
    case "certificates":
      return "cert";
    default:
      return undefined;
  }
}
