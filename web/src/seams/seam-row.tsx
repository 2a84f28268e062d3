import { percent, score, span, time } from "../language/format";
import { inLanguage, words } from "../language/language";
import type { Seam, Voice } from "../protocol";
import { voiceName, voiceRule } from "../rules/rules";
import { SeamKindName } from "./seam-glyph";
import { Slope, SlopeFigures } from "./slope";
import { lookOf, StateName, stateName } from "./state-look";
import type { SeamEvent } from "./stretches";
import type { SeamsView } from "./view";

type Props = { view: SeamsView; event: SeamEvent; isCurrent: boolean; isLater: boolean; isAside: boolean };

/** A seam in short; the one that led to the shown moment with all its figures. */
export function SeamRow({ view, event, isCurrent, isLater, isAside }: Props) {
  const { seam } = event;
  const text = words.value.seams;
  const at = time(Date.parse(event.at));
  const [from, to] = [stateName(seam.from), stateName(seam.to)];
  const point = (instant: number | undefined) => {
    view.watch.instant.value = instant;
  };
  return (
    <li
      class="seam"
      data-look={lookOf(seam.to)}
      data-current={isCurrent || undefined}
      data-later={isLater || undefined}
      data-aside={isAside || undefined}
      onPointerEnter={() => point(Date.parse(event.at) / 1_000)}
      onPointerLeave={() => point(undefined)}
    >
      <button
        type="button"
        class="seam-go"
        aria-label={text.goTo(from, to, at)}
        aria-current={isCurrent || undefined}
        onClick={() => view.go(event)}
      />
      <div class="seam-words">
        <p class="seam-way">
          <StateName id={seam.from} /> <span class="seam-arrow">→</span> <StateName id={seam.to} />
        </p>
        <p class="seam-facts">
          <time dateTime={event.at}>{at}</time>
          <SeamKindName kind={seam.kind} />
          <Intensity seam={seam} />
        </p>
        <p class="seam-reason">{seam.triggers.map(inLanguage).join("; ")}</p>
      </div>
      <Slope seam={seam} />
      {isCurrent && (
        <div class="seam-more">
          <SlopeFigures seam={seam} />
          <p class="seam-measures">
            <span>{text.took(span(seam.took))}</span>
            <span>{text.sure(percent(seam.confidence))}</span>
            <button
              type="button"
              aria-label={text.whyOf(from, to)}
              onClick={() => {
                view.watch.opened.value = event.id;
              }}
            >
              {text.why}
            </button>
          </p>
          <p class="seam-voices">
            <Voices voices={seam.voices_before} /> <span class="seam-arrow">→</span>{" "}
            <Voices voices={seam.voices_after} />
          </p>
        </div>
      )}
    </li>
  );
}

function Intensity({ seam: { intensity, strong } }: { seam: Seam }) {
  const text = words.value.seams;
  return (
    <span class="intensity" data-strong={strong || undefined} title={text.intensity(score(intensity))}>
      <span class="intensity-bar" aria-hidden="true">
        <i style={{ width: `${Math.min(1, intensity * 2) * 100}%` }} />
      </span>
      <span class="visually-hidden">{text.intensity("")}</span>
      {score(intensity)}
      {strong && <b>{text.strong}</b>}
    </span>
  );
}

function Voices({ voices }: { voices: Voice[] }) {
  if (voices.length === 0) return <span class="seam-silence">{words.value.seams.silence}</span>;
  return (
    <span class="seam-choir">
      {voices.map((voice) => (
        <span key={voice}>
          <i style={{ background: voiceRule(voice)?.colour }} />
          {voiceName(voice)}
        </span>
      ))}
    </span>
  );
}
