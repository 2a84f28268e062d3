import { now } from "../clock";
import { countdown, span, time } from "../language/format";
import { inLanguage, words } from "../language/language";
import { nameOf } from "../rules/rules";
import type { PageName } from "../shell/page-url";
import { SubjectLink } from "../subject/picker";
import { Guide } from "../try-it/guide";
import type { Watch } from "../watch/watch";
import { DEMO, type Experiment } from "./experiment";
import { began } from "./known";
import { Flask, SimulatedBadge } from "./simulated-badge";
import { Stop } from "./stop-form";

type Props = { experiment: Experiment; watch: Watch; page: PageName };

/** An experiment in one line: who began it, how far it is, what it injects, what holds it back; or how it ended. */
export function ExperimentStrip({ experiment, watch, page }: Props) {
  const text = words.value.experiments;
  const { ended } = experiment;
  const isLive = watch.timeline.mode.value === "live" && !watch.isFrozen.value;
  return (
    <section class="experiment" data-ended={ended !== undefined || undefined} aria-label={text.label(experiment.name)}>
      <p class="experiment-name">
        <Flask />
        <span>
          {text.experiment} <b>{experiment.name}</b>
        </span>
        {watch.subject.value === undefined && (
          <SubjectLink watch={watch} subject={experiment.subject}>
            {experiment.subject}
          </SubjectLink>
        )}
        <SimulatedBadge simulated={experiment.simulated} />
      </p>
      {ended ? <Ended experiment={experiment} /> : <Running experiment={experiment} isFrozen={watch.isFrozen.value} />}
      <div class="experiment-end">
        <button
          type="button"
          class="quiet"
          aria-label={text.detailsOf(experiment.name)}
          onClick={() => {
            watch.opened.value = experiment.id;
          }}
        >
          {text.details}
        </button>
        {!ended && isLive && <Stop experiment={experiment} page={page} />}
      </div>
      {experiment.name === DEMO && watch.subject.value !== undefined && (
        <Guide experiment={experiment} watch={watch} page={page} />
      )}
    </section>
  );
}

function Running({ experiment, isFrozen }: { experiment: Experiment; isFrozen: boolean }) {
  const text = words.value.experiments;
  const { phase, dose, paused, by } = experiment;
  return (
    <div class="experiment-facts">
      {/* Spoken when it changes; the rest changes every second. */}
      <p role="status">
        <b>{phase ? text.phase(phase) : text.beginning}</b>
        <Dose dose={dose} isHeld={paused !== undefined} />
        {paused !== undefined && <strong>{text.paused(nameOf("actions", paused))}</strong>}
      </p>
      <p>
        {!isFrozen && <TimeLeft experiment={experiment} />}
        <span>{text.by(by, time(began(experiment)))}</span>
      </p>
      {!isFrozen && <Course experiment={experiment} />}
    </div>
  );
}

/** How much is injected: ten marks and the number. */
function Dose({ dose, isHeld }: { dose: number; isHeld: boolean }) {
  const text = words.value.experiments;
  if (dose === 0) return <span>{text.noDose}</span>;
  return (
    <span class="dose" data-held={isHeld || undefined}>
      <span class="dose-marks" aria-hidden="true">
        {Array.from({ length: 10 }, (_, i) => (
          <i key={i} data-on={i < dose || undefined} />
        ))}
      </span>
      {text.dose(dose)}
    </span>
  );
}

function TimeLeft({ experiment }: { experiment: Experiment }) {
  const text = words.value.experiments;
  const left = (Date.parse(experiment.until) - now.value) / 1_000;
  return <span>{left > 0 ? text.left(countdown(left)) : text.due}</span>;
}

/** How much of its time is over. */
function Course({ experiment }: { experiment: Experiment }) {
  const [from, until] = [began(experiment), Date.parse(experiment.until)];
  const share = Math.min(Math.max((now.value - from) / (until - from), 0), 1);
  return <i class="experiment-course" style={{ width: `${100 * share}%` }} aria-hidden="true" />;
}

function Ended({ experiment }: { experiment: Experiment }) {
  const text = words.value.experiments;
  const { ended } = experiment;
  if (!ended) return null;
  const at = Date.parse(ended.at);
  const reason = inLanguage(ended.reason);
  return (
    <div class="experiment-facts">
      <p role="status">
        <b>{text.outcomes[ended.outcome]}</b> {reason}
      </p>
      <p>
        <span>{text.endedAt(time(at), span((at - began(experiment)) / 1_000))}</span>
        <span>{text.by(experiment.by, time(began(experiment)))}</span>
      </p>
    </div>
  );
}
