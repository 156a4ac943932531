"use strict";
/**
 * Loaded into a provider before its own code (`NODE_OPTIONS=--require`): it notes every name that is looked up and every
 * connection that is made, whoever asks, and stands in for DNS. See `recorded-network.ts`, which sets the variables.
 */
const dgram = require("node:dgram");
const dns = require("node:dns");
const fs = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");
const net = require("node:net");

const { TEST_NET_RECORD, TEST_NET_PORT, TEST_NET_SILENT = "", TEST_NET_FILES = "" } = process.env;
const { appendFileSync, openSync, statSync } = fs;
/** As many getaddrinfo as libuv runs at a time. */
const THREADS = 2;
const SILENCE_MS = 20_000;

const note = (entry) => appendFileSync(TEST_NET_RECORD, `${JSON.stringify(entry)}\n`);
const isSilent = (name) => TEST_NET_SILENT !== "" && new RegExp(TEST_NET_SILENT).test(name);

// --- getaddrinfo: every name leads to this machine; the silent ones hold a thread, and the others wait for one.
const line = [];
let busy = 0;
function next() {
  const ask = busy < THREADS ? line.shift() : undefined;
  if (ask === undefined) return;
  busy += 1;
  const done = (error) => {
    busy -= 1;
    ask(error);
    next();
  };
  if (isSilent(ask.hostname))
    setTimeout(done, SILENCE_MS, Object.assign(new Error("silence"), { code: "EAI_AGAIN" })).unref();
  else setImmediate(done, null);
  next();
}
function lookup(hostname, options, callback = options) {
  const isLiteral = net.isIP(hostname) !== 0;
  if (!isLiteral) note({ kind: "getaddrinfo", name: hostname });
  const isAll = typeof options === "object" && options.all === true;
  const address = { address: isLiteral ? hostname : "127.0.0.1", family: net.isIP(hostname) || 4 };
  const ask = (error) =>
    isAll ? callback(error, error ? undefined : [address]) : callback(error, address.address, address.family);
  line.push(Object.assign(ask, { hostname }));
  next();
}
dns.lookup = lookup;
dns.promises.lookup = (hostname, options = {}) =>
  new Promise((resolve, reject) => {
    lookup(hostname, { ...options, all: true }, (error, found) =>
      error ? reject(error) : resolve(options.all ? found : found[0]),
    );
  });

// --- DNS over the network.
const noData = () => Promise.reject(Object.assign(new Error("no data"), { code: "ENODATA" }));
async function query(name, method) {
  note({ kind: "dns", name });
  if (isSilent(name)) return await new Promise(() => undefined);
  return method === "resolve4" ? [{ address: "127.0.0.1", ttl: 1 }] : await noData();
}
for (const owner of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  const isPromise = owner === dns.promises || owner === dns.promises.Resolver.prototype;
  for (const method of Object.getOwnPropertyNames(owner).filter((name) => /^(resolve|reverse)/.test(name))) {
    owner[method] = (name, ...rest) => {
      const answer = query(name, method);
      if (isPromise) return answer;
      const callback = rest.at(-1);
      answer.then((records) => callback(null, records), callback);
      return undefined;
    };
  }
}

// --- Connections: port 443 is where the test says, in a process that may not listen there.
const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [given] = args;
  const options = Array.isArray(given) ? given[0] : given;
  if (typeof options === "object" && options !== null && !options.path && options.port !== undefined) {
    note({ kind: "connect", name: String(options.host ?? "localhost"), port: Number(options.port) });
    if (Number(options.port) === 443) options.port = Number(TEST_NET_PORT);
  } else if (typeof given !== "object") {
    note({ kind: "connect", name: String(args[1] ?? ""), port: Number(given) });
  }
  return Reflect.apply(connect, this, args);
};
const { send } = dgram.Socket.prototype;
dgram.Socket.prototype.send = function (...args) {
  note({ kind: "datagram", name: String(args.find((arg, at) => at > 1 && typeof arg === "string") ?? "") });
  return Reflect.apply(send, this, args);
};

// --- Files that an unprivileged test cannot put in their place: FROM=TO.
const [from, to] = TEST_NET_FILES.split("=");
if (to !== undefined) {
  fs.openSync = (path, ...rest) => openSync(path === from ? to : path, ...rest);
  fs.statSync = (path, ...rest) => statSync(path === from ? to : path, ...rest);
}
syncBuiltinESMExports();
