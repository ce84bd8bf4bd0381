/** Times are in nanoseconds, as in GStreamer; timers and `performance.now()` use milliseconds. */

/** `GST_MSECOND` */
export const nanosecondsPerMillisecond = 1e6;

const units: readonly [number, string][] = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
];

/** A time for people to read: "250 ms", "1.5 s". */
export function timeText(time: number): string {
  const [length, unit] = units.find(([least]) => time >= least) ?? [1, 'ns'];
  return `${Number((time / length).toPrecision(3))} ${unit}`;
}
