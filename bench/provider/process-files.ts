/** Linux counts CPU time of /proc in hundredths of a second on every platform that Node runs on (USER_HZ). */
const MS_PER_TICK = 10;
const KIB_PER_MIB = 1024;

/** Memory of a process, in MiB. */
export interface ProcessMemory {
  /** Resident now: file pages (program and libraries, shared) and anonymous ones. */
  readonly rssMiB: number;
  /** Of these the process's own: what would not be there without it. */
  readonly anonymousMiB: number;
  /** Most that was ever resident. */
  readonly peakMiB: number;
}

/**
 * CPU time, user and system, of all threads so far, ended ones included, in milliseconds; steps of 10 ms.
 * @param stat - text of /proc/<pid>/stat
 * @throws {RangeError} for another text
 * @see proc_pid_stat(5): fields 14 and 15
 */
export function readCpuMs(stat: string): number {
  // The second field is the program's name in brackets, and may hold blanks and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [userTicks, systemTicks] = [Number(fields[11]), Number(fields[12])];
  if (!stat.includes(")") || !Number.isInteger(userTicks) || !Number.isInteger(systemTicks)) {
    throw new RangeError("not a /proc/<pid>/stat");
  }
  return (userTicks + systemTicks) * MS_PER_TICK;
}

/**
 * @param status - text of /proc/<pid>/status
 * @throws {RangeError} when it has no memory lines, as that of a process that has ended
 * @see proc_pid_status(5)
 */
export function readMemory(status: string): ProcessMemory {
  const mib = (name: string): number => {
    const kib = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
    if (kib === undefined) throw new RangeError(`/proc/<pid>/status has no ${name}`);
    return Number(kib) / KIB_PER_MIB;
  };
  return { rssMiB: mib("VmRSS"), anonymousMiB: mib("RssAnon"), peakMiB: mib("VmHWM") };
}
