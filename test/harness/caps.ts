/** Caps of small pictures with one byte for each pixel. */
export const grayCaps = (width: number, height: number, framerate = '30/1'): string =>
  `video/x-raw, format=GRAY8, width=${width}, height=${height}, framerate=${framerate}`;
