/** The errors for a user who may not open the devices. */
import { spawnSync } from 'node:child_process';
import { assert } from 'chai';

const program = `
  import { DrmDumbAllocator, dmaBuf, features, memfd } from ${JSON.stringify(new URL('../../../src/index.js', import.meta.url).href)};
  const attempt = (make) => {
    try {
      return String(make());
    } catch (error) {
      return error.name + ': ' + error.message;
    }
  };
  console.log(JSON.stringify([
    attempt(() => dmaBuf.fromHeap('system', 4096)),
    attempt(() => dmaBuf.fromMemfd(memfd('not for you', 4096))),
    attempt(() => DrmDumbAllocator.newWithDevicePath('/dev/dri/card0')),
    features().dmaBufFromHeap.found,
  ]));`;

describe('a user without the right to devices', () => {
  before(function () {
    if (process.getuid?.() !== 0) this.skip();
  });

  it('is told of each whose it is, and what can be done', () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      // Looking through all plugins, with no cache of one's own, would take most of the time.
      env: { ...process.env, GST_REGISTRY: '/dev/null', GST_PLUGIN_SYSTEM_PATH_1_0: '/nowhere' },
      uid: 65534,
      gid: 65534,
    });
    assert.strictEqual(status, 0, stderr);
    const [heap, memfd, card, feature] = JSON.parse(stdout) as string[];
    const whose = 'forbidden to this user \\(mode 0\\d{3}, owner 0, group \\d+\\)';
    assert.match(heap as string, new RegExp(`^UnavailableError: .*/dev/dma_heap/system.*${whose}: a udev rule`));
    assert.match(memfd as string, new RegExp(`^UnavailableError: .*/dev/udmabuf.*${whose}: a udev rule`));
    assert.match(card as string, new RegExp(`^UnavailableError: .*/dev/dri/card0 is ${whose}`));
    assert.match(feature as string, new RegExp(`^/dev/dma_heap/system is ${whose}`));
  });
});
