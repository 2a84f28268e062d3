import { now as moment } from "../../clock";
import { score, span, time } from "../../language/format";
import { inLanguage, words } from "../../language/language";
import type { VoiceNow, VoiceRule } from "../../protocol";
import { voiceName } from "../../rules/rules";
import type { Window } from "../../time/timeline";
import type { Watch } from "../../watch/watch";
import type { Cooldowns } from "../cooldowns";
import { MoodSign } from "../mood-sign";
import { heardAt } from "./activity";
import { Lane } from "./lane";
import { Marks } from "./marks";
import type { Picture } from "./picture";
import { pointing } from "./pointing";

type Props = {
  watch: Watch;
  rule: VoiceRule;
  now: VoiceNow | undefined;
  picture: Picture;
  window: Window;
  cooldowns: Cooldowns;
};

/** One voice: who it is, how it is and why, and its past. */
export function VoiceRow({ watch, rule, now, picture, window, cooldowns }: Props) {
  const text = words.value.voices;
  const mood = now?.mood ?? "resting";
  return (
    <li
      class="voice"
      aria-label={voiceName(rule.voice)}
      data-mood={mood}
      data-active={now?.active ? true : undefined}
      style={{ "--hue": rule.colour }}
    >
      <div class="voice-words">
        <header>
          <MoodSign mood={mood} />
          <h4>{voiceName(rule.voice)}</h4>
          <span class="voice-mood">{now ? text.moods[mood] : "—"}</span>
          <span class="voice-archetype">{inLanguage(rule.archetype)}</span>
        </header>
        <div class="voice-figures">
          <Figure name={text.activity} value={now?.activity} />
          <Figure name={text.energy} value={now?.energy} />
        </div>
        <Why watch={watch} now={now} picture={picture} cooldowns={cooldowns} />
      </div>
      <div class="voice-past marked" {...pointing(watch)}>
        <Lane watch={watch} voice={rule.voice} picture={picture} window={window} />
        <Marks watch={watch} />
        <Marked watch={watch} rule={rule} picture={picture} />
      </div>
    </li>
  );
}

function Figure({ name, value }: { name: string; value: number | undefined }) {
  return (
    <div class="figure">
      <span class="figure-name">{name}</span>
      <span class="figure-bar" aria-hidden="true">
        <span style={{ scale: `${value ?? 0} 1` }} />
      </span>
      <b>{value === undefined ? "—" : score(value)}</b>
    </div>
  );
}

/** Why it is awake and since when; or when it was active last, and until when it rests. */
function Why({ watch, now, picture, cooldowns }: Pick<Props, "watch" | "now" | "picture" | "cooldowns">) {
  const text = words.value;
  if (!now) return <p class="voice-why">{text.voices.unheard}</p>;
  const { active, last_active, voice } = now;
  if (active) {
    const event = picture.awake.find(({ activation }) => activation.id === active.id)?.event;
    const reason = inLanguage(active.reason);
    return (
      <div class="voice-why">
        {event === undefined ? (
          <span title={reason}>{reason}</span>
        ) : (
          <button type="button" title={reason} onClick={() => (watch.opened.value = event)}>
            {reason}
          </button>
        )}
        <Since at={Date.parse(active.since)} />
      </div>
    );
  }
  const cooldown = cooldowns.value.get(voice);
  return (
    <div class="voice-why">
      {last_active ? <Last at={Date.parse(last_active)} /> : <span>{text.voices.never}</span>}
      {cooldown && <Rests until={cooldown.until} mayWake={cooldown.mayWake} />}
    </div>
  );
}

function Since({ at }: { at: number }) {
  return <span class="voice-since">{words.value.since(time(at), span((moment.value - at) / 1_000))}</span>;
}

function Last({ at }: { at: number }) {
  return <span>{words.value.voices.lastActive(time(at), span((moment.value - at) / 1_000))}</span>;
}

function Rests({ until, mayWake }: { until: number; mayWake: boolean }) {
  const text = words.value.voices;
  const left = until - moment.value;
  if (left <= 0) return null;
  return (
    <span class="voice-rests">{(mayWake ? text.restsUnlessUrgent : text.rests)(span(Math.ceil(left / 1_000)))}</span>
  );
}

/** Its activity at the instant that is marked. */
function Marked({ watch, rule, picture }: Pick<Props, "watch" | "rule" | "picture">) {
  const instant = watch.instant.value;
  if (instant === undefined) return null;
  const then = heardAt(picture.heard, rule.voice, instant * 1_000);
  return <span class="voice-then">{then ? score(then.activity) : "—"}</span>;
}
