import { now } from "../../clock";
import { edge } from "../../language/format";
import { words } from "../../language/language";
import type { VoiceNow, VoiceRule } from "../../protocol";
import { voiceName } from "../../rules/rules";
import type { Cooldowns } from "../cooldowns";
import { MoodPath } from "../mood-sign";
import type { Point } from "./place";
import { arc, filled, ring } from "./wave";

/** The ring of time is full after ten minutes. */
const FULL_MS = 600_000;
const TIME_RADIUS = 62;
const ECHOES = [14, 23];

type Props = { rule: VoiceRule; now: VoiceNow | undefined; place: Point; cooldowns: Cooldowns };

/** One voice: as large as its energy, as full as its activity, and swinging as it sounds. */
export function VoiceNode({ rule, now: voice, place, cooldowns }: Props) {
  const energy = voice?.energy ?? 0;
  const mood = voice?.mood ?? "resting";
  const radius = 22 + 11 * energy;
  const swing = 5 * energy;
  return (
    <g class="node" data-mood={mood} data-active={voice?.active ? true : undefined} style={{ "--hue": rule.colour }}>
      <g transform={`translate(${place.x.toFixed(1)} ${place.y.toFixed(1)})`}>
        <TimeRing rule={rule} voice={voice} cooldowns={cooldowns} />
        <g class="node-body">
          <circle class="node-glow" r={radius + 28 * energy} />
          <g class="node-sound">
            {voice?.active &&
              ECHOES.map((by) => <path key={by} class="node-echo" d={ring(rule, radius + by, swing * 0.8)} />)}
            <path class="node-ring" d={ring(rule, radius + 5, swing)} />
          </g>
          <circle class="node-disc" r={radius} />
          {voice && <path class="node-level" d={filled(radius, voice.activity)} />}
          <g class="node-sign" transform="translate(-13 -13) scale(1.625)">
            <MoodPath mood={mood} />
          </g>
        </g>
      </g>
      <Label rule={rule} voice={voice} place={place} />
    </g>
  );
}

function Label({ rule, voice, place }: { rule: VoiceRule; voice: VoiceNow | undefined; place: Point }) {
  const isMiddle = Math.abs(place.x) < 20;
  const side = isMiddle ? 0 : Math.sign(place.x);
  const anchor = isMiddle ? "middle" : side < 0 ? "end" : "start";
  const x = place.x + side * 74;
  const base = place.y + (isMiddle ? -90 : -2);
  const mood = words.value.voices.moods[voice?.mood ?? "resting"];
  return (
    <g class="node-label" text-anchor={anchor}>
      <text class="node-name" x={x} y={base}>
        {voiceName(rule.voice)}
      </text>
      <text class="node-mood" x={x} y={base + 19}>
        {voice ? `${mood} · ${edge(voice.activity)}` : "—"}
      </text>
    </g>
  );
}

/** How long an active voice has been awake; how long one that is over still rests. */
function TimeRing({
  rule,
  voice,
  cooldowns,
}: {
  rule: VoiceRule;
  voice: VoiceNow | undefined;
  cooldowns: Props["cooldowns"];
}) {
  if (voice?.active) {
    const share = (now.value - Date.parse(voice.active.since)) / FULL_MS;
    return <path class="node-awake" d={arc(TIME_RADIUS, share)} />;
  }
  const cooldown = cooldowns.value.get(rule.voice);
  const ended = voice?.last_active ? Date.parse(voice.last_active) : undefined;
  if (!cooldown || ended === undefined || cooldown.until <= now.value) return null;
  return (
    <path
      class="node-cooldown"
      d={arc(TIME_RADIUS, (cooldown.until - now.value) / Math.max(1, cooldown.until - ended))}
    />
  );
}
