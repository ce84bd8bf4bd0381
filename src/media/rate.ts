/** Frame rates as fractions. */
import { Fraction } from '../caps/field-value.ts';
import { expectSize, largestInt, outOfRange, wrongType } from '../expect.ts';

const second = 1e9;

/** A number as a fraction; the rates of NTSC have a denominator of 1001. */
export function rateOf(name: string, rate: unknown): string {
  if (rate instanceof Fraction) {
    const { numerator, denominator } = rate;
    if (numerator < 1 || denominator < 1) throw outOfRange(name, 'above 0', String(rate));
    return `${numerator}/${denominator}`;
  }
  if (typeof rate !== 'number') throw wrongType(name, 'a number or a Fraction', rate);
  if (!(rate > 0 && rate <= 1e6)) throw outOfRange(name, 'above 0 and at most 1000000', rate);
  if (Number.isInteger(rate)) return `${rate}/1`;
  const ofNtsc = Math.round((rate * 1001) / 1000) * 1000;
  if (Math.abs(ofNtsc / 1001 - rate) < 0.005) return `${ofNtsc}/1001`;
  return rateOfInterval(name, Math.max(1, Math.round(second / rate)));
}

/** One frame for each interval of nanoseconds, as a fraction within GStreamer's limits. */
export function rateOfInterval(name: string, every: number): string {
  let [numerator, denominator] = [second, expectSize(name, every, second * largestInt, 1)];
  const divisor = greatestDivisor(numerator, denominator);
  [numerator, denominator] = [numerator / divisor, denominator / divisor];
  while (denominator > largestInt) [numerator, denominator] = [numerator / 10, Math.round(denominator / 10)];
  return `${Math.max(1, Math.round(numerator))}/${denominator}`;
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));
