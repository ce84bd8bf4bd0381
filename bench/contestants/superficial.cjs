/** gstreamer-superficial: pipelines, and the bytes of appsinks as copies. Runs as `node superficial.cjs FOLDER`, where it was built. */
const { createInterface } = require('node:readline');

const folder = process.argv[2];
const { Pipeline, ...others } = require(folder);
const now = () => Number(process.hrtime.bigint());

/** The reason for missing works: the available exports. */
const has = `it has ${['Pipeline', ...Object.keys(others)].join(', ')} and no more: no allocator, memory, buffer or pool`;
const noMemory = () => ({ cannot: has });

const verbs = {
  async sink({ description, streams, count }) {
    const pipeline = new Pipeline(description);
    const sinks = Array.from({ length: streams }, (_, index) => pipeline.findChild(`sink${index}`));
    const pull = (sink) => new Promise((resolve) => sink.pull(resolve));
    pipeline.play();
    await Promise.all(sinks.map(pull));
    let check = 0;
    const start = now();
    const follow = async (sink) => {
      for (let frame = 1; frame <= count; frame++) {
        const bytes = await pull(sink);
        check += frame * (bytes[0] + bytes[bytes.length - 1]);
      }
    };
    await Promise.all(sinks.map(follow));
    const time = now() - start;
    pipeline.stop();
    return { nanoseconds: time, check };
  },
  async trip({ description, size, count, quantile }) {
    const pipeline = new Pipeline(description);
    const source = pipeline.findChild('source');
    const sink = pipeline.findChild('sink0');
    pipeline.play();
    const frame = Buffer.alloc(size);
    const times = [];
    let check = 0;
    for (let index = 0; index < count; index++) {
      frame[0] = index % 251;
      const start = now();
      source.push(frame);
      const bytes = await new Promise((resolve) => sink.pull(resolve));
      times.push(now() - start);
      check += bytes[0];
    }
    pipeline.stop();
    times.sort((a, b) => a - b);
    return { nanoseconds: times[Math.floor((count - 1) * quantile)] * count, check };
  },
  source: () => ({ cannot: 'its appsrc has `push` and no end of stream: what arrived cannot be asked' }),
};

const say = (line) => console.log(JSON.stringify(line));
say({ versions: { Node: process.versions.node, 'gstreamer-superficial': require(`${folder}/package.json`).version } });
createInterface({ input: process.stdin }).on('line', async (line) => {
  const asked = JSON.parse(line);
  say(await (verbs[asked.verb] ?? noMemory)(asked));
});
