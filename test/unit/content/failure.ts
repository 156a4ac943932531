import { expect } from "chai";
import { ProviderError } from "../../../src/errors/provider-error.js";

/** The {@link ProviderError} that a call ends in; anything else fails the test. */
export async function failureOf(call: () => unknown): Promise<ProviderError> {
  let returned: unknown;
  try {
    returned = await call();
  } catch (error) {
    expect(error).to.be.instanceOf(ProviderError);
    return error as ProviderError;
  }
  throw new Error(`no error, but ${typeof returned}`);
}
