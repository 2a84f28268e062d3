import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ownName } from "../access/session";
import { ApiError } from "../api";
import { onEscape } from "../keys/keys";
import { words } from "../language/language";
import { recall, remember } from "../preferences";

/** As many bytes as the service takes would be safe in any script at half as many letters. */
const NAME_LENGTH = 64;
const NOTE_LENGTH = 500;

type Props = {
  confirm: string;
  recorded: string;
  failed: (reason: string) => string;
  send: (name: string, note: string) => Promise<void>;
  onDone: () => void;
  /** What is asked besides the name and the note. */
  children?: ComponentChildren;
};
type Sending = { kind: "idle" } | { kind: "sending" } | { kind: "recorded" } | { kind: "failed"; reason: string };

/** Something that a person says under their name: that of who is logged in, else one that is asked for and remembered. */
export function PersonForm({ confirm, recorded, failed, send, onDone, children }: Props) {
  const text = words.value.alerts;
  const own = ownName.value;
  const [name, setName] = useState(recall("name") ?? "");
  const [note, setNote] = useState("");
  const [sending, setSending] = useState<Sending>({ kind: "idle" });
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    form.current?.querySelector<HTMLElement>(personName() ? "button[type=submit]" : "input[required]")?.focus();
  }, []);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (own === undefined) remember("name", name.trim());
    setSending({ kind: "sending" });
    try {
      await send(own ?? name.trim(), note.trim());
      setSending({ kind: "recorded" });
    } catch (error) {
      setSending({ kind: "failed", reason: reasonOf(error) });
    }
  };

  if (sending.kind === "recorded") return <p role="status">{recorded}</p>;
  return (
    <form class="person-form" ref={form} onSubmit={submit} onKeyDown={onEscape(onDone)}>
      {children}
      {own === undefined ? (
        <label>
          {text.name}
          <input
            required
            maxLength={NAME_LENGTH}
            autoComplete="name"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
      ) : (
        <p class="person-own">{words.value.access.inYourName(own)}</p>
      )}
      <label>
        {text.note}
        <input maxLength={NOTE_LENGTH} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
      <div class="form-end">
        <button type="submit" class="acknowledge" disabled={sending.kind === "sending"}>
          {sending.kind === "sending" ? text.sending : confirm}
        </button>
        <button type="button" class="quiet" onClick={onDone}>
          {text.cancel}
        </button>
      </div>
      {sending.kind === "failed" && <p role="alert">{failed(sending.reason)}</p>}
    </form>
  );
}

/** In whose name something is done here, if that is known. */
export function personName(): string | undefined {
  return ownName.peek() ?? recall("name");
}

function reasonOf(error: unknown): string {
  if (!(error instanceof ApiError)) return words.peek().alerts.noAnswer;
  return error.status === 401 ? words.peek().access.sendAgain : error.message;
}
