import { now } from "../clock";
import type { Experiment } from "../experiments/experiment";
import { words } from "../language/language";
import { type PageName, pageUrl } from "../shell/page-url";
import type { Watch } from "../watch/watch";
import { pageOf, stepOf, steps, wasStirred } from "./steps";

type Props = { experiment: Experiment; watch: Watch; page: PageName };

/** A few words on what happens now, for who sees it for the first time; at its end the alert and what was kept of it. */
export function Guide({ experiment, watch, page }: Props) {
  const text = words.value.guide;
  const alert = pageOf(experiment, watch.board.alerts.value.values());
  const isStirred = wasStirred(experiment, watch.happenings.value?.events.value ?? [], now.value);
  const step = stepOf(experiment, watch.state.value?.light ?? "black", alert, isStirred);
  const pulse = page === "pulse" ? "" : pageUrl("pulse", page, watch.config.value);
  const open = (id: string) => () => {
    watch.opened.value = id;
  };
  return (
    <div class="guide">
      <ol aria-hidden="true">
        {steps.map((each, i) => (
          <li key={each} data-done={i <= steps.indexOf(step) || undefined} />
        ))}
      </ol>
      <p role="status">{text.steps[step]}</p>
      {step === "paged" && pulse !== undefined && <a href={`${pulse}#alerts`}>{text.toInbox}</a>}
      {(step === "recovers" || step === "over") && alert && (
        <button type="button" onClick={open(alert.id)}>
          {text.openAlert}
        </button>
      )}
      {step === "over" && (
        <button type="button" onClick={open(experiment.id)}>
          {text.openExperiment}
        </button>
      )}
    </div>
  );
}
