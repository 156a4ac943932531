declare const BUILD_VERSION: string | undefined;
declare const BUILD_DATE: string | undefined;

/** What this program is. The bundler puts both constants in; run from source, it says so. */
export const BUILD_INFO = {
  /** Semantic version. */
  version: typeof BUILD_VERSION === "string" ? BUILD_VERSION : "0.0.0-development",
  buildDate: typeof BUILD_DATE === "string" ? BUILD_DATE : "unknown",
} as const;

/** The one line of `--version`. */
export function versionLine(): string {
  return JSON.stringify({ version: BUILD_INFO.version, buildDate: BUILD_INFO.buildDate });
}
