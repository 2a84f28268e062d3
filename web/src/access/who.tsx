import { useState } from "preact/hooks";
import { time } from "../language/format";
import { words } from "../language/language";
import { access, logOut, mayOperate } from "./session";

/** Who is logged in, and the way out. */
export function Who() {
  const text = words.value.access;
  const [state, setState] = useState<"idle" | "sending" | "failed">("idle");
  if (access.value.kind !== "in") return null;
  const { name, until } = access.value;
  const leave = async () => {
    setState("sending");
    if (!(await logOut())) setState("failed");
  };
  return (
    <div class="who" role="group" aria-label={text.who}>
      <span class="who-name" title={until === undefined ? name : text.until(name ?? "", time(until))}>
        {name}
      </span>
      {!mayOperate.value && (
        <span class="who-looks" title={text.cannotOperate}>
          {text.looks}
        </span>
      )}
      <button type="button" class="quiet" disabled={state === "sending"} onClick={() => void leave()}>
        {state === "failed" ? text.logOutFailed : text.logOut}
      </button>
    </div>
  );
}
