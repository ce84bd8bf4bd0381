import { assert } from 'chai';
import { host } from '#host';

const portUrl = new URL('../../src/runtime/node/index.js', import.meta.url).href;

/** The output and the exit code of a process with an error that nobody awaits. */
function unawaited(options = '') {
  const program = `async () => {
    const { runtime } = await import(${JSON.stringify(portUrl)});
    runtime.diagnostics.unawaited(new Error('the camera was unplugged', { cause: new Error('no such device') }));
  }`;
  return host.run(program as never, { NODE_OPTIONS: options, GST_ALLOCATORS_DEBUG: 'quiet' });
}

describe('An error that nobody awaits', function () {
  this.timeout(30_000);

  it('is a process warning with its stack and its cause, and exit code 1', async () => {
    const { status, stderr } = await unawaited();
    assert.strictEqual(status, 1, stderr);
    assert.match(
      stderr,
      /\[GST_ALLOCATORS_UNAWAITED\] GstAllocatorsWarning: nobody awaits this error: the camera was unplugged\n.*\n +at /,
    );
    assert.match(stderr, /\[cause\]: Error: no such device/);
  });

  it('leaves the exit code alone with --unhandled-rejections=warn, and says nothing with none', async () => {
    const warned = await unawaited('--unhandled-rejections=warn');
    assert.strictEqual(warned.status, 0, warned.stderr);
    assert.match(warned.stderr, /the camera was unplugged/);
    const silent = await unawaited('--unhandled-rejections=none');
    assert.deepEqual([silent.status, silent.stderr], [0, '']);
  });
});
