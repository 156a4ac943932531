import { row, type Section } from "./row.js";

const WIRE = "integration/wire";
const VERSION = "the wire answers Version with the API's version, the provider's name and a semantic version";
const MOUNT = "the wire answers a Mount with files and versions, and no error field";
const HEALTH = "integration/health";
const GRPC_HEALTH = "health grpc.health.v1.Health";
const SERVER = "rpc/provider-server";
const CODEC = "rpc/wire";

export const WIRE_ROWS: Section = {
  title: "The wire",
  rows: [
    row("Version: version", [WIRE, VERSION], [SERVER, 'version: "v1alpha1",', 'version: "v1",']),
    row("Version: runtime_name", [WIRE, VERSION], [SERVER, "runtimeName: RUNTIME_NAME,", 'runtimeName: "",']),
    row(
      "Version: runtime_version",
      [WIRE, VERSION],
      [SERVER, "runtimeVersion: version }", 'runtimeVersion: "" }'],
    ),
    row(
      "MountRequest: attributes",
      [WIRE, MOUNT],
      [
        CODEC,
        "return { attributes, secrets, targetPath, permission };",
        'return { attributes: "{}", secrets, targetPath, permission };',
      ],
    ),
    row(
      "MountRequest: secrets",
      ["integration/service-principal", "service principal signs in with clientid and clientsecret"],
      [
        CODEC,
        "return { attributes, secrets, targetPath, permission };",
        'return { attributes, secrets: "{}", targetPath, permission };',
      ],
    ),
    row(
      "MountRequest: target_path",
      ["unit/rpc/wire", "rpc/wire decodeMountRequest reads the four fields and leaves the current versions"],
      [
        CODEC,
        "return { attributes, secrets, targetPath, permission };",
        'return { attributes, secrets, targetPath: "", permission };',
      ],
    ),
    row(
      "MountRequest: permission",
      [WIRE, 'the wire permission "256" makes files of mode 0400'],
      [
        CODEC,
        "return { attributes, secrets, targetPath, permission };",
        'return { attributes, secrets, targetPath, permission: "420" };',
      ],
    ),
    row(
      "MountRequest: permission null is mode 0",
      [WIRE, 'the wire permission "null" makes files of mode 00'],
      ["parameters/decode-mount-request", 'if (text === "null") return 0;', ""],
    ),
    row(
      "MountRequest: current_object_version may be there",
      [
        WIRE,
        "the wire attributes may hold current_object_version beside them, as drivers before v1.6 send it",
      ],
      [
        CODEC,
        "reader.skipType(reader.uint32() & 7);",
        'const tag = reader.uint32();\n    if (tag >>> 3 === 5) throw new RangeError("current_object_version");\n    reader.skipType(tag & 7);',
      ],
    ),
    row(
      "MountResponse: object_version.id",
      [WIRE, MOUNT],
      [CODEC, "({ id, version })),", '({ id: "", version })),'],
    ),
    row(
      "MountResponse: object_version.version",
      [WIRE, MOUNT],
      [CODEC, "({ id, version })),", '({ id, version: "" })),'],
    ),
    row(
      "MountResponse: files.path",
      [WIRE, MOUNT],
      [CODEC, "({ path, mode, contents })),", '({ path: "x", mode, contents })),'],
    ),
    row(
      "MountResponse: files.mode",
      [WIRE, MOUNT],
      [CODEC, "({ path, mode, contents })),", "({ path, mode: 0, contents })),"],
    ),
    row(
      "MountResponse: files.contents",
      [WIRE, MOUNT],
      [CODEC, "({ path, mode, contents })),", "({ path, mode, contents: new Uint8Array() })),"],
    ),
    row(
      "MountResponse: error is left out",
      [WIRE, MOUNT],
      [CODEC, "files: files.map(", 'error: { code: "none" },\n      files: files.map('],
    ),
    row(
      "secrets may be {}, as the sync controller sends it",
      [WIRE, "the wire secrets may be {} beside a token, as the sync controller sends it"],
      [
        "parameters/decode-mount-request",
        'const secretsText = request.secrets.trim() === "" ? "null" : request.secrets;',
        'const secretsText = request.secrets === "{}" ? "no" : request.secrets;',
      ],
    ),
    row(
      "secrets may be null",
      [
        "integration/service-principal",
        "service principal without what it needs is refused before anything is asked null",
      ],
      [
        "parameters/decode-mount-request",
        'const secretsText = request.secrets.trim() === "" ? "null" : request.secrets;',
        'const secretsText = request.secrets === "null" ? "no" : request.secrets;',
      ],
    ),
    row(
      "tokens in secrets (Kubernetes 1.35) are no secret of the pod",
      [WIRE, "the wire secrets that hold tokens only still count as no secret for a service principal"],
      [
        "parameters/decode-mount-request",
        "if (name !== DRIVER_ATTRIBUTE.serviceAccountTokens) secrets.set(",
        "secrets.set(",
      ],
    ),
    row(
      "Health/Check",
      [HEALTH, `${GRPC_HEALTH} Check of "" is SERVING`],
      [SERVER, '"/grpc.health.v1.Health/Check",', '"/grpc.health.v1.Health/NoCheck",'],
    ),
    row(
      "Health/List",
      [HEALTH, `${GRPC_HEALTH} List tells of every service`],
      [SERVER, '"/grpc.health.v1.Health/List",', '"/grpc.health.v1.Health/NoList",'],
    ),
    row(
      "Health/Watch",
      [HEALTH, `${GRPC_HEALTH} Watch tells the state at once`],
      [SERVER, '"/grpc.health.v1.Health/Watch",', '"/grpc.health.v1.Health/NoWatch",'],
    ),
    row(
      "api-version 7.4",
      ["integration/secrets", "secrets are asked for with api-version 7.4"],
      ["keyvault/object-clients", 'const API_VERSION = "7.4";', 'const API_VERSION = "7.5";'],
    ),
  ],
};

export const PROCESS_ROWS: Section = {
  title: "The process",
  rows: [
    row(
      "--version: one JSON line with version and buildDate",
      ["integration/flags", "flags -version prints one JSON line and ends with 0"],
      ["config/build-info", "buildDate: BUILD_INFO.buildDate });", "date: BUILD_INFO.buildDate });"],
    ),
    row(
      "the socket has mode 0700",
      ["integration/socket", "the socket has mode 0700, whatever the umask"],
      ["rpc/socket-file", "process.umask(0o077)", "process.umask(0o007)"],
    ),
    row(
      "whatever file lies in the socket's place is removed",
      ["integration/socket", "the socket takes the place of a regular file"],
      [
        "rpc/socket-file",
        "renameSync(ownName, path);",
        "if (existsSync(path)) throw new Error(path);\n      renameSync(ownName, path);",
      ],
    ),
    row(
      "SIGTERM finishes running calls, then exits with 0",
      [
        "integration/shutdown",
        "shutdown SIGTERM lets a running mount finish, then ends with 0 and removes the socket",
      ],
      [
        "serve",
        "await server.drain(DRAIN_LIMIT_MS, signals.hurry);",
        "await server.drain(0, signals.hurry);",
      ],
    ),
    row(
      "SIGINT finishes running calls, then exits with 0",
      [
        "integration/shutdown",
        "shutdown SIGINT lets a running mount finish, then ends with 0 and removes the socket",
      ],
      ["process-events", 'process.on("SIGINT", onSignal);', ""],
    ),
    row(
      "/healthz is 200 ok while the socket answers",
      [HEALTH, "health over HTTP GET /healthz is 200"],
      [
        "rpc/health-port",
        'answer === "serving" ? plainText(200, "ok")',
        'answer === "serving" ? plainText(204, "")',
      ],
    ),
    row(
      "/healthz is 503 otherwise",
      ["unit/rpc/health-port", "rpc/health-port openHealthPort answers 503 when there is no socket"],
      [
        "rpc/health-port",
        "plainText(503, `the endpoint is ${answer}`)",
        "plainText(200, `the endpoint is ${answer}`)",
      ],
    ),
    row(
      "/healthz answers from a fresh memory of the last check",
      [
        "unit/rpc/health-port",
        "rpc/health-port openHealthPort answers ok while the socket is served, asking once for all who come within a second",
      ],
      ["rpc/health-port", "const FRESH_MS = 1000;", "const FRESH_MS = -1;"],
    ),
    row(
      "profiles are served to nobody unless asked for",
      ["integration/profiles", "profiles, unless asked for are not served"],
      ["serve", 'if (!config["enable-pprof"]) return [];', ""],
    ),
    row(
      "profiles are served on localhost only",
      [
        "integration/profiles",
        "profiles, for those who ask for them on ::1 too, where there is one, and on no address that others reach",
      ],
      ["telemetry/profile-ports", 'return ["127.0.0.1",', 'return ["0.0.0.0",'],
    ),
    row(
      "metrics at /metrics",
      ["integration/metrics", "metrics are Prometheus text"],
      ["telemetry/metrics-port", '[["/metrics", scrape]]', '[["/no-metrics", scrape]]'],
    ),
  ],
};
