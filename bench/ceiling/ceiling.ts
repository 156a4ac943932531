/** What the bench itself gives and takes: no provider can look faster. */
export interface Ceiling {
  readonly what: string;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Shares of the time, 0 to 1. */
  readonly emulatorBusy: number;
  readonly clientBusy: number;
}
