import { assert } from 'chai';
import { type Message, Pipeline } from '../../src/index.ts';
import { temporaryPath } from '../harness/temporary-path.ts';

/** All messages of a description that ends by itself. */
async function messagesOf(description: string): Promise<Message[]> {
  await using pipeline = Pipeline.parse(description);
  const found: Message[] = [];
  const messages = pipeline.messages();
  await pipeline.play();
  for await (const message of messages) {
    found.push(message);
    if (message.type === 'eos') break;
  }
  return found;
}

describe('Fields of messages', () => {
  it('of level and spectrum are numbers and arrays of numbers', async () => {
    const messages = await messagesOf(
      'audiotestsrc num-buffers=20 ! audio/x-raw,channels=2 ! level interval=50000000 ! spectrum bands=3 interval=50000000 message-phase=true ! fakesink audiotestsrc num-buffers=20 ! audio/x-raw,channels=2 ! spectrum bands=2 multi-channel=true interval=50000000 ! fakesink',
    );
    const names = new Set<string>();
    for (const message of messages) {
      if (message.type !== 'element') continue;
      const { fields, name } = message;
      if (message.name === 'level') {
        const { rms, peak, decay, duration, endtime } = message.fields;
        for (const each of [rms, peak, decay]) {
          assert.lengthOf(each, 2);
          assert.isTrue(each.every((decibels) => typeof decibels === 'number' && decibels <= 0));
        }
        assert.isTrue(Number(duration) > 0 && Number(duration) <= 50_000_000);
        assert.isNumber(endtime);
      }
      if (message.name === 'spectrum') {
        const { magnitude = [], phase } = message.fields;
        const shape = magnitude.map((band) => (Array.isArray(band) ? band.length : 0)).join();
        assert.include(['0,0,0', '2,2'], shape);
        assert.strictEqual(phase?.length, shape === '0,0,0' ? 3 : undefined);
        names.add(`${name} ${shape}`);
        assert.isTrue(magnitude.flat().every((value) => typeof value === 'number'));
      }
      assert.isNumber(fields['running-time' as keyof typeof fields]);
      names.add(name);
    }
    assert.sameMembers([...names], ['level', 'spectrum', 'spectrum 0,0,0', 'spectrum 2,2']);
  });

  it('of tags are those tags', async () => {
    const messages = await messagesOf(
      'audiotestsrc num-buffers=2 ! taginject tags="title=hello,track-number=(uint)5" ! fakesink',
    );
    const titles = messages.flatMap((message) => (message.type === 'tag' ? [message.fields.taglist] : []));
    assert.isTrue(titles.some((tags) => tags.title === 'hello' && tags['track-number'] === 5));
  });

  it('of others are theirs', async () => {
    const messages = await messagesOf(
      'audiotestsrc num-buffers=5 ! cutter threshold=0.5 ! fakesink videotestsrc num-buffers=3 ! videoanalyse ! fakesink',
    );
    const found = new Map(messages.map((message) => [message.name ?? message.type, message]));
    const changed = found.get('GstMessageStateChanged');
    assert.strictEqual(changed?.type === 'state-changed' && changed.fields['new-state'], changed?.newState);
    const analysed = found.get('GstVideoAnalyse');
    assert.isTrue(
      analysed?.type === 'element' && analysed.name === 'GstVideoAnalyse' && analysed.fields['luma-average'] > 0,
    );
    const cut = found.get('cutter');
    assert.isTrue(cut?.type === 'element' && cut.name === 'cutter' && typeof cut.fields.above === 'boolean');
    const ended = found.get('eos');
    assert.deepEqual([ended?.name, ended?.fields], [null, {}]);
    const done = found.get('GstMessageAsyncDone');
    assert.isTrue(done?.type === 'async-done' && done.fields['running-time'] === null);
    assert.strictEqual(changed?.fields, changed?.fields, 'are read once');
  });

  it('of files are their names', async () => {
    const start = temporaryPath('picture');
    const messages = await messagesOf(
      `videotestsrc num-buffers=2 ! video/x-raw,width=16,height=16 ! multifilesink post-messages=true max-files=1 location=${start}-%d`,
    );
    const files = messages.flatMap((message) =>
      message.type === 'element' && message.name === 'GstMultiFileSink' ? [message.fields] : [],
    );
    assert.deepEqual(
      files.map(({ filename, index }) => [filename, index]),
      [0, 1].map((index) => [`${start}-${index}`, index]),
    );
  });
});
