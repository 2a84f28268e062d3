import { useRef, useState } from "preact/hooks";
import { worstFirst } from "../board/subject-state";
import { Flask } from "../experiments/simulated-badge";
import { words } from "../language/language";
import { Lamp } from "../shell/icons";
import type { Watch } from "../watch/watch";
import { SubjectSearch } from "./search";

/** More subjects than this are searched instead of shown side by side. */
const CHIPS = 6;

/** Chooses whose vitals are shown. */
export function SubjectPicker({ watch }: { watch: Watch }) {
  const states = [...watch.board.subjects.value.values()];
  const isFrozen = watch.isFrozen.value;
  if (states.length === 0) return <nav class="picker" aria-label={words.value.subject.label} />;
  if (states.length > CHIPS) return <SearchButton watch={watch} />;
  states.sort((a, b) => a.subject.localeCompare(b.subject, "en"));
  return (
    <nav class="picker" aria-label={words.value.subject.label}>
      <AllLink watch={watch} />
      {states.map(({ subject, light, experiment }) => (
        <SubjectLink key={subject} watch={watch} subject={subject}>
          <Lamp light={isFrozen ? "unknown" : light} />
          {subject}
          {experiment?.simulated && <Flask />}
          <span class="visually-hidden"> {isFrozen ? words.value.notNow : words.value.lights[light]}</span>
        </SubjectLink>
      ))}
    </nav>
  );
}

type LinkProps = {
  watch: Watch;
  subject: string;
  class?: string;
  onChosen?: () => void;
  children: preact.ComponentChildren;
};

/** A link to a subject that stays on the page, and still opens in a new tab like any other. */
export function SubjectLink({ watch, subject, class: look = "chip", onChosen, children }: LinkProps) {
  const choose = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    watch.chooseSubject(subject);
    onChosen?.();
  };
  return (
    <a
      class={look}
      href={`?subject=${encodeURIComponent(subject)}`}
      aria-current={watch.subject.value === subject ? "page" : undefined}
      onClick={choose}
    >
      {children}
    </a>
  );
}

/** Leads back to all subjects, where the page can show them and there are several. */
function AllLink({ watch }: { watch: Watch }) {
  if (!watch.canShowAll.value) return null;
  const choose = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    watch.chooseAll();
  };
  const { all } = words.value.pulse;
  return (
    <a
      class="chip chip-all"
      href="?"
      title={`${all} (a)`}
      aria-current={watch.subject.value === undefined ? "page" : undefined}
      onClick={choose}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M2.5 4h11M2.5 8h11M2.5 12h11" />
      </svg>
      {all}
    </a>
  );
}

function SearchButton({ watch }: { watch: Watch }) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const state = watch.state.value;
  const isFrozen = watch.isFrozen.value;
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <nav class="picker" aria-label={words.value.subject.label}>
      <AllLink watch={watch} />
      <button
        ref={button}
        type="button"
        class="chip chip-open"
        aria-expanded={isOpen}
        aria-controls="subject-search"
        onClick={() => setOpen(!isOpen)}
      >
        <Lamp light={isFrozen ? "unknown" : (state?.light ?? "black")} />
        {watch.subject.value ?? words.value.subject.choose}
        <span class="chip-count">{words.value.subject.found(watch.board.subjects.value.size)}</span>
      </button>
      {isOpen && (
        <SubjectSearch watch={watch} states={worstFirst(watch.board.subjects.value.values())} onClose={close} />
      )}
    </nav>
  );
}
