/**
 * What the wire brings for one Mount, before anything is parsed.
 * @see provider-proto/service.proto, MountRequest
 */
export interface MountRequest {
  /** JSON object, string to string: parameters of the SecretProviderClass and the volume context. */
  readonly attributes: string;
  /** JSON object, string to string, or `null`: the data of nodePublishSecretRef. */
  readonly secrets: string;
  /** Where the driver will write the files; the provider only remembers and logs it. */
  readonly targetPath: string;
  /** JSON number, decimal: the default mode of the files. */
  readonly permission: string;
}
