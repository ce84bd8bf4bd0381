/** The content of the film: drifting coloured light, and glass marbles that circle in it. */

export interface Painting {
  /** Draws the frame at `time` seconds into pixels of four bytes: red, green, blue and an unused one. */
  paint(pixels: Uint32Array, time: number): void;
}

const shades = 1024;

/** A circular gradient of colours, as 32-bit pixels. */
function palette(): Uint32Array {
  // Three waves around the colours of dusk: Inigo Quilez' cosine palettes.
  const wave = (at: number, base: number, swing: number, phase: number) =>
    Math.round(255 * Math.min(1, Math.max(0, base + swing * Math.cos(2 * Math.PI * (at + phase)))));
  return Uint32Array.from({ length: shades }, (_, index) => {
    const at = index / shades;
    return wave(at, 0.5, 0.45, 0) | (wave(at, 0.32, 0.3, 0.15) << 8) | (wave(at, 0.55, 0.35, 0.4) << 16);
  });
}

interface Marble {
  x: number;
  y: number;
  radius: number;
}

/** The positions of the marbles: each on an ellipse of its own, with its own speed. */
function marbles(width: number, height: number, time: number): Marble[] {
  return Array.from({ length: 5 }, (_, index) => ({
    x: width * (0.5 + 0.38 * Math.cos(time * (0.5 + index * 0.13) + index * 1.9)),
    y: height * (0.5 + 0.34 * Math.sin(time * (0.7 + index * 0.11) + index * 2.6)),
    radius: height * (0.07 + 0.022 * index),
  }));
}

export function painting(width: number, height: number): Painting {
  const colours = palette();
  const byColumn = new Float64Array(width);
  const byDiagonal = new Float64Array(width + height);

  function paintLight(pixels: Uint32Array, time: number): void {
    const scale = 2.2 / height;
    for (let x = 0; x < width; x++)
      byColumn[x] = Math.sin(x * scale * 2.1 + time) + Math.sin(x * scale * 3.7 - time * 0.6);
    for (let at = 0; at < width + height; at++) byDiagonal[at] = Math.sin(at * scale * 1.6 + time * 0.8);
    for (let y = 0, at = 0; y < height; y++) {
      const byRow = Math.sin(y * scale * 2.9 - time * 0.9) + Math.sin(y * scale * 1.3 + time * 0.5);
      for (let x = 0; x < width; x++, at++) {
        const height = (byColumn[x] as number) + byRow + (byDiagonal[x + y] as number);
        pixels[at] = colours[((height + time * 0.4) * 110) & (shades - 1)] as number;
      }
    }
  }

  /** A marble shows its background upside down, as glass does, with light from the upper left. */
  function paintMarble(pixels: Uint32Array, behind: Uint32Array, { x, y, radius }: Marble): void {
    const top = Math.max(0, Math.ceil(y - radius));
    const bottom = Math.min(height - 1, Math.floor(y + radius));
    for (let row = top; row <= bottom; row++) {
      const dy = (row - y) / radius;
      const half = Math.sqrt(Math.max(0, 1 - dy * dy)) * radius;
      const right = Math.min(width - 1, Math.floor(x + half));
      for (let column = Math.max(0, Math.ceil(x - half)); column <= right; column++) {
        const dx = (column - x) / radius;
        const depth = Math.sqrt(Math.max(0, 1 - dx * dx - dy * dy));
        const seenX = Math.min(width - 1, Math.max(0, Math.round(x - dx * radius * (2.4 - depth))));
        const seenY = Math.min(height - 1, Math.max(0, Math.round(y - dy * radius * (2.4 - depth))));
        const light = 0.35 + 0.75 * depth;
        const shine = Math.max(0, -0.5 * dx - 0.6 * dy + 0.62 * depth) ** 24 * 255;
        pixels[row * width + column] = lit(behind[seenY * width + seenX] as number, light, shine);
      }
    }
  }

  const light = new Uint32Array(width * height);
  return {
    paint(pixels, time) {
      paintLight(light, time);
      pixels.set(light);
      for (const marble of marbles(width, height, time)) paintMarble(pixels, light, marble);
    },
  };
}

function lit(colour: number, light: number, shine: number): number {
  const channel = (shift: number) => Math.min(255, ((colour >>> shift) & 255) * light + shine) << shift;
  return channel(0) | channel(8) | channel(16);
}
