/** The curve below the picture: how bright the last frames were. */

/** The part of cairo's context that is used here. */
export interface Context {
  setSourceRGBA(red: number, green: number, blue: number, alpha: number): void;
  setLineWidth(width: number): void;
  setLineJoin(join: number): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
  stroke(): void;
  fill(): void;
  paint(): void;
}

const brightest = 255;
const roundJoin = 1;

/** Draws levels from 0 to 255, the newest at the right edge, with room for `remembered` of them. */
export function drawCurve(
  context: Context,
  levels: readonly number[],
  remembered: number,
  width: number,
  height: number,
): void {
  context.setSourceRGBA(0.08, 0.09, 0.12, 1);
  context.paint();
  const margin = 10;
  const y = (level: number) => height - margin - (level / brightest) * (height - 2 * margin);
  context.setLineWidth(1);
  context.setSourceRGBA(1, 1, 1, 0.12);
  for (const level of [0, brightest / 2, brightest]) {
    context.moveTo(0, Math.round(y(level)) + 0.5);
    context.lineTo(width, Math.round(y(level)) + 0.5);
    context.stroke();
  }
  if (levels.length < 2) return;
  const x = (index: number) => width - ((levels.length - 1 - index) * width) / (remembered - 1);
  const trace = (): void => {
    levels.forEach((level, index) => {
      if (index) context.lineTo(x(index), y(level));
      else context.moveTo(x(index), y(level));
    });
  };
  trace();
  context.lineTo(width, height);
  context.lineTo(x(0), height);
  context.closePath();
  context.setSourceRGBA(1, 0.72, 0.25, 0.22);
  context.fill();
  trace();
  context.setLineWidth(2.5);
  context.setLineJoin(roundJoin);
  context.setSourceRGBA(1, 0.76, 0.35, 1);
  context.stroke();
}
