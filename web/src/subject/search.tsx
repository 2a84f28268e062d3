import { useEffect, useRef, useState } from "preact/hooks";
import type { SubjectState } from "../board/subject-state";
import { words } from "../language/language";
import { Lamp } from "../shell/icons";
import type { Watch } from "../watch/watch";
import { SubjectLink } from "./picker";

/** A longer list helps nobody: typing does. */
const SHOWN = 100;

/** A list of subjects, worst first, narrowed down by typing. The arrow keys move, Escape closes. */
export function SubjectSearch({
  watch,
  states,
  onClose,
}: {
  watch: Watch;
  states: SubjectState[];
  onClose: () => void;
}) {
  const { subject: text, lights, notNow } = words.value;
  const [wanted, setWanted] = useState("");
  const panel = useRef<HTMLDivElement>(null);
  const found = states.filter((state) => state.subject.toLowerCase().includes(wanted.trim().toLowerCase()));
  const isFrozen = watch.isFrozen.value;

  useEffect(() => {
    panel.current?.querySelector("input")?.focus();
    const outside = (event: PointerEvent) => {
      if (!panel.current?.parentElement?.contains(event.target as Node)) onClose();
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [onClose]);

  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Escape: 0 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    if (step === 0) return onClose();
    const places = [...(panel.current?.querySelectorAll<HTMLElement>("input, a") ?? [])];
    const next = places.indexOf(document.activeElement as HTMLElement) + step;
    places[Math.min(Math.max(next, 0), places.length - 1)]?.focus();
  };

  return (
    <div class="search" id="subject-search" ref={panel} role="group" aria-label={text.choose} onKeyDown={move}>
      <input
        type="search"
        aria-label={text.search}
        placeholder={text.search}
        value={wanted}
        onInput={(event) => setWanted(event.currentTarget.value)}
      />
      <ul>
        {found.slice(0, SHOWN).map((state) => (
          <li key={state.subject}>
            <SubjectLink watch={watch} subject={state.subject} onChosen={onClose}>
              <Lamp light={isFrozen ? "unknown" : state.light} />
              {state.subject}
              <span class="search-light">{isFrozen ? notNow : lights[state.light]}</span>
            </SubjectLink>
          </li>
        ))}
      </ul>
      <p role="status">{found.length === 0 ? text.noneFound : text.found(found.length)}</p>
    </div>
  );
}
