import { words } from "../language/language";
import type { VitalVerdict } from "../protocol";

const paths = {
  OK: "M3.5 8.5l3 3 6-6.5",
  WARN: "M8 3v6.2M8 12.4v.4",
  BLOCK: "M4 4l8 8M12 4l-8 8",
  stale: "M4 8h8",
};

/** The sign of a level: it reads without colour. */
export function LevelSign({ level }: { level: keyof typeof paths }) {
  return (
    <svg class="level-sign" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[level]} />
    </svg>
  );
}

/** The level of a vital: a sign, a word and a colour. `isFrozen` and staleness turn it into what was last known. */
export function LevelBadge({
  verdict,
  isStale,
  isFrozen,
}: {
  verdict: VitalVerdict;
  isStale: boolean;
  isFrozen: boolean;
}) {
  const { levels, stale, sides, priorities, lastKnown } = words.value;
  const look = isStale ? "stale" : verdict.level;
  const level = verdict.priority ? `${levels[verdict.level]} ${verdict.priority}` : levels[verdict.level];
  const side = verdict.side ? sides[verdict.side] : undefined;
  const title = [verdict.priority && priorities[verdict.priority], side].filter(Boolean).join(", ");
  return (
    <span class="badge" data-level={look} data-priority={verdict.priority} title={title || undefined}>
      <LevelSign level={look} />
      {isStale ? `${stale}: ${level}` : isFrozen ? lastKnown(level) : level}
      {side && !isFrozen && !isStale && <span class="badge-side">{side}</span>}
    </span>
  );
}
