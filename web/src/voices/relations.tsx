import { edge } from "../language/format";
import { words } from "../language/language";
import type { Chorus, Conflict } from "../protocol";
import { voiceName } from "../rules/rules";

/** Conflicts and synergies in words: who leads, who waits, who mediates. */
export function Relations({ chorus }: { chorus: Chorus | undefined }) {
  const text = words.value.voices;
  const { conflicts = [], synergies = [] } = chorus ?? {};
  if (conflicts.length === 0 && synergies.length === 0) return <p class="relations voices-none">{text.alone}</p>;
  return (
    <ul class="relations">
      {conflicts.map((conflict) => (
        <li key={conflict.between.join()} class="relation-conflict">
          <b>{edge(conflict.intensity)}</b> {inWords(conflict)}
        </li>
      ))}
      {synergies.map(({ between: [one, other], strength }) => (
        <li key={`${one} ${other}`} class="relation-synergy">
          <b>{edge(strength)}</b> {text.together(voiceName(one), voiceName(other))}
        </li>
      ))}
    </ul>
  );
}

function inWords({ between: [one, other], leads, mediates }: Conflict): string {
  const text = words.value.voices;
  const names = [voiceName(one), voiceName(other)] as const;
  if (leads) {
    const waits = leads === one ? other : one;
    return text.conflictLed(voiceName(leads), voiceName(waits));
  }
  return mediates ? text.conflictMediated(...names, voiceName(mediates)) : text.conflict(...names);
}
