import { ProviderError } from "../errors/provider-error.js";
import { findNetworkError, type NetworkError } from "../network/network-error.js";
import {
  ChallengeFailure,
  CredentialFailure,
  MalformedAnswer,
  ServiceRefusal,
  TransportFailure,
} from "./failures.js";
import { explainRefusal, TYPE_WORDS, type Explanation, type Question } from "./refusal-words.js";
import { VaultError } from "./vault-error.js";

/**
 * Turns whatever a request to a vault threw into an error that says what was seen and what to do. Nothing of the SDK's own
 * messages is used: they quote bodies, headers and identifiers. Errors that are the provider's already pass unchanged.
 *
 * What is none of the known kinds was thrown by the SDK while it read an answer, or it is a mistake of this provider.
 * @param isAnswered - whether the vault has answered with HTTP 200 and a JSON object
 */
export function explainFailure(error: unknown, question: Question, isAnswered: boolean): ProviderError {
  if (error instanceof ProviderError) return error;
  if (error instanceof TransportFailure && error.cause instanceof ProviderError) return error.cause;
  if (error instanceof ServiceRefusal) return explainServiceRefusal(error, question);
  if (error instanceof CredentialFailure) return explainCredentialFailure(error, question);
  if (error instanceof ChallengeFailure) {
    return new VaultError(
      "VAULT_UNAUTHENTICATED",
      `${question.host} did not accept the identity's token, and asks for one of another resource, which it does not get; ` +
        "check keyvaultName and cloudName",
      { cause: error },
    );
  }
  const network = findNetworkError(error);
  if (network !== undefined) {
    const { code, words } = explainNetworkError(network);
    // A proxy's failure names the proxy only.
    const subject = words.includes(question.host) ? "" : `no answer of ${question.host}: `;
    return new VaultError(code, `${subject}${words}`, { cause: error });
  }
  if (error instanceof TransportFailure || !(isAnswered || error instanceof MalformedAnswer)) {
    return new ProviderError("INTERNAL", `the request to ${question.host} failed inside this provider`, {
      cause: error,
    });
  }
  const detail = error instanceof MalformedAnswer ? error.message : "has fields of unknown shape";
  return new VaultError(
    "VAULT_ANSWER_INVALID",
    `${question.host} answered HTTP 200, but the answer ${detail}: not what Key Vault sends for a ${TYPE_WORDS[question.type].noun}; ` +
      "check what stands between this node and the vault (proxy, private endpoint), and keyvaultName",
    { cause: error },
  );
}

function explainServiceRefusal(error: ServiceRefusal, question: Question): VaultError {
  const { facts } = error;
  const { code, words } = explainRefusal(facts, question);
  const inner = facts.innerCode === undefined ? "" : ` (${facts.innerCode})`;
  const answered = `${question.host} answered HTTP ${facts.status}${facts.code === undefined ? "" : ` ${facts.code}`}${inner}`;
  const origin =
    facts.code === undefined
      ? " (not Key Vault's own words: perhaps a proxy or gateway answered for it)"
      : "";
  const said = facts.text === "" ? "" : `; the vault says: ${facts.text}`;
  return new VaultError(code, `${answered}${origin}: ${words}${said}`, { cause: error, refusal: facts });
}

function explainCredentialFailure(error: CredentialFailure, question: Question): ProviderError {
  const { cause, tenantId } = error;
  const reason = cause instanceof ProviderError ? `: ${cause.message}` : "";
  if (tenantId !== undefined) {
    const tenant = /^[\w.-]{1,64}$/.test(tenantId) ? ` of tenant ${tenantId}` : "";
    return new VaultError(
      "VAULT_UNAUTHENTICATED",
      `${question.host} did not accept the identity's token and asks for one${tenant}, which the identity does not get${reason}; ` +
        "check that tenantID is the tenant of the vault's subscription",
      { cause: error },
    );
  }
  if (cause instanceof ProviderError) return cause;
  const network = findNetworkError(cause);
  return network === undefined
    ? new ProviderError("SIGN_IN_FAILED", `no token for ${question.host} could be had`, { cause: error })
    : new ProviderError(
        "SIGN_IN_UNREACHABLE",
        `no token for ${question.host} could be had: ${network.message}`,
        {
          cause: error,
        },
      );
}

function explainNetworkError(error: NetworkError): Explanation {
  const seen = error.message;
  switch (error.kind) {
    case "dns":
      return {
        code: "VAULT_UNREACHABLE",
        words: `${seen}; check keyvaultName and cloudName, and with a private endpoint the private DNS zone`,
      };
    case "timeout":
    case "connect":
    case "tls":
    case "proxy":
    case "reset":
    case "aborted":
      return { code: "VAULT_UNREACHABLE", words: seen };
    case "too-large":
      return { code: "VAULT_ANSWER_TOO_LARGE", words: seen };
    case "off-origin":
      return {
        code: "VAULT_REDIRECTED",
        words: `the vault's answer leads elsewhere: ${seen}; check what stands between this node and the vault`,
      };
    case "redirect":
      return {
        code: "VAULT_REDIRECTED",
        words: `${seen}; check what stands between this node and the vault`,
      };
    case "invalid-request":
      return { code: "VAULT_REQUEST_REJECTED", words: seen };
    case "invalid-answer":
      return {
        code: "VAULT_ANSWER_INVALID",
        words: `${seen}; check what stands between this node and the vault`,
      };
  }
}
