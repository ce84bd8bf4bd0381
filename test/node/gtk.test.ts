import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { assert } from 'chai';
import { stop, transform } from 'esbuild';

const indexUrl = new URL('../../src/index.js', import.meta.url).href;

interface Report {
  frames: number;
  pushed: number;
  messages: string[];
  ticks: number;
  file: number;
  /** Milliseconds that timers of 0, 1, 5 and 50 took, and one of 300 that was set before the loop ran. */
  timers: number[];
  early: number;
  timedOut: string;
  waited: number;
  /** Share of a core that was used while frames came slowly. */
  load: number;
  aborted: number;
}

/** Everything a program may want of the package while a GLib loop runs, in a child of its own. */
const work = `
  import { readFile } from 'node:fs/promises';
  import { setTimeout as sleep } from 'node:timers/promises';
  import { Buffer, MapFlags, Pipeline, gi } from ${JSON.stringify(indexUrl)};

  const since = (begin) => performance.now() - begin;
  const report = { timers: [], ticks: 0, frames: 0, pushed: 0 };
  gi.GLib.timeoutAdd(0, 20, () => { report.ticks++; return true; });
  const begin = performance.now();
  const early = new Promise((resolve) => setTimeout(() => resolve(since(begin)), 300));

  async function work() {
    {
      await using pipeline = Pipeline.parse(
        'videotestsrc is-live=true num-buffers=30 ! video/x-raw, format=GRAY8, framerate=30/1 ! appsink name=sink');
      const types = new Set();
      const told = (async () => { for await (const { type } of pipeline.messages()) types.add(type); })();
      await pipeline.play();
      const [start, used] = [performance.now(), process.cpuUsage()];
      for await (const sample of pipeline.appSink('sink').frames()) {
        using frame = sample;
        report.frames += Number(frame.buffer.withMapping(MapFlags.READ, (bytes) => bytes.length) > 0);
      }
      const { user, system } = process.cpuUsage(used);
      report.load = (user + system) / 1000 / since(start);
      await pipeline.finished();
      await pipeline.stop();
      await told;
      report.messages = [...types];
    }
    {
      await using pipeline = Pipeline.parse('appsrc name=source format=time max-bytes=4096 ! appsink name=sink sync=false');
      const source = pipeline.appSrc('source');
      source.caps = 'application/x-test';
      await pipeline.play();
      const pulled = (async () => {
        for await (const sample of pipeline.appSink('sink').frames()) { sample.dispose(); report.pushed++; }
      })();
      for (let index = 0; index < 500; index++) {
        using buffer = Buffer.alloc(1024);
        await source.push(buffer);
      }
      source.endOfStream();
      await pulled;
    }
    {
      await using pipeline = Pipeline.parse('appsrc name=source ! appsink name=sink sync=false');
      await pipeline.play();
      const start = performance.now();
      report.timedOut = await pipeline.appSink('sink').pull({ timeout: 1e6 }).catch(({ name }) => name);
      report.waited = since(start);
      const again = performance.now();
      for await (const _ of pipeline.appSink('sink').frames({ signal: AbortSignal.timeout(100) })) ;
      report.aborted = since(again);
    }
    for (const delay of [0, 1, 5, 50]) {
      const start = performance.now();
      await sleep(delay);
      report.timers.push(since(start));
    }
    await new Promise((resolve) => setImmediate(resolve));
    report.file = (await readFile('/proc/self/status')).length;
    report.early = await early;
    console.log(JSON.stringify(report));
  }
`;

/** What the child prints; it must end well and complain about nothing. */
async function output(command: string, ...parameters: string[]): Promise<string> {
  const child = spawn(command, parameters, { env: { ...process.env, GTK_A11Y: 'none', GDK_DISABLE: 'gl,vulkan' } });
  const timer = setTimeout(() => child.kill('SIGKILL'), 50_000);
  const status = new Promise((resolve) => child.on('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  clearTimeout(timer);
  assert.strictEqual(await status, 0, `${stdout}\n${stderr}`);
  assert.strictEqual(stderr, '');
  return stdout;
}

const withDisplay = ['xvfb-run', '--auto-servernum'] as const;

async function run(program: string, before: readonly string[] = []): Promise<Report> {
  // Node 22 knows no `using`.
  const { code } = await transform(`${work}\n${program}`, { target: 'es2022' });
  await stop();
  const [command = '', ...parameters] = [...before, process.execPath, '--input-type=module', '--eval', code];
  return JSON.parse(await output(command, ...parameters)) as Report;
}

function check(report: Report): void {
  assert.strictEqual(report.frames, 30);
  assert.includeMembers(report.messages, ['state-changed', 'stream-start', 'eos']);
  assert.strictEqual(report.pushed, 500);
  assert.strictEqual(report.timedOut, 'TimeoutError');
  assert.isBelow(report.waited, 2000);
  assert.isBelow(report.aborted, 3000);
  for (const [index, delay] of [0, 1, 5, 50].entries()) assert.isBelow(report.timers[index] as number, delay + 2000);
  assert.isBelow(report.early, 5000);
  assert.isAbove(report.file, 0);
  assert.isAbove(report.ticks, 20);
  // The loop sleeps between frames.
  assert.isBelow(report.load, 0.7);
}

describe('node-gtk main loops', function () {
  this.timeout(60_000);
  this.slow(10_000);

  it('leave everything working while GLib.MainLoop runs', async () => {
    check(
      await run(`
        const loop = gi.GLib.MainLoop.new(null, false);
        work().finally(() => loop.quit());
        loop.run();`),
    );
  });

  it('leave everything working inside a Gtk.Application', async () => {
    check(
      await run(
        `
        const { Gtk } = gi;
        const app = new Gtk.Application({ flags: 1 << 5 }); // G_APPLICATION_NON_UNIQUE
        app.on('activate', () => {
          const window = new Gtk.ApplicationWindow({ application: app, title: 'frames' });
          window.present();
          work().finally(() => window.destroy());
        });
        app.run([]);`,
        withDisplay,
      ),
    );
  });

  it('are not needed', async () => {
    const report = await run('await work(); process.exit(0);');
    assert.strictEqual(report.frames, 30);
    assert.strictEqual(report.pushed, 500);
  });
});

describe('GJS main loops', function () {
  this.timeout(60_000);
  this.slow(10_000);

  const work = `
    import { MapFlags, Pipeline } from ${JSON.stringify(new URL('../../../gjs/gst-allocators.js', import.meta.url).href)};
    import Gio from 'gi://Gio';
    import GLib from 'gi://GLib';
    import Gtk from 'gi://Gtk?version=4.0';

    /** Seconds of processor time. */
    const used = () => {
      const [, bytes] = GLib.file_get_contents('/proc/self/stat');
      const fields = new TextDecoder().decode(bytes).split(') ')[1].split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    };
    async function work() {
      const pipeline = Pipeline.parse(
        'videotestsrc is-live=true num-buffers=30 ! video/x-raw, format=GRAY8, framerate=30/1 ! appsink name=sink');
      await pipeline.play();
      const before = used();
      let frames = 0;
      for await (const sample of pipeline.appSink('sink').frames()) {
        frames += Number(sample.buffer.withMapping(MapFlags.READ, (bytes) => bytes.length) > 0);
        sample.dispose();
      }
      await pipeline.finished();
      await pipeline.stop();
      pipeline.dispose();
      await new Promise((resolve) => setTimeout(resolve, 1));
      print(JSON.stringify({ frames, load: used() - before }));
    }
    function application() {
      const app = new Gtk.Application({ flags: Gio.ApplicationFlags.NON_UNIQUE });
      app.connect('activate', () => {
        const window = new Gtk.ApplicationWindow({ application: app });
        window.present();
        work().finally(() => window.destroy());
      });
      return app;
    }
    function mainLoop() {
      const loop = new GLib.MainLoop(null, false);
      work().finally(() => loop.quit());
      return loop;
    }
  `;

  // Each must also end, whatever of ours waits for the loop meanwhile.
  for (const [name, program] of [
    ['no loop of the program’s own', 'await work();'],
    ['GLib.MainLoop.run', 'mainLoop().run();'],
    ['GLib.MainLoop.runAsync', 'await mainLoop().runAsync();'],
    ['Gtk.Application.run', 'application().run([]);'],
    ['Gtk.Application.runAsync', 'await application().runAsync([]);'],
  ] as const) {
    it(`${name}: frames come, the loop sleeps between them and ends`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'gst-allocators-'));
      const path = join(folder, 'program.js');
      writeFileSync(path, `${work}\n${program}`);
      try {
        const { frames, load } = JSON.parse(await output(...withDisplay, 'gjs', '-m', path));
        assert.strictEqual(frames, 30);
        assert.isBelow(load, 0.7);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
