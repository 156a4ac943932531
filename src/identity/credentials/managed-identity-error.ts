import type { PipelineResponse } from "@azure/core-rest-pipeline";
import type { ErrorCode } from "../../errors/codes.js";
import { quote } from "../../model/quote.js";
import { NetworkError, type NetworkErrorKind } from "../../network/network-error.js";
import { readRefusal, type Refusal } from "../refusal.js";
import { SignInError } from "../sign-in-error.js";

/** What was asked of the metadata service, for the message. */
export interface ManagedIdentityQuestion {
  /** Client id; empty: the system-assigned identity. */
  readonly userAssignedIdentityId: string;
  readonly resource: string;
}

const SERVICE = "the node's metadata service (IMDS)";
const NO_ANSWER: ReadonlySet<NetworkErrorKind> = new Set(["timeout", "connect", "reset"]);
const UNKNOWN_RESOURCE: ReadonlySet<string | undefined> = new Set([
  "invalid_resource",
  "AADSTS50001",
  "AADSTS500011",
]);

/** Why the metadata service refused, and what to do about it: status, code and words as the service gave them first. */
export function explainImdsRefusal(
  response: PipelineResponse,
  question: ManagedIdentityQuestion,
): SignInError {
  const refusal = readRefusal(SERVICE, response, "");
  const [errorCode, remedy] = judge(refusal, question);
  const code = refusal.code === undefined ? "" : ` ${refusal.code}`;
  const text = refusal.text === "" ? "" : ` (${refusal.text})`;
  return new SignInError(errorCode, `${SERVICE} answered HTTP ${refusal.status}${code}${text}: ${remedy}`, {
    refusal,
  });
}

function judge(
  { status, code }: Refusal,
  { userAssignedIdentityId, resource }: ManagedIdentityQuestion,
): [ErrorCode, string] {
  if (status === 429) {
    return ["SIGN_IN_THROTTLED", "this node asks for too many tokens; the next mount tries again"];
  }
  if (status === 404 || status === 410) {
    return ["SIGN_IN_FAILED", "the service is being updated; the next mount tries again"];
  }
  if (status >= 500) {
    return ["SIGN_IN_FAILED", "the service is out of order; the next mount tries again"];
  }
  if (status !== 400) {
    return [
      "SIGN_IN_REJECTED",
      "the provider's pod may not ask it for a token; check what stands between them (AKS's IMDS restriction lets only pods with hostNetwork pass)",
    ];
  }
  if (UNKNOWN_RESOURCE.has(code)) {
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

/** Why there was no answer at all, or none that HTTP knows. Errors that are no NetworkError pass unchanged. */
export function explainImdsFailure(error: unknown): unknown {
  if (!(error instanceof NetworkError)) return error;
  if (!NO_ANSWER.has(error.kind)) {
    return new SignInError(
      "SIGN_IN_FAILED",
      `${SERVICE} did not answer as itself: ${error.message}; check what answers at its address on this node`,
      { cause: error },
    );
  }
  return new SignInError(
    "SIGN_IN_UNREACHABLE",
    `${SERVICE} cannot be reached: ${error.message}; useVMManagedIdentity works on Azure virtual machines only, and a network ` +
      "policy or AKS's IMDS restriction may block the provider's pod (hostNetwork passes the latter)",
    { cause: error },
  );
}

/** An HTTP 200 that brings no usable token. */
export function explainImdsAnswer(problem: string): SignInError {
  return new SignInError(
    "SIGN_IN_FAILED",
    `${SERVICE} answered HTTP 200, but the answer ${problem}; check what answers at its address on this node`,
  );
}
