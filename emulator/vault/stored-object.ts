import { randomBytes } from "node:crypto";

/** What an owner may say about any version; times in seconds since the epoch. */
export interface AttributeOptions {
  /** Default true. */
  readonly enabled?: boolean;
  /** Default now. */
  readonly created?: number | Date;
  readonly expires?: number | Date;
  readonly notBefore?: number | Date;
  readonly tags?: Readonly<Record<string, string>>;
  /** 32 lower-case hex digits; default random. */
  readonly version?: string;
}

/** One version of an object; `content` is what its kind adds. */
export interface StoredVersion<Content> {
  readonly id: string;
  readonly content: Content;
  readonly created: number;
  readonly expires?: number | undefined;
  readonly notBefore?: number | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  updated: number;
  enabled: boolean;
}

/** All versions under one name. */
export interface StoredObject<Content> {
  /** As first spelt; names are found in any case. */
  readonly name: string;
  /** In the order of creation in the store. */
  readonly versions: StoredVersion<Content>[];
}

/** A new version from what its owner says. */
export function makeVersion<Content>(
  content: Content,
  options: AttributeOptions,
  nowMs: number,
): StoredVersion<Content> {
  const created = seconds(options.created) ?? Math.floor(nowMs / 1000);
  return {
    id: options.version ?? randomBytes(16).toString("hex"),
    content,
    created,
    updated: created,
    enabled: options.enabled ?? true,
    expires: seconds(options.expires),
    notBefore: seconds(options.notBefore),
    tags: options.tags,
  };
}

/** The version that a read without a version gets: created last; of equals, stored last. */
export function newestVersion<Content>(object: StoredObject<Content>): StoredVersion<Content> | undefined {
  let newest: StoredVersion<Content> | undefined;
  for (const version of object.versions) {
    if (newest === undefined || version.created >= newest.created) newest = version;
  }
  return newest;
}

function seconds(time: number | Date | undefined): number | undefined {
  return time instanceof Date ? Math.floor(time.getTime() / 1000) : time;
}
