import type { v1alpha1 } from "../../provider-proto/generated/messages.js";

/** As much of an answer as is looked at. */
export interface Mounted {
  readonly objectVersions: ReadonlyMap<string, string>;
  readonly files: readonly v1alpha1.IFile[];
}

/** Whoever can call Mount. */
export interface MountClient {
  /** @throws Error when the call fails, or when the driver would refuse the answer */
  mount(
    request: v1alpha1.IMountRequest,
    options: { readonly deadlineMs: number; readonly signal: AbortSignal },
  ): Promise<Mounted>;
}
