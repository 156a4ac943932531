import { chown } from "node:fs/promises";
import path from "node:path";
import { startContainer } from "./container.js";

/**
 * A program that stands where the tests' worlds expect the provider's: it takes the provider's flags and environment, and
 * runs the image with them. IMAGE_RUN says which image and as whom.
 *
 * The socket's folder, and the file of `NODE_EXTRA_CA_CERTS`, are mounted where a DaemonSet has them; the rest of this
 * machine's files is out of its sight.
 */
const { rootfs, entrypoint, env, uid, gid } = JSON.parse(process.env["IMAGE_RUN"] ?? "{}") as {
  rootfs: string;
  entrypoint: string[];
  env: string[];
  uid: number;
  gid: number;
};
const OF_THIS_PROGRAM: ReadonlySet<string> = new Set([
  "IMAGE_RUN",
  "IMAGE_FOLDER",
  "NODE_OPTIONS",
  "PATH",
  "HOME",
]);

const flags = process.argv.slice(2);
const endpoint = flags
  .find((flag) => flag.startsWith("--endpoint=unix://"))
  ?.slice("--endpoint=unix://".length);
if (endpoint === undefined) throw new Error("there is no --endpoint");
const socketFolder = path.dirname(endpoint);
await chown(socketFolder, uid, gid);

const caFile = process.env["NODE_EXTRA_CA_CERTS"];
const given = Object.entries({
  ...process.env,
  ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: "/ca.pem" }),
}).filter(([name]) => !OF_THIS_PROGRAM.has(name));

const container = await startContainer({
  rootfs,
  args: [...entrypoint, ...flags.map((flag) => flag.replace(`unix://${socketFolder}/`, "unix:///provider/"))],
  env: [...env, ...given.map(([name, value]) => `${name}=${value}`)],
  uid,
  gid,
  mounts: [
    { source: socketFolder, target: "/provider", isWritable: true },
    ...(caFile === undefined ? [] : [{ source: caFile, target: "/ca.pem" }]),
  ],
});
container.stdout?.pipe(process.stdout);
container.stderr?.pipe(process.stderr);
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => container.kill(signal)); // runc passes it on
}
container.once("close", (code) => {
  process.exitCode = code ?? 1;
});
