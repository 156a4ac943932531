/** A DNS name as Kubernetes wants it for most names. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export function isDnsName(text: string): boolean {
  return (
    text.length <= 253 &&
    text.split(".").every((part) => /^[a-z0-9](?:[-a-z0-9]{0,251}[a-z0-9])?$/.test(part))
  );
}

/** A key of a Secret's data. @see https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data */
export function isSecretKey(text: string): boolean {
  return /^[-._a-zA-Z0-9]{1,253}$/.test(text) && text !== "." && !text.startsWith("..");
}

export const DNS_NAME_WORDS = "lower-case letters, digits, hyphens and dots, at most 253";
