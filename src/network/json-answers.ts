import type { HttpClient, PipelineResponse } from "@azure/core-rest-pipeline";
import { NetworkError } from "./network-error.js";

export interface JsonAnswersOptions {
  /**
   * True when whoever reads the answers parses every body, whatever its content type says (MSAL does). Default false:
   * only bodies that claim to be JSON are looked at.
   */
  readonly everyBody?: boolean;
}

/**
 * Wraps a client so that an answer whose JSON does not parse is an error of ours. Left to them, the SDK's and MSAL's
 * parsers put the body, which may be a secret or a token, into their messages.
 * @throws {NetworkError} invalid-answer, with the status of the answer
 */
export function requireJsonAnswers(httpClient: HttpClient, options: JsonAnswersOptions = {}): HttpClient {
  return {
    async sendRequest(request) {
      const response = await httpClient.sendRequest(request);
      const text = response.bodyAsText;
      if (!text || !(options.everyBody === true || claimsJson(response)) || parses(text)) return response;
      const { host } = new URL(request.url);
      const { status } = response;
      throw new NetworkError(
        "invalid-answer",
        `${host} answered HTTP ${status} with a body that is not JSON`,
        {
          host,
          status,
        },
      );
    },
  };
}

/** The SDK also parses an answer that names no content type. */
function claimsJson(response: PipelineResponse): boolean {
  const type = (response.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  return type === "" || type === "text/json" || type.endsWith("/json") || type.endsWith("+json");
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
