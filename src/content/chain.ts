import { ProviderError } from "../errors/provider-error.js";
import { MalformedBer } from "./ber.js";
import { type KeyIdentifiers, readKeyIdentifiers } from "./key-identifiers.js";

export interface OrderedChain {
  /** DER. */
  readonly certificates: readonly Uint8Array[];
  /** False: some certificate has no place in the chain, and all keep the order they came in. */
  readonly isComplete: boolean;
}

interface Link extends KeyIdentifiers {
  readonly der: Uint8Array;
}

/**
 * Orders certificates leaf first, root last. A certificate's issuer is the first other one whose subject key
 * identifier is its authority key identifier; the leaf is the first that is nobody's issuer. The rules are the Go
 * provider's, so that the same file comes out; what it makes of each case:
 *
 * | certificates | result |
 * |---|---|
 * | each but the last has its issuer, in any order | leaf, intermediates, root |
 * | only one | itself |
 * | an intermediate is missing; a second leaf; a stranger; two cross-signed issuers | as they came, incomplete |
 * | no key identifiers at all (version 1, or none written) | as they came, incomplete |
 * | the same certificate twice | as they came, incomplete (Go: an error when it is a root that names its own key) |
 * | everyone is someone's issuer, or issuers go round in a circle | CONTENT_CHAIN_INVALID |
 * | none | CONTENT_CHAIN_INVALID |
 *
 * @param certificates - DER, any order; a hundred take 10,000 comparisons
 * @throws {ProviderError} CONTENT_CHAIN_INVALID, and CONTENT_CERTIFICATE_INVALID when one cannot be read
 * @see RFC 5280 sections 4.2.1.1 and 4.2.1.2
 */
export function orderChain(certificates: readonly Uint8Array[]): OrderedChain {
  if (certificates.length === 0) {
    throw invalid("the certificate has no leaf: its PFX holds no certificate at all");
  }
  const asTheyCame = { certificates, isComplete: false };
  const links = certificates.map((der, index) => ({ der, ...identify(der, index) }));
  const issuers = new Map(links.map((link) => [link, findIssuer(link, links)]));
  const named = new Set(issuers.values());
  let current = links.find((link) => !named.has(link));
  if (current === undefined) {
    if (holdsTwins(certificates)) return asTheyCame;
    throw invalid("the certificate chain has no leaf: each of its certificates is the issuer of another");
  }
  const chain: Uint8Array[] = [];
  while (current !== undefined) {
    if (chain.length === links.length) {
      if (holdsTwins(certificates)) return asTheyCame;
      throw invalid("the issuers of the certificate chain go round in a circle");
    }
    chain.push(current.der);
    current = issuers.get(current);
  }
  return chain.length === links.length ? { certificates: chain, isComplete: true } : asTheyCame;
}

function findIssuer(link: Link, links: readonly Link[]): Link | undefined {
  if (link.authority === undefined) return undefined;
  return links.find((other) => other !== link && other.subject === link.authority);
}

/** Whether a certificate is there twice: two copies of a root look like each other's issuer. */
function holdsTwins(certificates: readonly Uint8Array[]): boolean {
  return new Set(certificates.map((der) => Buffer.from(der).toString("latin1"))).size < certificates.length;
}

function identify(der: Uint8Array, index: number): KeyIdentifiers {
  try {
    return readKeyIdentifiers(der);
  } catch (error) {
    if (!(error instanceof MalformedBer)) throw error;
    throw new ProviderError(
      "CONTENT_CERTIFICATE_INVALID",
      `certificate ${index + 1} of the PFX is not a DER-encoded X.509 certificate; import the PFX into the vault anew`,
    );
  }
}

function invalid(seen: string): ProviderError {
  return new ProviderError(
    "CONTENT_CHAIN_INVALID",
    `${seen}; import it with its whole chain, or start the provider with --construct-pem-chain=false`,
  );
}
