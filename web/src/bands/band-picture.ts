import type { Band } from "../protocol";
import { zones } from "./zones";

/**
 * A band as a picture of the style sheet, from 0 on the left to 1 on the right: target, optimum and zones in one
 * background, so that thousands of them cost no element each. Its colours are those of the theme, by their names.
 */
export function bandPicture(band: Band): string {
  const [low, high] = band.optimum;
  const target = percent(band.target);
  const layers = [
    `transparent calc(${target} - 1px), var(--ink) calc(${target} - 1px) calc(${target} + 1px), transparent calc(${target} + 1px)`,
    `transparent ${percent(low)}, var(--ruler-optimum) ${percent(low)} ${percent(high)}, transparent ${percent(high)}`,
    zones(band)
      .map(({ from, to, kind }) => `var(--ruler-${kind}) ${percent(from)} ${percent(to)}`)
      .join(", "),
  ];
  return layers.map((layer) => `linear-gradient(to right, ${layer})`).join(", ");
}

const percent = (score: number) => `${Number((score * 100).toFixed(1))}%`;
