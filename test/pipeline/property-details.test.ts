import { assert } from 'chai';
import { runtime } from '#runtime';
import { Pipeline } from '../../src/index.ts';
import { elementKind } from '../../src/kinds.ts';

describe('The details of a property', () => {
  const { properties } = runtime;
  const details = (element: string, name: string) => {
    using pipeline = Pipeline.parse(`${element} name=element`);
    using found = pipeline.get('element');
    const handle = elementKind.handleOf(found);
    const property = properties.list(handle).find((candidate) => candidate.name === name);
    assert.isDefined(property);
    return properties.details(handle, property);
  };

  it('are the range, the default and the purpose of a number', () => {
    assert.include(details('videobalance', 'saturation'), {
      blurb: 'saturation',
      default: 1,
      minimum: 0,
      maximum: 2,
    });
    assert.include(details('videotestsrc', 'num-buffers'), { default: -1, minimum: -1, maximum: 2 ** 31 - 1 });
    assert.include(details('queue', 'max-size-bytes'), { default: 10485760, minimum: 0, maximum: 2 ** 32 - 1 });
    assert.include(details('queue', 'max-size-time'), { default: 1e9, minimum: 0, maximum: 2n ** 64n - 1n });
    assert.include(details('fakesink', 'ts-offset'), { default: 0, minimum: -(2n ** 63n), maximum: 2n ** 63n - 1n });
    assert.include(details('audiomixer', 'latency'), { default: 0, minimum: 0 });
  });

  it('are the nicks of an enumeration', () => {
    const { nicks, ...rest } = details('queue', 'leaky');
    assert.deepEqual([...nicks], Object.entries({ no: 0, upstream: 1, downstream: 2 }));
    assert.include(rest, { default: 'no', minimum: null, maximum: null });
    assert.strictEqual(details('videotestsrc', 'pattern').nicks.get('ball'), 18);
    assert.strictEqual(details('videoconvert', 'chroma-mode').nicks.get('none'), 3);
  });

  it(`are the bits of flags (${runtime.name})`, () => {
    const { nicks, minimum, maximum, ...rest } = details('playbin', 'flags');
    assert.strictEqual(minimum, 0);
    assert.isAtLeast(Number(maximum), 2 ** 12 - 1);
    assert.isString(rest.default);
    if (runtime.name === 'node') assert.strictEqual(nicks.get('audio'), 2);
    else assert.strictEqual(nicks.size, 0);
  });

  it('are the default of whatever else', () => {
    assert.include(details('videotestsrc', 'is-live'), { default: false, minimum: null });
    assert.include(details('playbin', 'uri'), { default: null, minimum: null });
    assert.include(details('aspectratiocrop', 'aspect-ratio'), { default: '0/1', minimum: null });
    assert.include(details('capsfilter', 'caps'), { default: null });
    assert.include(details('fakesink', 'last-sample'), { default: null });
  });
});
