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
  const isOpen = useSignal(false);
  const text = words.value.keys;
  const close = () => {
    isOpen.value = false;
  };
  useKeys([
    {
      keys: ["?"],
      does: () => words.value.keys.sheet,
      run: () => {
        isOpen.value = true;
      },
    },
  ]);
  return (
    <>
      <button
        type="button"
        class="quiet icon-button"
        aria-label={text.title}
        title={`${text.title} (?)`}
        onClick={() => (isOpen.value = true)}
      >
        ?
      </button>
      {isOpen.value && (
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
            <SampleCommand page={page} />
            <TryIt watch={watch} page={page} onBegun={close} />
          </section>
        </Sheet>
      )}
    </>
  );
}
