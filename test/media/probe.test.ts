import { assert } from 'chai';
import { PipelineError, probe } from '../../src/index.ts';
import { rejects } from '../harness/expectations.ts';
import { type Film, fileOf, film, pictures } from './films.ts';

describe('probe', () => {
  const films: Film[] = [];
  const made = async (description: string): Promise<Film> => {
    const one = await film(description);
    films.push(one);
    return one;
  };
  after(() => {
    for (const one of films) one[Symbol.dispose]();
  });

  it('tells of a film with a picture and a sound', async () => {
    const { path } = await made(
      `${pictures(20)} ! theoraenc ! oggmux name=mux ! file audiotestsrc num-buffers=88 samplesperbuffer=1000 ! audio/x-raw,rate=44100,channels=2 ! vorbisenc ! mux.`,
    );
    const { uri, container, duration, seekable, live, streams } = await probe(path);
    assert.equal(uri, `file://${path}`);
    assert.match(container ?? '', /ogg$/);
    assert.closeTo(duration as number, 2e9, 1e8);
    assert.isTrue(seekable);
    assert.isFalse(live);
    const [video, audio] = streams.toSorted((a, b) => b.kind.localeCompare(a.kind));
    assert.isTrue(video?.kind === 'video' && audio?.kind === 'audio' && streams.length === 2);
    if (video?.kind !== 'video' || audio?.kind !== 'audio') return;
    assert.deepInclude(video, { type: 'video/x-theora', width: 32, height: 16, rotation: 0, isMirrored: false });
    assert.equal(video.codec, 'Theora');
    assert.equal(String(video.rate), '10/1');
    assert.deepInclude(audio, { type: 'audio/x-vorbis', rate: 44100, channels: 2, codec: 'Vorbis' });
    assert.match(audio.caps ?? '', /^audio\/x-vorbis/);
  });

  it('tells how a film is to be turned', async () => {
    const { path } = await made(
      `${pictures(3)} ! taginject tags="image-orientation=rotate-90,title=(string)Turned" ! jpegenc ! qtmux ! file`,
    );
    const { container, streams, tags } = await probe(path);
    assert.equal(container, 'video/quicktime');
    assert.deepInclude(streams[0], { kind: 'video', rotation: 90, isMirrored: false, width: 32, height: 16 });
    assert.equal(tags.title ?? streams[0]?.tags.title, 'Turned');
  });

  it('tells of a sound, and of a picture', async () => {
    const sound = await probe((await made('audiotestsrc num-buffers=10 ! audio/x-raw,rate=8000 ! wavenc ! file')).path);
    assert.deepInclude(sound.streams[0], { kind: 'audio', rate: 8000, channels: 1 });
    assert.equal(sound.container, 'audio/x-wav');
    const picture = await probe((await made(`${pictures(1)} ! jpegenc ! file`)).path);
    assert.deepInclude(picture.streams[0], { kind: 'video', type: 'image/jpeg', width: 32 });
    assert.isNull(picture.container);
    assert.isNull(picture.duration);
  });

  it('takes a URI, and a URL', async () => {
    const { path } = films[0] as Film;
    assert.lengthOf((await probe(`file://${path}`)).streams, 2);
    // GJS has none.
    if (typeof URL === 'function') assert.lengthOf((await probe(new URL(`file://${path}`))).streams, 2);
  });

  it('refuses what it cannot tell of', async () => {
    await rejects(probe('/nowhere/film.mp4'), PipelineError, /film\.mp4/);
    await rejects(probe('nothing:here'), PipelineError, /nothing/);
    for (const bytes of [new Uint8Array(), new Uint8Array(5000), new TextEncoder().encode('a text '.repeat(500))]) {
      using file = fileOf(bytes);
      await rejects(probe(file.path), PipelineError);
    }
    await rejects(probe('/tmp'), PipelineError);
    await rejects(probe(5 as unknown as string), TypeError, /`source`/);
    await rejects(probe(''), RangeError, /`source`/);
    await rejects(probe('x', { timout: 5 } as object), TypeError, /did you mean `timeout`/);
  });

  it('is given up by its signal, and after its timeout', async () => {
    const { path } = films[0] as Film;
    await rejects(probe(path, { signal: AbortSignal.abort(new RangeError('enough')) }), RangeError, /enough/);
    const abort = new AbortController();
    const asked = probe(path, { signal: abort.signal });
    abort.abort(new RangeError('enough'));
    await rejects(asked, RangeError, /enough/);
    const error = await probe('udp://127.0.0.1:0', { timeout: 5e7 }).catch((reason) => reason);
    assert.equal(error.name, 'TimeoutError');
  });
});
