import type { Mood } from "../protocol";

const paths: Record<Mood, string> = {
  resting: "M12.6 9.8A5.2 5.2 0 0 1 6.2 3.4a5.2 5.2 0 1 0 6.4 6.4z",
  listening: "M3.6 8h.1M6.2 5a4.2 4.2 0 0 1 0 6M9 2.6a7.6 7.6 0 0 1 0 10.8",
  engaged: "M3 6.5v3M6.3 3.5v9M9.7 5.2v5.6M13 6.8v2.4",
  leading: "M2.8 12.8h10.4M2.8 10.2 2 4.8l3.5 2.4L8 3.2l2.5 4 3.5-2.4-.8 5.4z",
  waiting:
    "M4.4 2.6h7.2M4.4 13.4h7.2M5.2 2.6c0 3.1 2.8 3.7 2.8 5.4s-2.8 2.3-2.8 5.4M10.8 2.6c0 3.1-2.8 3.7-2.8 5.4s2.8 2.3 2.8 5.4",
};

/** How a voice is disposed, as a sign: resting, listening, engaged, leading, waiting. */
export function MoodPath({ mood }: { mood: Mood }) {
  return <path class="mood" d={paths[mood]} />;
}

export function MoodSign({ mood }: { mood: Mood }) {
  return (
    <svg class="sign" viewBox="0 0 16 16" aria-hidden="true">
      <MoodPath mood={mood} />
    </svg>
  );
}
