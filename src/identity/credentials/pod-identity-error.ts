import type { ErrorCode } from "../../errors/codes.js";
import type { PodReference } from "../../model/mount-plan.js";
import { NetworkError, type NetworkErrorKind } from "../../network/network-error.js";
import { cleanText } from "../refusal.js";
import { SignInError } from "../sign-in-error.js";

const SERVICE = "AAD Pod Identity's server on this node (NMI)";
const NO_ANSWER: ReadonlySet<NetworkErrorKind> = new Set(["timeout", "connect", "reset", "dns"]);
const DEPRECATED = "AAD Pod Identity is no longer maintained: better move to workload identity";

/**
 * Why NMI refused. The message begins with the words that people search for; the server's own words follow them.
 * @param text - body of the answer
 */
export function explainNmiRefusal(
  status: number,
  text: string,
  pod: Pick<PodReference, "name" | "namespace">,
): SignInError {
  const said = cleanText(text);
  const [code, remedy] = judge(status, `${pod.namespace}/${pod.name}`);
  return new SignInError(
    code,
    `nmi response failed with status code: ${status}${said === "" ? "" : `, err: ${said}`}; ${remedy}`,
  );
}

function judge(status: number, pod: string): [ErrorCode, string] {
  switch (status) {
    case 403:
      return [
        "SIGN_IN_REJECTED",
        `no identity is assigned to pod ${pod}, or the node cannot get its token: check the pod's label aadpodidbinding, the ` +
          `AzureIdentity and AzureIdentityBinding, and that the identity exists. ${DEPRECATED}`,
      ];
    case 404:
      return [
        "SIGN_IN_REJECTED",
        `the identity of pod ${pod} is still being assigned: the next mount tries again; when this stays, look at the log of MIC. ${DEPRECATED}`,
      ];
    case 429:
      return ["SIGN_IN_THROTTLED", "the next mount tries again"];
    default:
      return status >= 500
        ? ["SIGN_IN_FAILED", `look at the log of NMI on this node. ${DEPRECATED}`]
        : ["SIGN_IN_REJECTED", `check that NMI, not something else, listens at its port. ${DEPRECATED}`];
  }
}

/** Why there was no answer at all, or none that HTTP knows. Errors that are no NetworkError pass unchanged. */
export function explainNmiFailure(error: unknown): unknown {
  if (!(error instanceof NetworkError)) return error;
  if (!NO_ANSWER.has(error.kind)) {
    return new SignInError(
      "SIGN_IN_FAILED",
      `${SERVICE} did not answer as itself: ${error.message}; check what listens at its port`,
      { cause: error },
    );
  }
  return new SignInError(
    "SIGN_IN_UNREACHABLE",
    `${SERVICE} cannot be reached: ${error.message}; check that NMI runs on this node, and that the provider's pod has ` +
      `hostNetwork. ${DEPRECATED}`,
    { cause: error },
  );
}

/** An HTTP 200 that brings no usable token. */
export function explainNmiAnswer(problem: string): SignInError {
  return new SignInError(
    "SIGN_IN_FAILED",
    `${SERVICE} answered HTTP 200, but the answer ${problem}; check what listens at its port`,
  );
}
