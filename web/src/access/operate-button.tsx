import type { ComponentChildren } from "preact";
import { words } from "../language/language";
import { mayOperate } from "./session";

type Props = {
  class?: string;
  label?: string;
  disabled?: boolean;
  onClick: () => void;
  children: ComponentChildren;
};

/** A button that changes something. Who may only look sees it all the same, and learns what is missing. */
export function OperateButton({ class: look, label, disabled, onClick, children }: Props) {
  const isBarred = !mayOperate.value;
  return (
    <button
      type="button"
      class={look}
      aria-label={label}
      disabled={disabled}
      // Not `disabled`: what cannot be reached cannot say why.
      aria-disabled={isBarred || undefined}
      title={isBarred ? words.value.access.cannotOperate : undefined}
      onClick={isBarred ? undefined : onClick}
    >
      {children}
    </button>
  );
}

/** The same in words that everybody sees, where such buttons stand. */
export function CannotOperate() {
  return mayOperate.value ? null : <p class="cannot-operate">{words.value.access.cannotOperate}</p>;
}
