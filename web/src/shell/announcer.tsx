import { useRef } from "preact/hooks";
import type { SubjectState } from "../board/subject-state";
import { words } from "../language/language";
import type { Light } from "../protocol";

/** Tells readers of the screen when a subject's light changes, and only then. */
export function Announcer({ state }: { state: SubjectState | undefined }) {
  const before = useRef<{ subject: string; light: Light } | undefined>(undefined);
  const said = useRef("");
  const known = before.current;
  if (state) {
    if (known?.subject === state.subject && known.light !== state.light) {
      said.current = words.value.became(state.subject, words.value.lights[state.light]);
    }
    before.current = { subject: state.subject, light: state.light };
  }
  return (
    <p class="visually-hidden" aria-live="polite">
      {said.current}
    </p>
  );
}
