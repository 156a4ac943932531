"use strict";
/**
 * Loaded into a provider before its own code (`NODE_OPTIONS=--require`): what it sends to the node's token services goes to
 * doubles on other ports, since a test may listen neither at 169.254.169.254:80 nor at a port that is always the same.
 */
const net = require("node:net");

const PORTS = {
  "169.254.169.254:80": process.env.TEST_IMDS_PORT,
  "localhost:2579": process.env.TEST_NMI_PORT,
};
const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [given] = args;
  const options = Array.isArray(given) ? given[0] : given;
  const port =
    typeof options === "object" && options !== null ? PORTS[`${options.host}:${options.port}`] : undefined;
  if (port !== undefined) Object.assign(options, { host: "127.0.0.1", port: Number(port) });
  return Reflect.apply(connect, this, args);
};
