import { assert } from 'chai';
import {
  type AppSink,
  type AppSrc,
  appSinkToShmdata,
  features,
  ShmdataReader,
  ShmdataWriter,
  shmdataToAppSrc,
  UnavailableError,
} from '../../src/index.ts';
import { temporaryPath } from '../harness/temporary-path.ts';

const path = temporaryPath('shmdata');
const type = 'application/x-test';
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

describe('Shmdata on either engine', () => {
  it('refuses bad paths, types and options', async () => {
    for (const options of [{ type, size: 0 }, { type, mode: 0o1000 }, { type, readerTimeout: 1 }, { type: 'a\0b' }])
      assert.instanceOf(await failure(ShmdataWriter.open(path, options)), RangeError);
    for (const options of [{}, { type: 4 }, { type, sise: 4 }, { type, size: '4' }])
      assert.instanceOf(await failure(ShmdataWriter.open(path, options as { type: string })), TypeError);
    assert.instanceOf(await failure(ShmdataWriter.open('', { type })), RangeError);
    assert.instanceOf(await failure(ShmdataWriter.open('x'.repeat(108), { type })), RangeError);
    assert.throws(() => ShmdataReader.follow('x'.repeat(108)), RangeError);
    assert.throws(() => ShmdataReader.follow(path, { coppy: true } as object), /did you mean `copy`/);
    assert.throws(() => ShmdataReader.follow(path, { copy: 1 } as object), TypeError);
    assert.throws(() => ShmdataReader.follow(path, { signal: {} } as object), TypeError);
    assert.instanceOf(await failure(appSinkToShmdata({} as AppSink, path)), TypeError);
    assert.instanceOf(await failure(shmdataToAppSrc(path, {} as AppSrc)), TypeError);
  });

  it('works, or says what to install', async () => {
    const { available, found } = features().shmdata ?? { available: false, found: '' };
    if (available) {
      const writer = await ShmdataWriter.open(path, { type: 'video/x-raw, format=RGBA' });
      assert.equal(writer.caps, 'video/x-raw, format=(string)RGBA');
      await writer.close();
      return;
    }
    assert.include(found, 'shmdata');
    const error = await failure(ShmdataWriter.open(path, { type }));
    assert.instanceOf(error, UnavailableError);
    assert.match((error as Error).message, /shmdatasink is missing.*Install it/);
    const reading = (async () => {
      for await (const _ of ShmdataReader.follow(path)) assert.fail('there is no frame');
    })();
    assert.instanceOf(await failure(reading), UnavailableError);
  });
});
