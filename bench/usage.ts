export const DEFAULT_PROVIDER = "node dist/provider.js";
export const DEFAULT_DELAY_MS = 20;

export const USAGE = `npm run bench -- [options]

Starts a provider on a Unix socket before an embedded Key Vault with its Entra ID, calls it as the CSI driver does, and
prints what its mounts took and cost. The program and the vault are processes of their own.

  --provider <command>   what to measure; default "${DEFAULT_PROVIDER}"
                         {endpoint}, {healthzPort} and {metricsPort} are filled in; without {endpoint}, the flags
                         --endpoint, --healthz-port and --prometheus-port are put behind the command
  --against <command>    a second one: the two are run alternately, and ratios are printed
  --scenario <a,b,…>     only these; a name ending in * stands for all that begin so
  --delay-ms <n>         how long the vault and Entra ID take for every answer, in the scenarios that have a delay;
                         default ${DEFAULT_DELAY_MS}
  --repeat <n>           runs of each scenario for each provider; default 1, with --against 2, with --quick 1
  --quick                few pods and short times: shows that all works, its numbers are not to be quoted
  --json <file>          results as JSON too; - prints them in the place of the tables
  --list                 names the scenarios, and ends
  --help                 prints this, and ends

The way to the vault is in the provider's environment: HTTPS_PROXY, and NODE_EXTRA_CA_CERTS and SSL_CERT_FILE for its
certificate authority. Of the bench's own environment it gets PATH only; put "env NAME=value" before its command for more.

Exit code: 0; 1 when a run had to be given up; 2 for wrong options; 130 when it was interrupted, with what there was.
`;
