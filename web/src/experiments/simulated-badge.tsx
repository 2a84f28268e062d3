import { words } from "../language/language";
import type { Simulated } from "./experiment";

/** The sign of experiments: a flask. */
export function Flask() {
  return (
    <svg class="flask" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M6 2h4M6.8 2v4.2L3.2 12.6a1 1 0 0 0 .9 1.4h7.8a1 1 0 0 0 .9-1.4L9.2 6.2V2M5 10h6" />
    </svg>
  );
}

/** Says that nothing real is behind a subject or an alert. */
export function SimulatedBadge({ simulated }: { simulated: Simulated | undefined }) {
  const text = words.value.experiments;
  if (!simulated) return null;
  return (
    <span class="simulated" title={text.simulatedHint[simulated]}>
      <Flask />
      {text.simulated[simulated]}
    </span>
  );
}
