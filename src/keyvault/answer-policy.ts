import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import {
  ChallengeFailure,
  CredentialFailure,
  MalformedAnswer,
  ServiceRefusal,
  TransportFailure,
} from "./failures.js";
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
      // That it parses, where it calls itself JSON, is the network room's care; the SDK takes anything else for text.
      if (!/^\s*\{/.test(response.bodyAsText ?? "")) {
        throw new MalformedAnswer("is no JSON object");
      }
      return response;
    },
  };
}

/** Thrown by our own code further in; what is left comes from the SDK's handling of a challenge. */
function isUnderstood(error: unknown): boolean {
  return error instanceof CredentialFailure || error instanceof TransportFailure;
}
