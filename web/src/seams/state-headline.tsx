import { lastSeen } from "../board/subject-state";
import { now } from "../clock";
import { SimulatedBadge } from "../experiments/simulated-badge";
import { age, change, span, time } from "../language/format";
import { words } from "../language/language";
import { type Vital, vitals } from "../protocol";
import { Lamp } from "../shell/icons";
import { RangeChoice } from "../vitals/vitals-panel";
import { ForkGlyph, SeamGlyph } from "./seam-glyph";
import { lookOf, StateSign, stateName } from "./state-look";
import { type Near, nearStates } from "./state-map";
import { seamBefore } from "./stretches";
import type { SeamsView } from "./view";

/** A state is told to be near when no vital must move farther than this: as far as one can see a bifurcation coming. */
const REACH = 0.1;
/** More than these are no step away, but the middle of everything. */
const SHOWN = 3;

/** The present state, since when, from where, and what lies a small step away: what must be seen from across the room. */
export function StateHeadline({ view }: { view: SeamsView }) {
  const { watch } = view;
  const { notNow, lastKnown, lights, subject: subjectWords } = words.value;
  const subject = watch.state.value;
  const isFrozen = watch.isFrozen.value;
  const state = subject?.state;
  const seen = subject && lastSeen(subject);
  const light = isFrozen ? "unknown" : (subject?.light ?? "black");
  const name = state ? stateName(state.state) : words.value.seams.none;
  return (
    <section class="state-headline" data-look={lookOf(state?.state ?? "")} data-stale={light === "black" || undefined}>
      <StateSign id={state?.state ?? ""} />
      <div class="state-words">
        <p class="state-subject">
          <Lamp light={light} /> {watch.subject.value}
          <span>{isFrozen ? notNow : lights[subject?.light ?? "black"]}</span>
          <SimulatedBadge simulated={subject?.experiment?.simulated} />
        </p>
        <h2>{isFrozen ? notNow : name}</h2>
        <p class="state-since">
          {isFrozen && state && lastKnown(name)}
          {!isFrozen && state && <Since view={view} since={Date.parse(state.since)} />}
          {light === "black" && seen !== undefined && (
            <strong>
              {" "}
              {subjectWords.silent} {subjectWords.sample(age(seen, now.value))}
            </strong>
          )}
        </p>
      </div>
      {!isFrozen && light !== "black" && <NearStates view={view} />}
      <RangeChoice watch={watch} />
    </section>
  );
}

function Since({ view, since }: { view: SeamsView; since: number }) {
  const text = words.value.seams;
  const seam = seamBefore(view.seams.value, now.value)?.seam;
  return (
    <>
      {words.value.since(time(since), span((now.value - since) / 1_000))}
      {seam && (
        <span class="state-from" title={text.kinds[seam.kind]}>
          <SeamGlyph kind={seam.kind} /> {text.cameFrom(stateName(seam.from))}
        </span>
      )}
    </>
  );
}

/** The states that a small move of the vitals would lead to, and which move; with the word of the engine when it is a bifurcation. */
function NearStates({ view }: { view: SeamsView }) {
  const text = words.value.seams;
  const state = view.watch.state.value;
  const values = Object.fromEntries(vitals.map((vital) => [vital, state?.measured[vital]?.value]));
  const near = nearStates(view.boxes.value, state?.state?.state ?? "", values, REACH).slice(0, SHOWN);
  if (near.length === 0) return null;
  // Told some time ago: it is one for as long as several of its ways are still near.
  const told = view.fork.value;
  const fork = told && near.filter(({ id }) => told.states.includes(id)).length > 1 ? told : undefined;
  return (
    <div class="near">
      <p class="near-title">
        {fork ? (
          <span
            class="near-fork"
            title={text.crossroadsAt(time(Date.parse(fork.at)), fork.states.map(stateName).join(", "))}
          >
            <ForkGlyph /> {text.crossroads} {time(Date.parse(fork.at))}
          </span>
        ) : (
          text.near
        )}
      </p>
      <ul>
        {near.map((each) => (
          <li key={each.id} data-look={lookOf(each.id)} title={`${stateName(each.id)}: ${movesOf(each)}`}>
            <StateSign id={each.id} />
            <span>{stateName(each.id)}</span>
            <small>{movesOf(each)}</small>
          </li>
        ))}
      </ul>
    </div>
  );
}

function movesOf({ by }: Near): string {
  const { vitals: names, seams } = words.value;
  const moves = Object.entries(by) as [Vital, number][];
  if (moves.length === 0) return seams.holds;
  return moves.map(([vital, far]) => seams.move(names[vital].toLowerCase(), change(far))).join(", ");
}
