import { assert } from 'chai';
import { host } from '#host';
import { runtime } from '#runtime';
import { Pipeline, PipelineError, version } from '../../src/index.ts';
import { throws } from '../harness/expectations.ts';
import { right, wrong } from './launch-texts.ts';

describe('Descriptions', () => {
  const { c, references } = runtime;
  const isInstalled = (factory: string): boolean => {
    const found = c.gst_element_factory_find(factory);
    if (found) references.drop(found, 'object', 0);
    return found !== null;
  };
  /** What GStreamer says is missing, which is no fault of the text. */
  const missing = /no (?:element|source element for URI) "([^"]+)"/;

  /** Version 1.28 of this element logs to a category that it has not made: a CRITICAL where anything is logged. */
  const isFaulty = (text: string): boolean => version().minor >= 28 && /cdparanoiasrc|cdda:/.test(text);

  for (const [text, names] of right) {
    it(`are taken: ${text}`, function () {
      if (isFaulty(text)) return this.skip();
      let pipeline: Pipeline;
      try {
        pipeline = Pipeline.parse(text);
      } catch (error) {
        const [, what = ''] = missing.exec(String(error)) ?? [];
        const isIncomplete = /installation is missing a plug-in/.test(String(error));
        if (!isIncomplete && (!what || isInstalled(what))) throw error;
        return this.skip();
      }
      try {
        for (const [name, factory] of Object.entries(names)) assert.strictEqual(pipeline.get(name).factory, factory);
      } finally {
        pipeline.dispose();
      }
    });
  }

  for (const [text, sentence] of wrong) {
    it(`are refused: ${JSON.stringify(text)}`, () => {
      // Introspection there knows no nicks of flags.
      const areWordsKnown = runtime.name === 'node' || !/^'(flags|tune)'/.test(sentence);
      throws(
        () => Pipeline.parse(text),
        PipelineError,
        new RegExp(areWordsKnown ? sentence.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : 'could not set property'),
      );
    });
  }

  it('have no quotes around caps, as for a shell', () => {
    const text: string = "videotestsrc ! 'video/x-raw,width=3' ! fakesink";
    throws(() => Pipeline.parse(text), PipelineError, /syntax error; elements and caps stand without quotes/);
  });

  it('leave the names alone that GStreamer makes up', async () => {
    const ran = await host.run(({ Pipeline }) => {
      const pipeline = Pipeline.parse('videotestsrc num-buffers=1 ! queue max-size-buffers=3 ! fakesink sync=false');
      const names = pipeline.elementNames.sort();
      pipeline.dispose();
      return names;
    });
    assert.deepEqual(ran, { status: 0, value: ['fakesink0', 'queue0', 'videotestsrc0'], stderr: '' });
  });

  for (const [text, sentence] of [
    ['videotestsrc num-buffers=-5 ! fakesink', 'it takes whole numbers from -1 to 2147483647'],
    ['x264enc bitrate=0 ! fakesink', "'bitrate' of x264enc cannot be '0'; it takes whole numbers from 1 to 2048000"],
    ['videobalance saturation=17 ! fakesink', 'it takes numbers from 0 to 2'],
    ['fakesink stats=x', "'stats' of fakesink can be read only"],
  ] as const) {
    it(`are refused before GObject warns: ${text}`, () => {
      throws(() => Pipeline.parse(text as string), PipelineError, new RegExp(`could not be built: .*${sentence}$`));
    });
  }
});
