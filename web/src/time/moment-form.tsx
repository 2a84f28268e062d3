import { useRef, useState } from "preact/hooks";
import { shownNow } from "../clock";
import { onEscape } from "../keys/keys";
import { words } from "../language/language";
import { permalink } from "../watch/address";
import type { Watch } from "../watch/watch";

/** Goes to any moment, and gives others a link to the one that is shown. */
export function MomentForm({ watch }: { watch: Watch }) {
  const text = words.value.time;
  const [isOpen, setOpen] = useState(false);
  const [isCopied, setCopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const go = (event: SubmitEvent) => {
    event.preventDefault();
    const at = Date.parse(field.current?.value ?? "");
    if (Number.isNaN(at)) return;
    watch.timeline.seek(at);
    setOpen(false);
  };
  const copy = async () => {
    await navigator.clipboard.writeText(new URL(permalink(watch, shownNow()), location.href).href);
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <div class="moment-form">
      <button
        type="button"
        class="icon-button"
        aria-label={text.goTo}
        title={text.goTo}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2zM8 5v3.2l2.2 1.4" />
        </svg>
      </button>
      {isOpen && (
        <form onSubmit={go} onKeyDown={onEscape(() => setOpen(false))}>
          <label>
            {text.goTo}
            <input ref={field} type="datetime-local" step="1" required defaultValue={localMoment(shownNow())} />
          </label>
          <button type="submit">{text.go}</button>
        </form>
      )}
      {/* Browsers allow copying on secure pages only. */}
      {navigator.clipboard && (
        <button
          type="button"
          class="icon-button"
          aria-label={isCopied ? text.copied : text.copyLink}
          title={text.copyLink}
          onClick={() => void copy()}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path
              d={
                isCopied
                  ? "M3.5 8.5l3 3 6-6.5"
                  : "M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 1 0-3.7-3.7l-.8.8M9.2 6.8a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 1 0 3.7 3.7l.8-.8"
              }
            />
          </svg>
        </button>
      )}
    </div>
  );
}

/** As a field of a form writes it: the time of this machine, without a zone. */
function localMoment(ms: number): string {
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}
