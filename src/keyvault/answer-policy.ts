import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import { ProviderError } from "../errors/provider-error.js";
import { findNetworkError } from "../network/network-error.js";
import { ChallengeFailure, CredentialFailure, MalformedAnswer, ServiceRefusal } from "./failures.js";
import { readRefusal } from "./service-refusal.js";

/**
 * Stands outside the SDK's authentication and sees what comes of it: only an HTTP 200 that holds a JSON object goes on to
 * the SDK's own reading. Everything else becomes an error with the facts that are needed to explain it:
 * {@link ServiceRefusal}, {@link MalformedAnswer}, {@link ChallengeFailure}.
 * @param signal - given to requests that carry none: the SDK asks for the second and later pages of a list without the
 * caller's options
 */
export function answerPolicy(signal?: AbortSignal): PipelinePolicy {
  return {
    name: "answerPolicy",
    async sendRequest(request, next) {
      if (!URL.canParse(request.url)) throw new MalformedAnswer("links to an address that is no URL");
      if (signal !== undefined) request.abortSignal ??= signal;
      const response = await next(request).catch((error: unknown) => {
        throw isUnderstood(error) ? error : new ChallengeFailure(error);
      });
      if (response.status !== 200) throw new ServiceRefusal(readRefusal(response));
      // The network room has already parsed whatever calls itself JSON.
      const type = response.headers.get("content-type") ?? "";
      if (!/^\s*\{/.test(response.bodyAsText ?? "") || !/^\s*application\/json\b/i.test(type)) {
        throw new MalformedAnswer("is no JSON object");
      }
      return response;
    },
  };
}

/** Thrown by our own code below, or an abort; what is left comes from the SDK's handling of a challenge. */
function isUnderstood(error: unknown): boolean {
  return (
    error instanceof ProviderError ||
    error instanceof CredentialFailure ||
    findNetworkError(error) !== undefined ||
    (error instanceof Error && error.name === "AbortError")
  );
}
