import { useState } from "preact/hooks";
import { CannotOperate } from "../access/operate-button";
import { now } from "../clock";
import { SimulatedBadge } from "../experiments/simulated-badge";
import { span, time } from "../language/format";
import { words } from "../language/language";
import type { Alert } from "../protocol";
import type { Watch } from "../watch/watch";
import { AlertCard, OpenAlert } from "./alert-card";
import { type AlertGroup, firingGroups, resolvedAlerts } from "./groups";
import { Silences } from "./silences";

const RESOLVED_AT_FIRST = 5;
/** Nobody reads more at once: the most urgent, and those of whom one looks at, wherever they stand. */
const FIRING_AT_FIRST = 20;

/** What fires, and what did lately. */
export function Inbox({ watch }: { watch: Watch }) {
  const text = words.value.alerts;
  const [isWhole, setWhole] = useState(false);
  const alerts = [...watch.board.alerts.value.values()];
  const groups = firingGroups(alerts);
  const isShown = (group: AlertGroup, place: number) =>
    isWhole || place < FIRING_AT_FIRST || group.top.subject === watch.subject.value;
  const shown = groups.filter(isShown);
  const resolved = resolvedAlerts(alerts);
  return (
    <aside class="inbox" id="alerts" tabIndex={-1} aria-label={text.title}>
      <h2>
        {text.firing} {groups.length > 0 && <span class="count">{groups.length}</span>}
      </h2>
      {groups.length === 0 && watch.isKnown.value && (
        <p class="inbox-none">{watch.isFrozen.value ? words.value.lastKnown(text.none) : text.none}</p>
      )}
      {groups.length > 0 && <CannotOperate />}
      <Silences watch={watch} />
      <ul class="cards">
        {shown.map((group) => (
          <AlertCard key={group.key} watch={watch} group={group} />
        ))}
      </ul>
      {shown.length < groups.length && (
        <button type="button" class="quiet" onClick={() => setWhole(true)}>
          {text.showAll(groups.length)}
        </button>
      )}
      <h2>{text.resolved}</h2>
      {resolved.length === 0 ? (
        <p class="inbox-none">{text.noneResolved}</p>
      ) : (
        <ResolvedList watch={watch} alerts={resolved} />
      )}
    </aside>
  );
}

function ResolvedList({ watch, alerts }: { watch: Watch; alerts: Alert[] }) {
  const [isWhole, setWhole] = useState(false);
  const text = words.value.alerts;
  const shown = isWhole ? alerts : alerts.slice(0, RESOLVED_AT_FIRST);
  return (
    <>
      <ul class="resolved">
        {shown.map((alert) => (
          <ResolvedAlert key={alert.id} watch={watch} alert={alert} />
        ))}
      </ul>
      {shown.length < alerts.length && (
        <button type="button" class="quiet" onClick={() => setWhole(true)}>
          {text.showAll(alerts.length)}
        </button>
      )}
    </>
  );
}

function ResolvedAlert({ watch, alert }: { watch: Watch; alert: Alert }) {
  const text = words.value.alerts;
  const ended = Date.parse(alert.resolved_at ?? alert.opened_at);
  const lasted = (ended - Date.parse(alert.opened_at)) / 1_000;
  return (
    <li>
      <span class="priority" data-priority={alert.priority} title={words.value.priorities[alert.priority]}>
        {alert.priority}
      </span>
      <div>
        <p>
          <OpenAlert watch={watch} alert={alert} /> <SimulatedBadge simulated={alert.simulated} />
        </p>
        <p class="card-facts">
          <span>{text.resolvedAt(time(ended), span((now.value - ended) / 1_000))}</span>
          <span>{text.lasted(span(lasted))}</span>
          {alert.notification.status === "suppressed" && <span>{text.suppressed}</span>}
          {alert.acknowledged && (
            <span>{text.acknowledged(alert.acknowledged.by, time(Date.parse(alert.acknowledged.at)))}</span>
          )}
        </p>
      </div>
    </li>
  );
}
