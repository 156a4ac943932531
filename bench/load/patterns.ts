import { setTimeout as sleep } from "node:timers/promises";
import { untilMounted } from "./kubelet.js";
import type { Recorder } from "./recorder.js";
import type { Volume } from "./volume.js";

/** All at the same moment. */
export async function atOnce(recorder: Recorder, volumes: readonly Volume[]): Promise<void> {
  await Promise.all(volumes.map((volume) => recorder.mount(volume)));
}

/** One after another, each when the one before has ended. */
export async function inTurn(recorder: Recorder, volumes: readonly Volume[]): Promise<void> {
  for (const volume of volumes) await recorder.mount(volume);
}

/** Evenly over a time, whether or not the one before has ended. */
export async function spread(recorder: Recorder, volumes: readonly Volume[], overMs: number): Promise<void> {
  const { signal } = recorder;
  await Promise.all(
    volumes.map(async (volume, index) => {
      await sleep((index / volumes.length) * overMs, undefined, { signal });
      await recorder.mount(volume);
    }),
  );
}

/** All at the same moment, each until it is mounted, as the kubelet tries again. */
export async function untilAllRun(
  recorder: Recorder,
  volumes: readonly Volume[],
  limitMs: number,
): Promise<void> {
  const { signal } = recorder;
  const startedAt = performance.now();
  const setting = {
    now: () => performance.now(),
    sleep: (ms: number) => sleep(ms, undefined, { signal }),
    untilMs: startedAt + limitMs,
  };
  await Promise.all(
    volumes.map(async (volume) => {
      if (await untilMounted(() => recorder.mount(volume), setting)) {
        recorder.waitsMs.push(performance.now() - startedAt);
      } else recorder.neverMounted += 1;
    }),
  );
}

/** Each volume again and again, one call of it at a time, until the time is over or the volume fails. */
export async function again(recorder: Recorder, volumes: readonly Volume[], forMs: number): Promise<void> {
  const untilMs = performance.now() + forMs;
  await Promise.all(
    volumes.map(async (volume) => {
      while (performance.now() < untilMs && (await recorder.mount(volume)));
    }),
  );
}

/** Every volume so many times, `concurrency` volumes at a time. */
export async function churn(
  recorder: Recorder,
  volumes: readonly Volume[],
  { times, concurrency }: { readonly times: number; readonly concurrency: number },
): Promise<void> {
  const queue = volumes.values();
  const work = async (): Promise<void> => {
    for (const volume of queue) {
      for (let time = 0; time < times; time += 1) await recorder.mount(volume);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}
