import { useState } from "preact/hooks";
import { CannotOperate, OperateButton } from "../access/operate-button";
import { ApiError, beginExperiment } from "../api";
import { DEMO } from "../experiments/experiment";
import { words } from "../language/language";
import { type PageName, pageUrl } from "../shell/page-url";
import type { Watch } from "../watch/watch";

type Props = { watch: Watch; page: PageName; onBegun?: () => void };
type State = { kind: "idle" } | { kind: "sending" } | { kind: "refused"; why: keyof typeof whys; detail: string };

const whys = { runs: [409], busy: [429], never: [403, 404, 405, 501], other: [] as number[] } as const;

/** Why the service does not begin it, in the words of the page; what it says itself stands beside. */
function refusal(error: unknown): State {
  const status = error instanceof ApiError ? error.status : undefined;
  const why = (Object.keys(whys) as (keyof typeof whys)[]).find((each) => whys[each].includes(status as never));
  return { kind: "refused", why: why ?? "other", detail: error instanceof ApiError ? error.message : "" };
}

/** Begins the demonstration, and shows it. Pulse alone can: the other pages lead there. */
export function TryIt({ watch, page, onBegun }: Props) {
  const text = words.value.guide;
  const [state, setState] = useState<State>({ kind: "idle" });
  const show = (subject: string) => {
    watch.timeline.live();
    watch.chooseSubject(subject);
    onBegun?.();
  };
  const begin = () => {
    setState({ kind: "sending" });
    beginExperiment(DEMO).then(
      ({ subject }) => show(subject),
      (error) => setState(refusal(error)),
    );
  };
  if (page !== "pulse") {
    const pulse = pageUrl("pulse", page, watch.config.value);
    return pulse === undefined ? null : <a href={pulse}>{text.tryOnPulse}</a>;
  }
  return (
    <div class="try-it">
      <p>{text.offer}</p>
      <OperateButton class="try-it-begin" disabled={state.kind === "sending"} onClick={begin}>
        {state.kind === "sending" ? text.beginning : text.begin}
      </OperateButton>
      <CannotOperate />
      {state.kind === "refused" && (
        <p role="alert">
          {text.refused[state.why]} {state.detail && <small>{state.detail}</small>}
          {state.why === "runs" && (
            <button type="button" onClick={() => show(DEMO)}>
              {text.show}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
