import { Belonging } from "../artifacts/belonging";
import { ExperimentDetails } from "../experiments/details";
import { SimulatedBadge } from "../experiments/simulated-badge";
import { edge, score, span, time } from "../language/format";
import { inLanguage, words } from "../language/language";
import { type Seam, vitals } from "../protocol";
import { voiceName } from "../rules/rules";
import { Sheet } from "../shell/sheet";
import type { Watch } from "../watch/watch";
import { type Moment, reasonOf, type Shown } from "./moments";
import { openedMoment } from "./opened";
import { RuleNow } from "./rule-now";

/** What comes with a record to read beside it. */
const wide: readonly string[] = ["alert", "experiment", "artifact"];

/** Why something happened, and the artifact that belongs to it: opened from any mark, list or alert. */
export function EventSheet({ watch }: { watch: Watch }) {
  const moment = openedMoment(watch);
  if (!moment) return null;
  const subject = (moment.alert ?? moment.event)?.subject;
  const text = words.value.happenings;
  const close = () => {
    watch.opened.value = undefined;
  };
  return (
    <Sheet key={moment.id} title={moment.title} size={wide.includes(moment.kind) ? "wide" : undefined} onClose={close}>
      <p class="event-kind">
        {moment.priority && (
          <span class="priority" data-priority={moment.priority}>
            {moment.priority}
          </span>
        )}
        <b>{text.kinds[moment.kind]}</b> <time dateTime={new Date(moment.at).toISOString()}>{time(moment.at)}</time>
        <SimulatedBadge simulated={moment.alert?.simulated ?? experimentOf(moment)?.simulated} />
      </p>
      <Why moment={moment} watch={watch} />
      {watch.timeline.mode.value === "live" && subject && <RuleNow subject={subject} moment={moment} />}
      <Belonging watch={watch} moment={moment} />
      <footer class="sheet-end">
        <button
          type="button"
          onClick={() => {
            watch.timeline.seek(moment.at);
            close();
          }}
        >
          {text.goThere}
        </button>
      </footer>
    </Sheet>
  );
}

const experimentOf = ({ event }: Moment) => (event?.kind === "experiment" ? event.experiment : undefined);

function Why({ moment, watch }: { moment: Moment; watch: Watch }) {
  const { alert, event } = moment;
  if (alert) {
    return (
      <>
        <p>{inLanguage(alert.description)}</p>
        {alert.vital && <p>{words.value.alerts.figures(score(alert.value), edge(alert.threshold))}</p>}
        <p class="event-advice">
          <b>{words.value.alerts.doThis}</b> {inLanguage(alert.recommendation)}
        </p>
      </>
    );
  }
  if (!event) return null;
  const reason = reasonOf(event);
  return (
    <>
      {reason && <p class="event-reason">{reason}</p>}
      <Details event={event} watch={watch} />
    </>
  );
}

function Details({ event, watch }: { event: Shown; watch: Watch }) {
  const text = words.value.happenings;
  if (event.kind === "seam") return <SeamDetails seam={event.seam} />;
  if (event.kind === "action") {
    const { reach, delivery } = event.action;
    return <p>{[text.reach[reach], text.delivery[delivery]].filter(Boolean).join(", ")}</p>;
  }
  if (event.kind === "experiment") return <ExperimentDetails experiment={event.experiment} watch={watch} />;
  if (event.kind === "bifurcation") return <Scores after={event.vitals} />;
  return null;
}

/** A transition in figures: the vitals on both sides, how far and how fast, who spoke. */
function SeamDetails({ seam }: { seam: Seam }) {
  const text = words.value.happenings;
  return (
    <>
      <Scores before={seam.before} after={seam.after} />
      <dl class="event-facts">
        <dt>{text.took}</dt>
        <dd>{span(seam.took)}</dd>
        <dt>{text.intensity}</dt>
        <dd>
          {score(seam.intensity)} {seam.strong && text.strong}
        </dd>
        <dt>{text.velocity}</dt>
        <dd>{score(seam.velocity)}/s</dd>
        <dt>{text.confidence}</dt>
        <dd>{score(seam.confidence)}</dd>
        <dt>{words.value.pages.voices}</dt>
        <dd>
          {seam.voices_before.map(voiceName).join(", ") || "—"} → {seam.voices_after.map(voiceName).join(", ") || "—"}
        </dd>
      </dl>
    </>
  );
}

function Scores({ before, after }: { before?: Seam["before"]; after: Seam["after"] }) {
  const text = words.value;
  return (
    <table class="event-scores">
      <thead>
        <tr>
          <td />
          {before && <th scope="col">{text.happenings.before}</th>}
          <th scope="col">{text.happenings.after}</th>
        </tr>
      </thead>
      <tbody>
        {vitals.map((vital) => (
          <tr key={vital}>
            <th scope="row">{text.vitals[vital]}</th>
            {before && <td>{before[vital] === undefined ? "—" : score(before[vital])}</td>}
            <td>{after[vital] === undefined ? "—" : score(after[vital])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
