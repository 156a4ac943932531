/** Where the driver reaches this provider. */
export type Endpoint =
  | { readonly kind: "unix"; readonly path: string }
  /** `host` empty: all addresses. */
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };
