/** Room for the scales, in pixels. */
const LEFT = 44;
const BOTTOM = 40;
const TOP = 8;
const RIGHT = 8;

/** Where a score lies in the picture, in pixels. */
export type Plane = { width: number; height: number; x: (clarity: number) => number; y: (chaos: number) => number };

export function planeOf(width: number, height: number): Plane {
  return {
    width,
    height,
    x: (clarity) => LEFT + clarity * (width - LEFT - RIGHT),
    y: (chaos) => height - BOTTOM - chaos * (height - TOP - BOTTOM),
  };
}
