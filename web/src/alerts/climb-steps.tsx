import { now } from "../clock";
import { countdown, time } from "../language/format";
import { words } from "../language/language";
import type { Alert } from "../protocol";
import { type Climb, climbOf, type Step } from "./climb";

/** Who was told of an alert, who is next and when; or would be, where nobody `isPaging`. */
export function ClimbSteps({ alert, isPaging }: { alert: Alert; isPaging: boolean }) {
  const climb = climbOf(alert);
  if (!climb || climb.state === "over") return null;
  return (
    <div class="climb" data-state={climb.state}>
      <ol aria-label={words.value.climb.label}>
        {climb.steps.map((step, index) => (
          <StepMark key={index} step={step} after={climb.steps[index + 1]} />
        ))}
      </ol>
      <p>{sentence(climb, isPaging)}</p>
    </div>
  );
}

function StepMark({ step, after }: { step: Step; after: Step | undefined }) {
  const look = step.takenAt !== undefined ? "taken" : step.dueAt !== undefined ? "next" : "later";
  return (
    <li data-step={look} title={waysOf(step)}>
      {step.takenAt !== undefined && after?.dueAt !== undefined && <Progress from={step.takenAt} to={after.dueAt} />}
      <b>{roleOf(step)}</b>
      <span>{step.takenAt !== undefined ? time(step.takenAt) : step.dueAt !== undefined && time(step.dueAt)}</span>
    </li>
  );
}

/** How much of the wait for the next step is over. */
function Progress({ from, to }: { from: number; to: number }) {
  const share = Math.min(Math.max((now.value - from) / (to - from), 0), 1);
  return <i style={{ width: `calc(${share} * (100% - 15px))` }} aria-hidden="true" />;
}

function sentence({ state, steps, until }: Climb, isPaging: boolean): string {
  const text = words.value.climb;
  if (state === "acknowledged") return until === undefined ? text.acknowledged : text.acknowledgedUntil(time(until));
  if (state === "held") return text.held(steps[0] ? roleOf(steps[0]) : "");
  const next = steps.find(({ dueAt }) => dueAt !== undefined);
  if (next?.dueAt === undefined) return isPaging ? text.top : "";
  const left = (next.dueAt - now.value) / 1_000;
  if (!isPaging) return text.would(roleOf(next), countdown(left));
  return left > 0 ? text.next(roleOf(next), countdown(left), waysOf(next)) : text.due(roleOf(next));
}

/** A step without a role calls nobody: it is only shown somewhere. */
const roleOf = (step: Step) => step.role || waysOf(step) || words.value.climb.shown;

function waysOf({ channels }: Step): string {
  const names = words.value.climb.channels;
  return channels.map((channel) => names[channel] ?? channel).join(", ");
}
