import type { ErrorCode } from "../../errors/codes.js";
import { ProviderError } from "../../errors/provider-error.js";
import { quote } from "../../model/quote.js";
import { NetworkError, type NetworkErrorKind } from "../../network/network-error.js";
import { shownCode, shownText } from "./shown-text.js";
import { fieldOf, parseJson } from "./token-answer.js";

/** What was asked of the metadata service, for the message. */
export interface ManagedIdentityQuestion {
  /** Client id; empty: the system-assigned identity. */
  readonly userAssignedIdentityId: string;
  readonly resource: string;
}

/** An answer of the metadata service that is no token. */
export interface ImdsRefusal {
  readonly status: number;
  readonly body: string;
}

const SERVICE = "the node's metadata service (IMDS)";
const NO_ANSWER: ReadonlySet<NetworkErrorKind> = new Set(["timeout", "connect", "reset"]);

/** Why the metadata service refused, and what to do about it: status and code as the service gave them, then the remedy. */
export function explainImdsRefusal(refusal: ImdsRefusal, question: ManagedIdentityQuestion): ProviderError {
  const body = parseJson(refusal.body);
  const code = shownCode(fieldOf(body, "error"));
  const description = shownText(fieldOf(body, "error_description"));
  const [errorCode, remedy] = judge(refusal.status, code, question);
  const said = [code, description === "" ? "" : `(${description})`].filter((part) => part !== "").join(" ");
  return new ProviderError(
    errorCode,
    `${SERVICE} answered HTTP ${refusal.status}${said === "" ? "" : ` ${said}`}: ${remedy}`,
  );
}

function judge(
  status: number,
  code: string,
  { userAssignedIdentityId, resource }: ManagedIdentityQuestion,
): [ErrorCode, string] {
  if (status === 429) {
    return ["SIGN_IN_THROTTLED", "this node asks for too many tokens; the mount is tried again later"];
  }
  if (status === 404 || status === 410) {
    return ["SIGN_IN_FAILED", "the service is being updated; the mount is tried again later"];
  }
  if (status >= 500) {
    return ["SIGN_IN_FAILED", "the service is out of order; the mount is tried again later"];
  }
  if (status !== 400) {
    return [
      "SIGN_IN_REJECTED",
      "the provider's pod may not ask it for a token; check what stands between them (AKS's IMDS restriction lets only pods with hostNetwork pass)",
    ];
  }
  if (code === "invalid_resource") {
    return [
      "SIGN_IN_REJECTED",
      `the identity's tenant knows no ${resource}; check cloudName, and that the cluster runs in that cloud`,
    ];
  }
  return [
    "SIGN_IN_REJECTED",
    userAssignedIdentityId === ""
      ? "the node has no system-assigned identity, nor a single user-assigned one; set userAssignedIdentityID to the client id " +
        "of an identity that is assigned to the node pool's virtual machine scale set"
      : `the node has no identity with client id ${quote(userAssignedIdentityId)}; check userAssignedIdentityID (the client id, ` +
        "neither the object id nor the resource id), and assign the identity to the node pool's virtual machine scale set",
  ];
}

/** Why there was no answer at all, or none that HTTP knows. Errors that are no NetworkError pass, and so does an abort. */
export function explainImdsFailure(error: unknown): unknown {
  if (!(error instanceof NetworkError) || error.kind === "aborted") return error;
  if (!NO_ANSWER.has(error.kind)) {
    return new ProviderError(
      "SIGN_IN_FAILED",
      `${SERVICE} did not answer as itself: ${error.message}; check what answers at its address on this node`,
      { cause: error },
    );
  }
  return new ProviderError(
    "SIGN_IN_UNREACHABLE",
    `${SERVICE} cannot be reached: ${error.message}; useVMManagedIdentity works on Azure virtual machines only, and a network ` +
      "policy or AKS's IMDS restriction may block the provider's pod (hostNetwork passes the latter)",
    { cause: error },
  );
}

/** An HTTP 200 that brings no usable token. */
export function explainImdsAnswer(problem: string): ProviderError {
  return new ProviderError(
    "SIGN_IN_FAILED",
    `${SERVICE} answered HTTP 200, but the answer ${problem}; check what answers at its address on this node`,
  );
}
