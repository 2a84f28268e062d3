import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { countdown } from "../language/format";
import { words } from "../language/language";
import { Choices } from "../shell/choices";
import { Spark } from "../shell/icons";
import { useLeft } from "../shell/use-left";
import { access, askSession, logIn, type Refusal } from "./session";

/** How somebody logs in before there is a page to see. */
export function LogInPage() {
  return (
    <main class="log-in-page">
      <LogIn />
    </main>
  );
}

/** The same over a page whose session has ended: what it shows stays there, and cannot be reached. */
export function LogInOver() {
  return access.value.kind === "out" ? <Over /> : null;
}

function Over() {
  const dialog = useRef<HTMLDialogElement>(null);
  // Not after the picture was drawn: it would be gone from the page before it is closed.
  useLayoutEffect(() => {
    const { current } = dialog;
    current?.showModal();
    // Closed before it goes away, it gives the focus back to where it was.
    return () => current?.close();
  }, []);
  return (
    <dialog
      class="log-in-over"
      ref={dialog}
      aria-label={words.value.access.title}
      onCancel={(event) => event.preventDefault()}
      // Some browsers close it all the same when they are asked twice.
      onClose={() => dialog.current?.isConnected && dialog.current.showModal()}
    >
      <LogIn />
    </dialog>
  );
}

type State = { kind: "idle" } | { kind: "sending" } | { kind: "refused"; refusal: Refusal; retryAt?: number };

function LogIn() {
  const text = words.value.access;
  const why = access.value.kind === "out" ? access.value.why : "first";
  const [state, setState] = useState<State>({ kind: "idle" });
  const wait = useLeft(state.kind === "refused" ? state.retryAt : undefined);
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    // Somebody may have logged in meanwhile, on another of the pages.
    const look = () => void askSession();
    addEventListener("focus", look);
    return () => removeEventListener("focus", look);
  }, []);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setState({ kind: "sending" });
    // Read from the field: password managers fill it without a word to the page.
    const refusal = await logIn(input.current?.value.trim() ?? "");
    if (!refusal) return;
    const waits = refusal.why === "many" && { retryAt: performance.now() + refusal.seconds * 1_000 };
    setState({ kind: "refused", refusal, ...waits });
    input.current?.select();
  };

  return (
    <div class="log-in">
      <h1>
        <Spark /> Iskra
      </h1>
      <p>{text.leads[why]}</p>
      {/* Never sent by the browser itself: a token has no place in an address. */}
      <form method="post" onSubmit={submit}>
        {/* Password managers keep a password under a name. */}
        <input hidden name="username" autoComplete="username" value="iskra" readOnly />
        <label>
          {text.token}
          <input
            ref={input}
            required
            type="password"
            name="password"
            autoComplete="current-password"
            spellcheck={false}
            aria-invalid={state.kind === "refused" || undefined}
            aria-describedby="log-in-refused"
          />
        </label>
        <p id="log-in-refused" class="log-in-refused" role="alert">
          {state.kind === "refused" && sentence(state.refusal)}
        </p>
        <button type="submit" disabled={state.kind === "sending" || wait > 0}>
          {state.kind === "sending" ? text.sending : wait > 0 ? text.waiting(countdown(wait / 1_000)) : text.logIn}
        </button>
      </form>
      <section class="log-in-about" aria-label={text.about.title}>
        <h2>{text.about.title}</h2>
        <p>{text.about.what}</p>
        <p>{text.about.how}</p>
        <pre tabIndex={0} role="region" aria-label={text.about.command}>
          <code>iskra token create ann --scope read --scope operate</code>
        </pre>
      </section>
      <Choices />
    </div>
  );
}

function sentence(refusal: Refusal): string {
  const { refused } = words.value.access;
  if (refusal.why === "many") return refused.many(countdown(refusal.seconds));
  if (refusal.why === "other") return refused.other(refusal.detail);
  return refused[refusal.why];
}
