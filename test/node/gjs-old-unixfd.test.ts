/** Up to GStreamer 1.24.2 `unixfdsrc` takes no buffer without fds: what GJS sends through it has one where that is the version. */
import { assert } from 'chai';
import { inChild } from './child.ts';

const program = (version: readonly number[]) =>
  inChild(
    'gjs',
    (gst, _, version) => {
      // biome-ignore lint/suspicious/noExplicitAny: raw
      const { Gst } = gst.gi as any;
      if (version.length) Gst.version = () => version;
      let sinks = 0;
      const parse = Gst.parse_launch;
      Gst.parse_launch = (description: string) => {
        if (description.includes('multisocketsink')) sinks++;
        return parse(description);
      };
      gst.registerCustomMeta('Note');
      const buffer = gst.Buffer.alloc(16);
      buffer.addCustomMeta('Note', { text: 'seen', number: 7 });
      buffer.flags |= 1 << 22;
      const { memoryCount, size } = buffer;
      return [buffer.customMeta('Note'), memoryCount, size, sinks];
    },
    { argument: version },
  );

describe('GJS with the unixfdsrc of old', function () {
  this.timeout(30_000);
  for (const [version, sinks] of [
    [[1, 24, 2, 0], 2],
    [[1, 24, 3, 0], 0],
    [[], 0],
  ] as const)
    it(`gives buffers fields and flags, ${sinks ? 'with' : 'without'} an fd beside them: ${version.join('.') || 'installed'}`, async () => {
      const { code, value, stderr } = await program(version);
      const meta = { text: 'seen', number: 7 };
      assert.deepEqual({ code, value, stderr }, { code: 0, value: [meta, 1, 16, sinks], stderr: '' });
    });
});
