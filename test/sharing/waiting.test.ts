import { assert } from 'chai';
import { host } from '#host';

describe('A FrameWriter whose frames are all kept', function () {
  this.timeout(60_000);

  it('says so in acquire() and in write()', async () => {
    const { value, stderr, status } = await host.run(
      async ({ FrameWriter }) => {
        const caps = 'video/x-raw, format=(string)GRAY8, width=(int)4, height=(int)2, framerate=(fraction)30/1';
        const writer = await FrameWriter.open(`/tmp/waiting-${Date.now()}.socket`, { caps, buffers: 2 });
        const kept = [await writer.acquire(8), await writer.acquire(8)];
        const failures: string[] = [];
        await writer.acquire(8, { timeout: 1.5e9 }).catch(({ message }: Error) => failures.push(message));
        await writer.write(new Uint8Array(8), { timeout: 5e8 }).catch(({ message }: Error) => failures.push(message));
        for (const frame of kept) frame.dispose();
        await writer.close();
        return failures;
      },
      { G_DEBUG: 'fatal-criticals' },
    );
    assert.strictEqual(status, 0, stderr);
    const why =
      /a frame of the FrameWriter at \/tmp\/waiting-\d+\.socket.*: all 2 are out.* 2 of the class Buffer.* readers/;
    assert.match(stderr, why);
    assert.lengthOf(value ?? [], 2);
    for (const message of value ?? []) assert.match(message, why);
  });
});
