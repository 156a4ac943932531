import { isIP, type LookupFunction } from "node:net";

/**
 * A lookup that finds the addresses of `host` whatever name it is asked for, as `curl --connect-to` does.
 * @param host - DNS name or IP address; an address is its own answer, and nobody is asked
 */
export function lookupInstead(host: string, lookup: LookupFunction): LookupFunction {
  const family = isIP(host);
  return (_asked, options, callback) => {
    if (family === 0) {
      lookup(host, options, callback);
      return;
    }
    // As dns.lookup does: never before the caller has gone on.
    process.nextTick(() => {
      if (options.all === true) callback(null, [{ address: host, family }]);
      else callback(null, host, family);
    });
  };
}
