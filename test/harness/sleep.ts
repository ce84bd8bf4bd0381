export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Fails when the condition does not hold in time, which is generous: a machine may be busy. */
export async function until(holds: () => boolean, milliseconds: number, what: string): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`${what} took more than ${milliseconds} ms`);
    await sleep(5);
  }
}
