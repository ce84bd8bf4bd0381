/**
 * A desktop program for GJS and GTK 4: `npm run example desktop -- [options] [file or URI]`.
 *
 * The window shows the live picture and, below it, the curve of its brightness, measured in TypeScript on each frame of
 * the same stream. Everything happens in the one main loop that GTK runs.
 */
import Gio from 'gi://Gio?version=2.0';
import GLib from 'gi://GLib?version=2.0';
import Graphene from 'gi://Graphene?version=1.0';
import Gtk from 'gi://Gtk?version=4.0';
import system from 'system';
import { type Cancellable, MapFlags, Pipeline, type Sample } from '../src/index.ts';
import { type Context, drawCurve } from './desktop/curve.ts';

const usage = `npm run example desktop -- [options] [FILE or URI]

  --seconds N           closes the window after so long (default: when you do)
  --picture FILE        where a picture of the window goes before it closes, a PNG

Without a file or URI a test source is shown, while the day breaks and night falls in it.
Without a display the window is drawn all the same, and its picture taken (default desktop.png).`;

/** Measured frames that the curve shows: eight seconds. */
const remembered = 240;
const testSource = `videotestsrc is-live=true pattern=chroma-zone-plate kx2=3 ky2=3 kt=2 ! video/x-raw, format=I420, width=640, height=360, framerate=30/1
  ! videobalance name=light contrast=0.8 saturation=0.55 hue=-0.4`;

interface Options {
  media: string | null;
  seconds: number | null;
  picture: string | null;
}

function parse(programArgs: readonly string[]): Options {
  const isUnseen = GLib.getenv('GST_ALLOCATORS_EXAMPLE_UNSEEN') !== null;
  const options: Options = {
    media: null,
    seconds: isUnseen ? 5 : null,
    picture: isUnseen ? 'desktop.png' : null,
  };
  const rest = [...programArgs];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--seconds') {
      options.seconds = Number(rest.shift());
      if (!(options.seconds > 0)) throw new Error('expected --seconds to be a number above 0');
    } else if (word === '--picture') options.picture = rest.shift() ?? null;
    else if (word.startsWith('--')) throw new Error(`there is no option ${word}`);
    else options.media = word;
  }
  return options;
}

function sourceOf(media: string | null): string {
  if (media === null) return testSource;
  const file = Gio.File.new_for_commandline_arg(media);
  if (file.is_native() && !file.query_exists(null)) throw new Error(`there is no file ${media}`);
  return `uridecodebin uri="${file.get_uri()}" caps="video/x-raw(ANY)" expose-all-streams=false`;
}

/** Mean level of the frame, from 0 to 255. The pipeline makes small gray frames, whose bytes are pixels. */
function brightnessOf(sample: Sample): number {
  return (
    sample.buffer?.withMapping(MapFlags.READ, (bytes) => {
      let sum = 0;
      for (const byte of bytes) sum += byte;
      return sum / bytes.length;
    }) ?? 0
  );
}

/** The changing parts of the window. */
interface View {
  window: Widget;
  /** A paintable of the window's contents; made when it opens, so that it always has a picture. */
  contents: Widget;
  text: { label: string };
  /** Redraws the curve. */
  redraw(): void;
}

// biome-ignore lint/suspicious/noExplicitAny: GTK has no generated typings here
type Widget = any;

function openWindow(application: unknown, paintable: unknown, curve: readonly number[]): View {
  const settings = Gtk.Settings.get_default();
  // GTK 4.20 has another name for it.
  if (settings && 'gtk_interface_color_scheme' in settings)
    settings.gtk_interface_color_scheme = Gtk.InterfaceColorScheme.DARK;
  else if (settings) settings.gtk_application_prefer_dark_theme = true;
  const picture = new Gtk.Picture({ paintable, hexpand: true, vexpand: true });
  const text = new Gtk.Label({ xalign: 0, margin_top: 8, margin_bottom: 8, margin_start: 12, margin_end: 12 });
  const area = new Gtk.DrawingArea({ content_height: 140, hexpand: true });
  area.set_draw_func((_: unknown, context: Context & { $dispose(): void }, width: number, height: number) => {
    drawCurve(context, curve, remembered, width, height);
    context.$dispose(); // cairo keeps it until then
  });
  // With a background of its own, for the picture that is taken of it.
  const box = new Gtk.Box({ orientation: Gtk.Orientation.VERTICAL, css_classes: ['background'] });
  for (const child of [picture, text, area]) box.append(child);
  const window = new Gtk.ApplicationWindow({
    application,
    title: 'Brightness',
    default_width: 640,
    default_height: 560,
  });
  window.set_child(box);
  window.present();
  return { window, contents: Gtk.WidgetPaintable.new(box), text, redraw: () => area.queue_draw() };
}

/** The window's contents as a PNG, drawn by GTK itself. */
function takePicture({ window, contents }: View, path: string): void {
  const [width, height] = [contents.get_intrinsic_width(), contents.get_intrinsic_height()];
  const snapshot = Gtk.Snapshot.new();
  contents.snapshot(snapshot, width, height);
  const bounds = new Graphene.Rect().init(0, 0, width, height);
  const texture = window.get_native().get_renderer().render_texture(snapshot.to_node(), bounds);
  if (!texture.save_to_png(path)) throw new Error(`${path} could not be written`);
}

/** Measures frame by frame, and shows it, until the window closes. */
async function measure(pipeline: Pipeline, view: View, curve: number[], signal: Cancellable): Promise<string> {
  const light = pipeline.elementNames.includes('light') ? pipeline.get('light') : null;
  const begin = GLib.get_monotonic_time();
  let frames = 0;
  for await (const sample of pipeline.appSink('measure').frames({ signal })) {
    using frame = sample;
    const level = brightnessOf(frame);
    frames++;
    curve.push(level);
    if (curve.length > remembered) curve.shift();
    const seconds = (GLib.get_monotonic_time() - begin) / 1e6;
    light?.set('brightness', 0.4 * Math.sin(seconds * 1.5));
    view.text.label = `brightness ${level.toFixed(0).padStart(3)}     frame ${frames}     ${(frames / seconds).toFixed(1)} frames/s`;
    view.redraw();
  }
  return `${frames} frames measured, the last ${curve.length} between ${Math.min(...curve).toFixed(0)} and ${Math.max(...curve).toFixed(0)}`;
}

async function main(options: Options): Promise<void> {
  // A late measurement must not delay the picture: its sink drops frames.
  await using pipeline = Pipeline.parse(
    `${sourceOf(options.media)} ! tee name=both
     both. ! queue ! videoconvert ! gtk4paintablesink name=picture
     both. ! queue ! videoscale ! videoconvert
       ! video/x-raw, format=GRAY8, width=160, height=90 ! appsink name=measure max-buffers=2 drop=true`,
  );
  const application = new Gtk.Application({ flags: Gio.ApplicationFlags.NON_UNIQUE });
  const closed = new Gio.Cancellable();
  const curve: number[] = [];

  application.connect('activate', () => {
    const view = openWindow(application, pipeline.get('picture').get('paintable'), curve);
    const close = (): void => {
      if (closed.is_cancelled()) return;
      closed.cancel();
      try {
        if (options.picture !== null) {
          takePicture(view, options.picture);
          print(`${options.picture}: a picture of the window`);
        }
      } finally {
        view.window.destroy();
      }
    };
    view.window.connect('close-request', () => {
      close();
      return true;
    });
    if (options.seconds !== null) setTimeout(close, options.seconds * 1000);
    pipeline
      .play()
      .then(() => measure(pipeline, view, curve, closed))
      .then(print)
      .catch((error: Error) => {
        // Shown in the window.
        view.text.label = error.message;
        printerr(error.message);
      });
  });
  await application.runAsync([]);
}

if (system.programArgs.some((word) => word === '--help' || word === '-h')) print(usage);
else {
  try {
    await main(parse(system.programArgs));
  } catch (error) {
    printerr(`${(error as Error).message}\n(--help tells what can be asked for)`);
    system.exit(1);
  }
}
