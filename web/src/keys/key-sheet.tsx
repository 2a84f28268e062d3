import { useSignal } from "@preact/signals";
import { words } from "../language/language";
import type { PageName } from "../shell/page-url";
import { Sheet } from "../shell/sheet";
import { SampleCommand } from "../try-it/first-sample";
import { TryIt } from "../try-it/try-it";
import type { Watch } from "../watch/watch";
import { bindings, useKeys } from "./keys";

/** Help, opened by `?`: what the keys of this page do, and how to begin. */
export function KeySheet({ watch, page }: { watch: Watch; page: PageName }) {
  const open = useSignal<"keys" | "steps" | undefined>(undefined);
  const text = words.value.keys;
  const close = () => {
    open.value = undefined;
  };
  useKeys([
    {
      keys: ["?"],
      does: () => words.value.keys.sheet,
      run: () => {
        open.value = "keys";
      },
    },
  ]);
  // Who watches little yet may not know how to begin: a service may watch its own machine from the start.
  const isNew = watch.board.subjects.value.size === 1;
  return (
    <>
      {isNew && (
        <button type="button" class="quiet first-steps-button" onClick={() => (open.value = "steps")}>
          {words.value.guide.title}
        </button>
      )}
      <button
        type="button"
        class="quiet icon-button"
        aria-label={text.title}
        title={`${text.title} (?)`}
        onClick={() => (open.value = "keys")}
      >
        ?
      </button>
      {open.value === "steps" && (
        <Sheet title={words.value.guide.title} onClose={close}>
          <FirstSteps watch={watch} page={page} onBegun={close} />
        </Sheet>
      )}
      {open.value === "keys" && (
        <Sheet title={text.title} onClose={close}>
          <dl class="keys">
            {bindings.value.map(({ keys, does }) => (
              <div key={keys.join()}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{text.names[key] ?? key}</kbd>
                  ))}
                </dt>
                <dd>{does()}</dd>
              </div>
            ))}
          </dl>
          <section class="first-steps">
            <h3>{words.value.guide.title}</h3>
            <FirstSteps watch={watch} page={page} onBegun={close} />
          </section>
        </Sheet>
      )}
    </>
  );
}

function FirstSteps({ watch, page, onBegun }: { watch: Watch; page: PageName; onBegun: () => void }) {
  return (
    <div class="first-steps-body">
      <SampleCommand page={page} />
      <TryIt watch={watch} page={page} onBegun={onBegun} />
    </div>
  );
}
