import { useState } from "preact/hooks";
import { OperateButton } from "../access/operate-button";
import { isOfBudget } from "../budgets/standing";
import { now } from "../clock";
import { SimulatedBadge } from "../experiments/simulated-badge";
import { edge, rate, score, span, time } from "../language/format";
import { inLanguage, words } from "../language/language";
import type { Alert } from "../protocol";
import { SubjectLink } from "../subject/picker";
import type { Watch } from "../watch/watch";
import { AcknowledgeForm } from "./acknowledge-form";
import { ClimbSteps } from "./climb-steps";
import { type AlertGroup, isTakenOn } from "./groups";
import { SilenceForm } from "./silence-form";

/** Firing alerts about one thing: the most urgent in full, the others named. */
export function AlertCard({ watch, group }: { watch: Watch; group: AlertGroup }) {
  const text = words.value.alerts;
  const { top, others } = group;
  const opened = Date.parse(top.opened_at);
  const isPaging = watch.config.value?.is_paging !== false && top.simulated !== "inbox";
  return (
    <li class="card" data-priority={top.priority} data-taken={isTakenOn(group) || undefined}>
      <header>
        <span class="priority" data-priority={top.priority} title={words.value.priorities[top.priority]}>
          {top.priority}
        </span>
        {watch.subject.value !== top.subject && (
          <SubjectLink watch={watch} subject={top.subject}>
            <span class="visually-hidden">{text.forSubject(top.subject)}</span>
            <span aria-hidden="true">{top.subject}</span>
          </SubjectLink>
        )}
        <SimulatedBadge simulated={top.simulated} />
        {others.length > 0 && (
          <span class="card-also">{text.also(others.map((alert) => alert.priority).join(", "))}</span>
        )}
      </header>
      <h3>
        <OpenAlert watch={watch} alert={top} />
      </h3>
      <p class="card-facts">
        <Figures alert={top} />
        <span>{text.opened(time(opened), span((now.value - opened) / 1_000))}</span>
        <NotificationStatus alert={top} isPaging={isPaging} />
        {top.silenced && <span>{text.silenced(top.silenced.by, time(Date.parse(top.silenced.until)))}</span>}
      </p>
      <ClimbSteps alert={top} isPaging={isPaging} />
      <Advice alert={top} isFolded={isTakenOn(group) || top.subject !== watch.subject.value} />
      <Acknowledgements group={group} />
      {/* Nobody can change what was. */}
      {watch.timeline.mode.value === "live" && <Answers watch={watch} group={group} />}
    </li>
  );
}

/** What it says; pressed, it is explained, with what was kept of it. */
export function OpenAlert({ watch, alert }: { watch: Watch; alert: Alert }) {
  return (
    <button
      type="button"
      class="open-alert"
      aria-haspopup="dialog"
      onClick={() => {
        watch.opened.value = alert.id;
      }}
    >
      {inLanguage(alert.summary)}
    </button>
  );
}

/** What a person can say to it: "I have it", or "be quiet for a while". */
function Answers({ watch, group }: { watch: Watch; group: AlertGroup }) {
  const [asking, setAsking] = useState<"acknowledge" | "silence">();
  const { alerts: text, silences } = words.value;
  const summary = inLanguage(group.top.summary);
  const done = () => setAsking(undefined);
  if (asking === "acknowledge" && !isTakenOn(group))
    return <AcknowledgeForm watch={watch} group={group} onDone={done} />;
  if (asking === "silence") return <SilenceForm alert={group.top} onDone={done} />;
  return (
    <div class="form-end">
      {!isTakenOn(group) && (
        <OperateButton class="acknowledge" label={text.acknowledgeOf(summary)} onClick={() => setAsking("acknowledge")}>
          {text.acknowledge}
        </OperateButton>
      )}
      {!group.top.silenced && (
        <OperateButton class="quiet" label={silences.askOf(summary)} onClick={() => setAsking("silence")}>
          {silences.ask}
        </OperateButton>
      )}
    </div>
  );
}

/** Why it matters and what to do; folded away once somebody is at it, and while another subject is looked at. */
function Advice({ alert, isFolded }: { alert: Alert; isFolded: boolean }) {
  const title = words.value.alerts.doThis;
  const reason = <p class="card-reason">{inLanguage(alert.description)}</p>;
  const advice = inLanguage(alert.recommendation);
  if (isFolded) {
    return (
      <details>
        <summary>{title}</summary>
        {reason}
        <p>{advice}</p>
      </details>
    );
  }
  return (
    <>
      {reason}
      <p class="card-advice">
        <b>{title}</b> {advice}
      </p>
    </>
  );
}

/** The value when it opened, and the edge that it crossed; for a silent subject the seconds, for a budget the rates. */
function Figures({ alert }: { alert: Alert }) {
  const text = words.value.alerts;
  const figures = isOfBudget(alert)
    ? text.burn(rate(alert.value), rate(alert.threshold))
    : alert.vital
      ? text.figures(score(alert.value), edge(alert.threshold))
      : text.silence(span(alert.value), span(alert.threshold));
  return <span class="figures">{figures}</span>;
}

function NotificationStatus({ alert, isPaging }: { alert: Alert; isPaging: boolean }) {
  const text = words.value.alerts;
  const { notification } = alert;
  if (!isPaging) return <span data-notification="none">{alert.simulated ? text.simulatedOnly : text.inboxOnly}</span>;
  if (notification.status === "sent")
    return <span data-notification="sent">{text.sent(time(Date.parse(notification.at)))}</span>;
  if (notification.status === "held")
    return (
      <span data-notification="held">
        {text.held[notification.by ?? "cooldown"](time(Date.parse(notification.until)))}
      </span>
    );
  return <span data-notification="suppressed">{text.suppressed}</span>;
}

/** Who has taken it on; each person once, with the earliest time. */
function Acknowledgements({ group }: { group: AlertGroup }) {
  const byPerson = new Map<string, NonNullable<Alert["acknowledged"]>>();
  for (const { acknowledged } of [group.top, ...group.others]) {
    if (acknowledged && !byPerson.has(acknowledged.by)) byPerson.set(acknowledged.by, acknowledged);
  }
  return (
    <>
      {[...byPerson.values()].map(({ by, at, note }) => (
        <p key={by} class="acknowledged">
          {words.value.alerts.acknowledged(by, time(Date.parse(at)))}
          {note && <q>{note}</q>}
        </p>
      ))}
    </>
  );
}
