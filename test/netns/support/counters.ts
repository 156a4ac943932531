import { readFile } from "node:fs/promises";

/** What this network namespace has sent since it was made. */
export interface Counters {
  /** TCP connections begun, whether anybody answered or not. */
  readonly connections: number;
  /** UDP datagrams. */
  readonly datagrams: number;
}

/** Reads the kernel's counters, which miss nobody. @see RFC 1213 (tcpActiveOpens, udpOutDatagrams) */
export async function readCounters(): Promise<Counters> {
  const [both, ipv6] = await Promise.all(
    ["/proc/self/net/snmp", "/proc/self/net/snmp6"].map((file) => readFile(file, "utf8")),
  );
  return {
    connections: column(both ?? "", "Tcp", "ActiveOpens"),
    datagrams:
      column(both ?? "", "Udp", "OutDatagrams") + numberIn(/^Udp6OutDatagrams\s+(\d+)$/m.exec(ipv6 ?? "")),
  };
}

/** A group is two lines: its columns, and their values. */
function column(text: string, group: string, name: string): number {
  const [names, values] = text
    .split("\n")
    .filter((line) => line.startsWith(`${group}: `))
    .map((line) => line.split(" "));
  const value = Number(values?.[names?.indexOf(name) ?? -1]);
  if (!Number.isInteger(value)) throw new Error(`the kernel does not count ${name}`);
  return value;
}

function numberIn(match: RegExpExecArray | null): number {
  return Number(match?.[1] ?? 0);
}
