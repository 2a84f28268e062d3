import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { words } from "../language/language";

type Props = { title: string; size?: "wide" | undefined; onClose: () => void; children: ComponentChildren };

/** A sheet over the page. The browser keeps the focus inside, and Escape or a click beside it closes. */
export function Sheet({ title, size, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself
    <dialog
      class="sheet"
      data-size={size}
      ref={dialog}
      aria-label={title}
      // The browser tells it a moment later: by then another sheet may be open in its place.
      onClose={(event) => event.currentTarget.isConnected && onClose()}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="sheet-head">
        <h2>{title}</h2>
        <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
          {words.value.close}
        </button>
      </div>
      {children}
    </dialog>
  );
}
