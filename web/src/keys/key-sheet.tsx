import { useSignal } from "@preact/signals";
import { words } from "../language/language";
import { Sheet } from "../shell/sheet";
import { bindings, useKeys } from "./keys";

/** What the keys of this page do: opened by `?`. */
export function KeySheet() {
  const isOpen = useSignal(false);
  const text = words.value.keys;
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
        <Sheet title={text.title} onClose={() => (isOpen.value = false)}>
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
        </Sheet>
      )}
    </>
  );
}
