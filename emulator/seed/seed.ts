import { parse } from "yaml";
import type { CustomCloud } from "../clouds.js";
import { readKeySet } from "../entra/key-set.js";
import type { EmulatorOptions } from "../options.js";
import { Fields, SeedError } from "./shape.js";
import { readVault } from "./seed-vault.js";
import type { Sow } from "./sow.js";

/** Most characters of a seed file. */
export const MAX_SEED_CHARS = 4 * 1024 * 1024;

/** What a seed file says. */
export interface Seed {
  readonly options: EmulatorOptions;
  /** Where the certificate of the emulator's authority is written. */
  readonly caFile: string | undefined;
  /** Files of an authority that is brought, in PEM; absent: one is made. */
  readonly authorityFiles: { readonly certificate: string; readonly key: string } | undefined;
  readonly sow: Sow;
}

/**
 * Reads a seed file, YAML or JSON.
 * @param clusterIssuer - what a federated credential's `issuer: cluster` stands for, when the emulator runs in one
 * @throws {SeedError} that names the place and says what belongs there; nothing of the file's values is quoted
 */
export function readSeed(text: string, clusterIssuer?: string): Seed {
  if (text.length > MAX_SEED_CHARS) throw new SeedError(`a seed has at most ${MAX_SEED_CHARS} characters`);
  const root = new Fields(parseYaml(text), "");
  const options = readOptions(root);
  const caFile = root.optionalText("caFile");
  const authorityFiles = root.optionalMapping("authority", (fields) => ({
    certificate: fields.text("certificateFile"),
    key: fields.text("keyFile"),
  }));
  const sows = [
    ...root.each("issuers", readIssuer),
    ...root.each("tenants", (fields) => readTenant(fields, clusterIssuer)),
    ...root.each("vaults", readVault),
  ];
  root.finish();
  return {
    options,
    caFile,
    authorityFiles,
    sow: (emulator) => {
      for (const sow of sows) sow(emulator);
    },
  };
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 }) ?? {};
  } catch {
    // The parser's own message quotes the file, and that may hold secrets.
    throw new SeedError("the seed is not well-formed YAML or JSON (aliases are not taken)");
  }
}

function readOptions(root: Fields): EmulatorOptions {
  const port = root.optionalNumber("port");
  const proxyPort = root.optionalNumber("proxyPort");
  const listenOn = root.optionalText("listenOn");
  return {
    ...(port === undefined ? {} : { port }),
    ...(proxyPort === undefined ? {} : { proxyPort }),
    ...(listenOn === undefined ? {} : { listenOn }),
    clouds: root.each("clouds", readCloud),
  };
}

function readCloud(fields: Fields): CustomCloud {
  const name = fields.optionalText("name");
  const vaultAudience = fields.optionalText("vaultAudience");
  return {
    ...(name === undefined ? {} : { name }),
    ...(vaultAudience === undefined ? {} : { vaultAudience }),
    authorityHosts: fields.texts("authorityHosts"),
    vaultSuffix: fields.text("vaultSuffix"),
  };
}

/** An issuer whose keys are a real cluster's: `kubectl get --raw /openid/v1/jwks`. */
function readIssuer(fields: Fields): Sow {
  const url = fields.text("url");
  const jwks = fields.raw("jwks");
  try {
    readKeySet(jwks);
  } catch {
    throw new SeedError(
      `${fields.place}.jwks must be a JSON Web Key Set: what the cluster's /openid/v1/jwks says`,
    );
  }
  return (emulator) => {
    emulator.entra.issuer(url).publishKeySet(jwks);
  };
}

function readTenant(fields: Fields, clusterIssuer: string | undefined): Sow {
  const id = fields.text("id");
  const clouds = fields.texts("clouds");
  const applications = fields.each("applications", (application) => {
    const objectId = application.optionalText("objectId");
    return {
      clientId: application.text("clientId"),
      ...(objectId === undefined ? {} : { objectId }),
      secrets: application.texts("secrets"),
      federated: application.each("federated", (credential) => ({
        issuer: readTrustedIssuer(credential, clusterIssuer),
        subject: credential.text("subject"),
        audience: credential.optionalText("audience") ?? "api://AzureADTokenExchange",
      })),
    };
  });
  return (emulator) => {
    const tenant = emulator.entra.tenant(id, { clouds });
    for (const { secrets, federated, ...application } of applications) {
      tenant.application(application).replaceCredentials({ secrets, federated });
    }
  };
}

function readTrustedIssuer(credential: Fields, clusterIssuer: string | undefined): string {
  const issuer = credential.text("issuer");
  if (issuer !== "cluster") return issuer;
  if (clusterIssuer !== undefined) return clusterIssuer;
  throw new SeedError(
    `${credential.place}.issuer is "cluster", and the emulator was started without --cluster`,
  );
}
