/**
 * What an older endpoint calls the resource: the scope without `/.default` at its end.
 * @example resourceOf("https://vault.azure.net/.default") // "https://vault.azure.net"
 */
export function resourceOf(scope: string): string {
  return scope.replace(/\/\.default$/, "");
}
