/** Descriptions as GStreamer's manual page and documentation have them, and some that are wrong. */

/** Texts with the names in them and the factories of the elements that have those. */
export const right: readonly [string, Readonly<Record<string, string>>][] = [
  // The manual page of gst-launch-1.0
  ['filesrc location=music.mp3 ! mpegaudioparse ! mpg123audiodec ! audioconvert ! audioresample ! pulsesink', {}],
  ['filesrc location=music.ogg ! oggdemux ! vorbisdec ! audioconvert ! audioresample ! pulsesink', {}],
  ['giosrc location=http://domain.com/music.mp3 ! mpegaudioparse ! mpg123audiodec ! audioconvert ! pulsesink', {}],
  ['giosrc location=smb://computer/music.mp3 ! mpegaudioparse ! mpg123audiodec ! audioresample ! pulsesink', {}],
  [
    'filesrc location=music.mp3 ! mpegaudioparse ! mpg123audiodec ! audioconvert ! vorbisenc ! oggmux ! filesink location=music.ogg',
    {},
  ],
  [
    'filesrc location=music.wav ! wavparse ! audioconvert ! lamemp3enc ! xingmux ! id3v2mux ! filesink location=music.mp3',
    {},
  ],
  [
    'cdparanoiasrc mode=continuous ! audioconvert ! lamemp3enc ! mpegaudioparse ! xingmux ! id3v2mux ! filesink location=cd.mp3',
    {},
  ],
  ['cdparanoiasrc track=5 ! audioconvert ! lamemp3enc ! filesink location=track5.mp3', {}],
  ['cdda://5 ! lamemp3enc cbr=true target=quality quality=6 ! filesink location=track5.mp3', {}],
  ['filesrc location=/flflfj.vob ! dvddemux ! mpegvideoparse ! mpeg2dec ! videoconvert ! sdlvideosink', {}],
  [
    'filesrc location=movie.mpg ! dvddemux name=demuxer  demuxer. ! queue ! mpegvideoparse ! mpeg2dec ! videoconvert ! sdlvideosink  demuxer. ! queue ! mpegaudioparse ! mpg123audiodec ! audioconvert ! audioresample ! pulsesink',
    { demuxer: 'dvddemux' },
  ],
  [
    'textoverlay name=overlay ! videoconvert ! videoscale !  autovideosink   filesrc location=movie.avi ! decodebin3 ! videoconvert ! overlay.video_sink   filesrc location=movie.srt ! subparse ! overlay.text_sink',
    { overlay: 'textoverlay' },
  ],
  ['playbin3 uri=file:///path/to/movie.avi suburi=file:///path/to/movie.srt name=player', { player: 'playbin3' }],
  [
    'v4l2src ! queue ! videoconvert ! x264enc tune=zerolatency key-int-max=15 ! video/x-h264,profile=main !rtph264pay pt=96 config-interval=-1 ! udpsink host=192.168.1.1 port=5000',
    {},
  ],
  [
    'udpsrc port=5000 ! application/x-rtp, clock-rate=90000,payload=96 ! rtpjitterbuffer ! rtph264depay ! h264parse ! avdec_h264 ! videoconvert ! xvimagesink name=out',
    { out: 'xvimagesink' },
  ],
  ['fakesrc num-buffers=16 ! fakesink silent=false name=end', { end: 'fakesink' }],
  ['audiotestsrc ! audioconvert ! audioresample ! pulsesink', {}],
  [
    'filesrc location=videofile ! decodebin3 name=decoder decoder. ! queue ! audioconvert ! audioresample ! pulsesink   decoder. !  videoconvert ! xvimagesink',
    { decoder: 'decodebin3' },
  ],
  ['playbin3 uri=https://gstreamer.freedesktop.org/data/media/sintel_trailer-480p.webm', {}],
  ['videotestsrc ! video/x-raw,format=YUY2;video/x-raw,format=YV12 ! xvimagesink name=s', { s: 'xvimagesink' }],
  ['v4l2src ! image/jpeg ! queue ! decodebin3 ! videoconvert ! autovideosink', {}],
  [
    'pulsesrc !  audio/x-raw,rate=[32000,64000],format={S16LE,S24LE,S32LE} ! wavenc ! filesink location=recording.wav',
    {},
  ],
  // Pages of the elements
  ['videotestsrc pattern=snow ! video/x-raw,width=1280,height=720 ! autovideosink', {}],
  ['videotestsrc ! tee name=t ! queue ! autovideosink t. ! queue ! filesink location=out', { t: 'tee' }],
  [
    'compositor name=comp sink_0::alpha=0.7 sink_1::alpha=0.5 ! videoconvert ! xvimagesink \n videotestsrc ! video/x-raw,width=320 ! comp.sink_0 \n videotestsrc pattern=ball ! comp.sink_1',
    { comp: 'compositor' },
  ],
  [
    'audiotestsrc freq=100 ! audiomixer name=mix ! audioconvert ! alsasink audiotestsrc freq=500 ! mix.',
    { mix: 'audiomixer' },
  ],
  [
    'interleave name=i ! audioconvert ! wavenc ! filesink location=file.wav  filesrc location=l.wav ! decodebin ! audioconvert ! audio/x-raw,channels=1 ! queue ! i.sink_0  filesrc location=r.wav ! decodebin ! queue ! i.sink_1',
    { i: 'interleave' },
  ],
  [
    'filesrc location=file.mp3 ! decodebin ! audioconvert ! audio/x-raw,channels=2 ! deinterleave name=d  d.src_0 ! queue ! audioconvert ! vorbisenc ! oggmux ! filesink location=channel1.ogg  d.src_1 ! queue ! fakesink',
    { d: 'deinterleave' },
  ],
  [
    'webrtcbin bundle-policy=max-bundle name=sendrecv stun-server=stun://stun.l.google.com:19302 audiotestsrc is-live=true wave=red-noise ! audioconvert ! opusenc ! rtpopuspay ! queue ! application/x-rtp,media=audio,encoding-name=OPUS,payload=96 ! sendrecv.',
    { sendrecv: 'webrtcbin' },
  ],
  [
    'rtpbin name=rtpbin v4l2src ! videoconvert ! avenc_h263 ! rtph263ppay ! rtpbin.send_rtp_sink_0 rtpbin.send_rtp_src_0 ! udpsink port=5000 rtpbin.send_rtcp_src_0 ! udpsink port=5001 sync=false async=false udpsrc port=5005 ! rtpbin.recv_rtcp_sink_0',
    { rtpbin: 'rtpbin' },
  ],
  [
    'splitmuxsink name=mux location=video%02d.mov max-size-time=10000000000 v4l2src num-buffers=500 ! x264enc key-int-max=10 ! h264parse ! mux.video',
    { mux: 'splitmuxsink' },
  ],
  ['rtspsrc location=rtsp://some.server/url latency=0 ! fakesink', {}],
  ['souphttpsrc location=https://some.server.org/index.html ! filesink location=/home/joe/server.html', {}],
  ['audiotestsrc wave=sine ! level name=lvl interval=50000000 ! fakesink', { lvl: 'level' }],
  [
    'audiotestsrc ! audio/x-raw,channels=2 ! tee name=a a. ! queue ! goom ! videoconvert ! fakesink a. ! queue ! fakesink name=f',
    { a: 'tee', f: 'fakesink' },
  ],
  [
    'multifilesrc location="img.%04d.png" index=0 caps="image/png,framerate=(fraction)12/1" ! pngdec ! videoconvert ! videorate ! theoraenc ! oggmux ! filesink location="images.ogg" name=file',
    { file: 'filesink' },
  ],
  [
    'uridecodebin uri=file:///a.webm name=d d. ! queue ! videoconvert ! appsink name=video d. ! queue ! audioconvert ! appsink name=audio',
    { d: 'uridecodebin', video: 'appsink', audio: 'appsink' },
  ],
  [
    'appsrc name=in is-live=true format=time caps=video/x-raw,format=RGBA,width=4,height=4,framerate=30/1 ! videoconvert ! appsink name=out max-buffers=1 drop=true',
    { in: 'appsrc', out: 'appsink' },
  ],
  [
    'input-selector name=s ! fakesink videotestsrc ! s.sink_0 videotestsrc pattern=1 ! s.sink_1',
    { s: 'input-selector' },
  ],
  ['videotestsrc ! videoflip video-direction=90r ! videobalance saturation=0.0 ! fakesink', {}],
  ['videotestsrc ! videocrop top=42 left=1 right=4 bottom=0 name=crop ! fakesink', { crop: 'videocrop' }],
  [
    'videotestsrc ! video/x-raw(memory:SystemMemory),format=NV12 ! queue leaky=downstream max-size-buffers=2 ! fakesink',
    {},
  ],
  ['playbin uri=file:///x.mkv flags=video+audio video-sink=fakesink name=p', { p: 'playbin' }],
  ['playbin uri=file:///x.mkv flags=0x3 name=p', { p: 'playbin' }],
  // The grammar
  ['videotestsrc name=src!fakesink', { 'src!fakesink': 'videotestsrc' }],
  ['videotestsrc!queue name=q !fakesink name=f', { q: 'queue', f: 'fakesink' }],
  [
    'videotestsrc name = src  num-buffers = 3 ! fakesink name= "the end" sync =false',
    { src: 'videotestsrc', 'the end': 'fakesink' },
  ],
  ['\n\tvideotestsrc name=src\n\t\t! queue\r\n\t! fakesink\tname=f\n', { src: 'videotestsrc', f: 'fakesink' }],
  ['filesrc location=a\\ b\\ c.mp4 name=f ! fakesink', { f: 'filesrc' }],
  ['filesrc location="a ! b name=no.mp4" name=f ! fakesink', { f: 'filesrc' }],
  ["filesrc location='a b name=no' name=f ! fakesink", { f: 'filesrc' }],
  ['filesrc location="say \\"a b\\" name=no" name=f ! fakesink', { f: 'filesrc' }],
  ['( videotestsrc name=a ! queue ! fakesink name=b )', { a: 'videotestsrc', b: 'fakesink' }],
  ['videotestsrc ! ( name=inner queue ! identity name=i ) ! fakesink', { inner: 'bin', i: 'identity' }],
  ['bin.( name=outer videotestsrc ! ( queue name=q ) ! fakesink )', { outer: 'bin', q: 'queue' }],
  ['pipeline. ( name=p audiotestsrc ! fakesink name=f )', { p: 'pipeline', f: 'fakesink' }],
  ['videotestsrc .src ! .sink fakesink name=f', { f: 'fakesink' }],
  [
    'multiqueue name=m videotestsrc ! m.sink_0 audiotestsrc ! m.sink_1 m.src_0 ! fakesink m.src_1 ! fakesink name=x',
    { m: 'multiqueue', x: 'fakesink' },
  ],
  ['decodebin name=d : fakesink name=f', { d: 'decodebin', f: 'fakesink' }],
  [
    'videotestsrc ! video/x-raw,width=[1,100],format=(string){ I420, NV12 },framerate=30/1 ! fakesink name=f',
    { f: 'fakesink' },
  ],
  ['file:///tmp/some\\ where ! fakesink name=f', { f: 'fakesink' }],
  [
    'videotestsrc name=n1 num-buffers=1 pattern="ball" ! x264enc @preset=Profile\\ YouTube name=e bitrate=500 ! fakesink',
    { n1: 'videotestsrc', e: 'x264enc' },
  ],
  [
    'videotestsrc num_buffers=3 pattern=18 name=a is-live=TRUE do-timestamp=yes ! fakesink sync=0 max-lateness=-1',
    { a: 'videotestsrc' },
  ],
  ['t. ! fakesink videotestsrc ! tee name=t', { t: 'tee' }],
  [
    'videotestsrc ! tee name=t ! fakesink name=a t.src_1 ! queue ! fakesink name=b',
    { t: 'tee', a: 'fakesink', b: 'fakesink' },
  ],
];

/** Texts with what is wrong in them. */
export const wrong: readonly [string, string][] = [
  ['x264enc bitrat=4000', "x264enc has no property 'bitrat'; did you mean 'bitrate'?"],
  ['videotestsrc patern=ball ! fakesink', "videotestsrc has no property 'patern'; did you mean 'pattern'?"],
  ['videotestsrc ! fakesink snyc=false', "fakesink has no property 'snyc'; did you mean 'sync'?"],
  ['videotestsrc num-bufers=1 ! fakesink', "videotestsrc has no property 'num-bufers'; did you mean 'num-buffers'?"],
  ['videotestsrc num_bufers=1 ! fakesink', "videotestsrc has no property 'num_bufers'; did you mean 'num-buffers'?"],
  ['filesrc loction=a ! fakesink', "filesrc has no property 'loction'; did you mean 'location'?"],
  ['filesrc path=a ! fakesink', "filesrc has no property 'path'"],
  [
    'videotestsrc ! queue max-size-bufers=1 ! fakesink',
    "queue has no property 'max-size-bufers'; did you mean 'max-size-buffers'?",
  ],
  [
    'videotestsrc ! videoconvert ! x264enc name=e tun=zerolatency ! fakesink',
    "x264enc has no property 'tun'; did you mean 'tune'?",
  ],
  ['appsrc formt=time ! fakesink', "appsrc has no property 'formt'; did you mean 'format'?"],
  ['videotestsrc ! appsink maxbuffers=1', "appsink has no property 'maxbuffers'; did you mean 'max-buffers'?"],
  ['videotestsrc ! capsfilter cap=video/x-raw ! fakesink', "capsfilter has no property 'cap'; did you mean 'caps'?"],
  ['udpsrc prt=5000 ! fakesink', "udpsrc has no property 'prt'; did you mean 'port'?"],
  ['audiotestsrc frequency=440 ! fakesink', "audiotestsrc has no property 'frequency'"],
  ['( nme=a fakesrc ! fakesink )', "bin has no property 'nme'; did you mean 'name'?"],
  [
    'videotestsrc ! ( asnyc-handling=true queue ) ! fakesink',
    "bin has no property 'asnyc-handling'; did you mean 'async-handling'?",
  ],
  ['videotestsrc\n  pattrn = ball\n ! fakesink', "videotestsrc has no property 'pattrn'; did you mean 'pattern'?"],
  [
    'videotestsrc ! video/x-raw,width=3 ! queue lekay=no ! fakesink',
    "queue has no property 'lekay'; did you mean 'leaky'?",
  ],
  ['fakesrc ! tee name=t t. ! queue ! fakesink slent=true', "fakesink has no property 'slent'; did you mean 'silent'?"],
  ['filesrc location="a b" locatoin=b ! fakesink', "filesrc has no property 'locatoin'; did you mean 'location'?"],
  [
    'videotestsrc pattern=bal ! fakesink',
    "'pattern' of videotestsrc cannot be 'bal'; did you mean 'ball'? It takes smpte, snow, black, white, red",
  ],
  [
    'videotestsrc pattern="snoww" ! fakesink',
    "'pattern' of videotestsrc cannot be 'snoww'; did you mean 'snow'? It takes smpte",
  ],
  [
    'videotestsrc pattern=none-such ! fakesink',
    "'pattern' of videotestsrc cannot be 'none-such'; it takes smpte, snow",
  ],
  [
    'fakesrc ! queue leaky=sometimes ! fakesink',
    "'leaky' of queue cannot be 'sometimes'; it takes no, upstream, downstream",
  ],
  [
    'fakesrc ! queue leaky = upstraem ! fakesink',
    "'leaky' of queue cannot be 'upstraem'; did you mean 'upstream'? It takes no, upstream, downstream",
  ],
  [
    'videotestsrc ! x264enc speed-preset=veryfst ! fakesink',
    "'speed-preset' of x264enc cannot be 'veryfst'; did you mean 'veryfast'? It takes None, ultrafast, superfast, veryfast",
  ],
  [
    'videotestsrc ! x264enc tune=zerolatensy ! fakesink',
    "'tune' of x264enc cannot be 'zerolatensy'; did you mean 'zerolatency'? It takes stillimage, fastdecode, zerolatency",
  ],
  [
    'videotestsrc ! x264enc tune=fastdecode+zerolatensy ! fakesink',
    "'tune' of x264enc cannot be 'fastdecode+zerolatensy'; did you mean 'zerolatency'? It takes stillimage",
  ],
  [
    'playbin flags=video+adio',
    "'flags' of playbin cannot be 'video+adio'; did you mean 'audio'? It takes video, audio, text",
  ],
  [
    'audiotestsrc wave=sinne ! fakesink',
    "'wave' of audiotestsrc cannot be 'sinne'; did you mean 'sine'? It takes sine, square",
  ],
  [
    'appsrc format=tme ! fakesink',
    "'format' of appsrc cannot be 'tme'; did you mean 'time'? It takes undefined, default, bytes, time",
  ],
  [
    'videotestsrc ! videoflip video-direction=90x ! fakesink',
    "'video-direction' of videoflip cannot be '90x'; did you mean '90r'? It takes identity, 90r, 180, 90l",
  ],
  ['fakesrc ! fakesink sync=maybe', "'sync' of fakesink cannot be 'maybe'; it takes true or false"],
  ['videotestsrc is-live=on ! fakesink', "'is-live' of videotestsrc cannot be 'on'; it takes true or false"],
  ['videotestsrc is-live=true! fakesink', "'is-live' of videotestsrc cannot be 'true!'; it takes true or false"],
  [
    'videotestsrc num-buffers=many ! fakesink',
    "'num-buffers' of videotestsrc cannot be 'many'; it takes whole numbers",
  ],
  ['videotestsrc ! x264enc bitrate=4M ! fakesink', "'bitrate' of x264enc cannot be '4M'; it takes whole numbers"],
  ['videotestsrc num-buffers=1.5 ! fakesink', "'num-buffers' of videotestsrc cannot be '1.5'; it takes whole numbers"],
  [
    'videotestsrc ! videobalance saturation=low ! fakesink',
    "'saturation' of videobalance cannot be 'low'; it takes numbers",
  ],
  ['videotestsrc ! fakesink stats=x', "'stats' of fakesink can be read only"],
  ['videotestsrc !', "nothing stands behind the last '!'"],
  ['! fakesink', "nothing stands before the first '!'"],
  ['videotestsrc ! ! fakesink', "nothing stands between one '!' and the next"],
  ['', 'a description has at least one element'],
  ['  \n ', 'a description has at least one element'],
  ['videotestsrc ! video/x-raw,width=3', "the caps 'video/x-raw,width=3' have no '!' behind them"],
  ['videotestsrc ! tee name=branch brnch. ! fakesink', "no element is named 'brnch'; did you mean 'branch'?"],
  ['videotestsrc ! fakesink nobody. ! fakesink', "no element is named 'nobody'"],
  ['videotestsrc ! tee name=t t. sync=false ! fakesink', "'sync=false' stands behind no element"],
];
