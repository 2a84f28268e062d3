import type { Vital } from "../protocol";

type Props = { vital: Vital; value: number | undefined; level: string | undefined };

/**
 * A value on the band of its vital, lying down. Decoration beside the number: readers of the screen hear the number.
 * Whoever shows it defines the pictures of the bands: `bandPictures`.
 */
export function Bullet({ vital, value, level }: Props) {
  return (
    <span class="bullet" data-vital={vital} aria-hidden="true">
      {value !== undefined && <span class="bullet-mark" data-level={level} style={{ left: `${value * 100}%` }} />}
    </span>
  );
}
