import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/**
 * Who may import whom, as ARCHITECTURE.md draws it: a room imports the rooms and the outside packages that its row
 * names, and nothing else. `main.ts` is the only file that may import everything.
 */
const LEAVES = ["model", "errors"];
const ROOMS = {
  model: { rooms: [], packages: ["node:util"] },
  errors: { rooms: [], packages: [] },
  telemetry: {
    rooms: LEAVES,
    packages: [
      "pino",
      "prom-client",
      // Profiles are written as pprof's protobuf.
      "protobufjs/minimal.js",
      "node:fs",
      "node:http",
      "node:inspector",
      "node:inspector/promises",
      "node:os",
      "node:stream",
      "node:timers/promises",
      "node:util",
      "node:zlib",
    ],
  },
  config: { rooms: LEAVES, packages: ["node:net"] },
  parameters: { rooms: LEAVES, packages: ["yaml", "lru-cache", "node:crypto"] },
  content: {
    rooms: LEAVES,
    packages: ["node:crypto", "node-forge/lib/rc2.js", "node-forge/lib/util.js"],
  },
  sharing: { rooms: [], packages: ["lru-cache"] },
  cloud: { rooms: LEAVES, packages: ["node:fs", "node:fs/promises"] },
  network: {
    rooms: [...LEAVES, "telemetry"],
    packages: [
      "@azure/core-rest-pipeline",
      "node:dns",
      "node:os",
      "node:stream",
      "node:https",
      "node:http",
      "node:tls",
      "node:fs",
      "node:fs/promises",
      "node:net",
      "node:path",
    ],
  },
  identity: {
    rooms: [...LEAVES, "network", "sharing"],
    packages: [
      "lru-cache",
      "@azure/identity",
      "@azure/core-rest-pipeline",
      "@azure/core-auth",
      "node:crypto",
      "node:tls",
      // The cluster's own authority and API server, for identity binding.
      "node:dns",
      "node:fs",
      "node:fs/promises",
      "node:net",
      "node:timers/promises",
    ],
  },
  keyvault: {
    rooms: [...LEAVES, "network", "sharing"],
    packages: [
      "@azure/keyvault-secrets",
      "@azure/keyvault-keys",
      "@azure/keyvault-certificates",
      "@azure/core-rest-pipeline",
      "@azure/core-auth",
    ],
  },
  offload: { rooms: [...LEAVES, "parameters", "content"], packages: ["node:worker_threads"] },
  mount: {
    rooms: [...LEAVES, "parameters", "cloud", "identity", "keyvault", "content", "offload", "telemetry"],
    packages: ["p-limit", "lru-cache", "node:events"],
  },
  // What people and CI run by hand; serving loads none of it.
  commands: {
    rooms: [...LEAVES, "config", "parameters"],
    packages: ["yaml", "node:crypto", "node:fs", "node:fs/promises", "node:path"],
  },
  rpc: {
    rooms: [...LEAVES, "telemetry"],
    packages: [
      "@grpc/grpc-js",
      "protobufjs/minimal.js",
      "node:fs",
      "node:http2",
      "node:net",
      "node:path",
      "node:timers/promises",
    ],
    also: ["provider-proto"],
  },
};

function roomRules([room, { rooms, packages, also = [] }]) {
  const escape = (text) => text.replaceAll("/", "\\/").replaceAll(".", "\\.");
  const own = `\\.\\/(?!\\.)`; // ./file
  const siblings = rooms.map((name) => `(\\.\\.\\/)+${name}\\/`);
  const inside = `\\.\\.\\/(?!${Object.keys(ROOMS).join("\\/|")}\\/|main\\.js|\\.\\.)`; // ../file of a nested folder
  const outside = [...packages, ...also.map((folder) => `(?:\\.\\.\\/)+${folder}\\/.*`)].map((name) =>
    name.startsWith("(") ? name : `${escape(name)}$`,
  );
  return {
    files: [`src/${room}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: `^(?!${[own, inside, ...siblings, ...outside].join("|")})`,
              message: `src/${room}/ may import only: ${[...rooms.map((name) => `${name}/`), ...packages, ...also].join(", ") || "nothing"} (see ARCHITECTURE.md)`,
            },
          ],
        },
      ],
    },
  };
}

export default defineConfig(
  { ignores: ["dist", "node_modules", "coverage", "provider-proto/generated", "demo-output"] },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ["eslint.config.js", "test/support/*.cjs", "test/support/offload/*.js"],
        },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-unused-expressions": "off", // chai's assertions are expressions
      "no-console": "error",
      eqeqeq: "error",
    },
  },
  { files: ["**/*.js", "**/*.cjs"], extends: [tseslint.configs.disableTypeChecked] },
  {
    files: ["**/*.cjs"],
    rules: { "@typescript-eslint/no-require-imports": "off" },
    languageOptions: { sourceType: "commonjs" },
  },
  { files: ["demo/**", "bench/**", "scripts/**", "emulator/main.ts"], rules: { "no-console": "off" } },
  {
    // Only main.ts ends the process.
    files: ["src/**/*.ts"],
    ignores: ["src/main.ts"],
    rules: { "no-restricted-properties": ["error", { object: "process", property: "exit" }] },
  },
  {
    // The provider does not know that the embedded vault, the demo or a test exists, nor they its insides.
    files: ["emulator/**/*.ts", "driver/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ regex: "(^|/)src/", message: "stands alone: never imports src/" }] },
      ],
    },
  },
  ...Object.entries(ROOMS).map(roomRules),
);
