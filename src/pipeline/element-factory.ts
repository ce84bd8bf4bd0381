/** Finds the package of an element that is not installed. GStreamer knows only installed ones. */
import { runtime } from '#runtime';
import { expectString } from '../expect.ts';
import { owned } from '../owned.ts';
import type { Handle } from '../runtime/port/index.ts';

const { c } = runtime;

/** Whether elements of that factory, such as `x264enc`, are installed (`gst_element_factory_find`). */
export function elementExists(factory: string): boolean {
  using found = owned(c.gst_element_factory_find(expectString('factory', factory)), 'object');
  return found !== null;
}

/** The words of an element's class (`gst_element_factory_get_metadata`): `Sink` and `Video` for `Sink/Video`. */
export function classOf(element: Handle): string[] {
  using factory = owned(c.gst_element_get_factory(element), 'object');
  return (factory && c.gst_element_factory_get_metadata(factory.handle, 'klass')?.split('/')) ?? [];
}

/** Debian packages (Ubuntu's are the same), with those of their elements that descriptions name most. */
const packages: readonly [string, RegExp][] = [
  [
    'gstreamer1.0-plugins-base',
    /^(appsrc|appsink|videotestsrc|audiotestsrc|videoconvert|videoconvertscale|videoscale|videorate|audioconvert|audioresample|audiorate|audiomixer|compositor|playbin3?|playsink|(uri)?decodebin3?|encodebin2?|theora(enc|dec)|vorbis(enc|dec|parse)|opus(enc|dec)|ogg(mux|demux)|gio(src|sink)|tcp(server|client)(src|sink)|textoverlay|timeoverlay|clockoverlay|textrender|volume|adder|rawvideoparse|rawaudioparse|subparse)$/,
  ],
  ['gstreamer1.0-x', /^(ximagesink|xvimagesink)$/],
  ['gstreamer1.0-gl', /^gl[a-z]/],
  ['gstreamer1.0-alsa', /^alsa(src|sink|midisrc)$/],
  [
    'gstreamer1.0-plugins-good',
    /^(v4l2.*|png(enc|dec)|jpeg(enc|dec)|vp[89](enc|dec)|matroska(mux|demux)|webmmux|qt(mux|demux)|mp4mux|mov(mux)|isomp4.*|avi(mux|demux)|flv(mux|demux)|rtp.*|rtsp(src|.*)|udp(src|sink)|multiudpsink|souphttp.*|multifile(src|sink)|splitmux.*|splitfilesrc|auto(video|audio)(src|sink)|ximagesrc|pulse(src|sink)|jack.*|wav(enc|parse)|flac(enc|dec|parse)|lamemp3enc|mpg123audiodec|speex(enc|dec)|video(crop|box|flip|mixer|balance)|aspectratiocrop|alpha|deinterlace|imagefreeze|level|spectrum|interleave|deinterleave|gdkpixbuf.*|goom.*|id3demux|ssdpsrc|taginject)$/,
  ],
  [
    'gstreamer1.0-plugins-bad',
    /^(unixfd(src|sink)|shm(src|sink)|ipcpipeline.*|inter(audio|video|sub)(src|sink)|proxy(src|sink)|kmssink|fbdevsink|waylandsink|h26[45]parse|av1(parse|enc|dec)|vp9parse|mpegvideoparse|mpeg4videoparse|jpegparse|pngparse|(x265|openh264|svtav1)(enc|dec)|webp(enc|dec)|webrtc(bin|dsp)|srt(src|sink)|rtmp2?(src|sink)|hls(demux|sink2?)|dash(demux|sink)|tsdemux|tsparse|mpegts(mux|demux)|mpegpsmux|va(h26[45]|av1|vp[89]|jpeg|mpeg2|postproc|compositor|deinterlace).*|nv.*|cuda.*|qsv.*|msdk.*|v4l2sl.*|uvch264.*|decklink.*|fdkaac(enc|dec)|voaacenc|faac|faad|curl.*|zbar|rsvg.*|dtls.*|fakevideosink|fakeaudiosink|watchdog|videocodectestsink|codec2json.*|autoconvert|autovideoconvert)$/,
  ],
  [
    'gstreamer1.0-plugins-ugly',
    /^(x264enc|asfdemux|rtspwms|mpeg2dec|a52dec|amrnb(enc|dec)|amrwbdec|dvdread(src)|cdiosrc|sid(dec)|rmdemux|realmedia.*)$/,
  ],
  ['gstreamer1.0-libav', /^av(dec|enc|mux|demux)_|^avdeinterlace$/],
  ['gstreamer1.0-gtk4', /^gtk4paintablesink$/],
  ['gstreamer1.0-gtk3', /^gtk(gl)?sink$/],
  ['gstreamer1.0-qt5', /^qml(gl(src|sink|mixer|overlay))$/],
  ['gstreamer1.0-qt6', /^qml6gl/],
  ['gstreamer1.0-pipewire', /^pipewire(src|sink|deviceprovider)$/],
  ['gstreamer1.0-libcamera', /^libcamerasrc$/],
  ['gstreamer1.0-nice', /^nice(src|sink)$/],
  [
    'gstreamer1.0-opencv',
    /^(opencv.*|cv(smooth|sobel|laplace|dilate|erode|equalizehist)|face(detect|blur)|edgedetect|handdetect|motioncells)$/,
  ],
  ['gstreamer1.0-wpe', /^wpe(src|videosrc)$/],
  ['gstreamer1.0-vaapi', /^vaapi/],
  ['gstreamer1.0-espeak', /^espeak$/],
];

/** The Debian package of an element; null where this is not known. */
export function packageOf(element: string): string | null {
  return packages.find(([, elements]) => elements.test(element))?.[0] ?? null;
}

/** Advice for the element that an error of gst_parse_launch reports as missing; null for other errors. */
export function remedyFor(words: string): string | null {
  for (const [, element = ''] of words.matchAll(/["“«„]([A-Za-z][\w-]*)["”»“]/g)) {
    if (elementExists(element)) continue;
    const name = packageOf(element);
    return name && `it comes with the package ${name} (on Debian and Ubuntu: apt install ${name})`;
  }
  return null;
}
