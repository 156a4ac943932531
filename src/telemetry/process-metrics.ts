import { Counter, Gauge, type Registry } from "prom-client";

/**
 * A few measures of the process under Prometheus' usual names, each read only when it is scraped. The client
 * library's own set has some forty, with timers and observers that cost CPU all day.
 */
export function registerProcessMetrics(registers: Registry[]): void {
  new Counter({
    name: "process_cpu_seconds_total",
    help: "User and system CPU time spent, in seconds",
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  gauge(registers, "process_resident_memory_bytes", "Resident memory, in bytes", () =>
    process.memoryUsage.rss(),
  );
  gauge(
    registers,
    "nodejs_heap_used_bytes",
    "JavaScript heap in use, in bytes",
    () => process.memoryUsage().heapUsed,
  );
  const startedAtSeconds = performance.timeOrigin / 1000;
  gauge(
    registers,
    "process_start_time_seconds",
    "Start of the process, in seconds since the epoch",
    () => startedAtSeconds,
  );

  let before = performance.eventLoopUtilization();
  gauge(
    registers,
    "nodejs_eventloop_utilization",
    "Share of time that the event loop was busy since the last scrape",
    () => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
  );
}

function gauge(registers: Registry[], name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(read());
    },
  });
}
