import { words } from "../language/language";
import type { SeamKind } from "../protocol";

const paths: Record<SeamKind, string> = {
  conflict: "M3.6 3.6l8.8 8.8M12.4 3.6l-8.8 8.8",
  reset: "M12.8 9.2A5 5 0 1 1 11.6 4.5M12.2 1.8v3h-3",
  chaos: "M1.8 9.5 4.6 5l2.2 6.5L9.6 4l2 7.5 2.6-5",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  weave: "M2 4.5c5.5 0 6.5 7 12 7M2 11.5c5.5 0 6.5-7 12-7",
  insight: "M8 1.8 9.6 6.4 14.2 8 9.6 9.6 8 14.2 6.4 9.6 1.8 8 6.4 6.4z",
  bridge: "M1.8 11.5c2-6.5 10.4-6.5 12.4 0M1.8 11.5h12.4M6 7.5v4M10 7.5v4",
};

/** The sign of a kind of seam. */
export function SeamGlyph({ kind, size = 16 }: { kind: SeamKind; size?: number }) {
  return (
    <svg class="seam-glyph" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[kind]} />
    </svg>
  );
}

/** A moment from which the way leads on into several states. */
export function ForkGlyph() {
  return (
    <svg class="fork-glyph" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M8 14.5V9L4 3M8 9l4-6M2.8 5.4 4 3l2.6.6M13.2 5.4 12 3l-2.6.6" />
    </svg>
  );
}

/** The sign of a kind of seam, and its name. */
export function SeamKindName({ kind }: { kind: SeamKind }) {
  return (
    <span class="seam-kind">
      <SeamGlyph kind={kind} /> {words.value.seams.kinds[kind]}
    </span>
  );
}
