import type { Activation, Chorus, Event, Mood, Voice, VoiceNow } from "../../src/protocol";
import { voices } from "../../src/protocol";

type Said = { [voice in Voice]?: Partial<VoiceNow> };

/** A chorus in which these voices are heard, and the others rest. */
export function chorus(said: Said, fields: Partial<Chorus> = {}): Chorus {
  const all = voices.map((voice): VoiceNow => {
    const activity = said[voice]?.activity ?? 0;
    const mood: Mood = activity > 0 ? "listening" : "resting";
    return { voice, activity, energy: Math.min(1, 1.2 * activity), mood, ...said[voice] };
  });
  const harmony = all.reduce((sum, { energy }) => sum + energy, 0) / all.length;
  return { voices: all, harmony, synthesis_readiness: 0.31, ...fields };
}

/** Why `voice` is awake since `since`. */
export function activation(voice: Voice, since: Date, fields: Partial<Activation> = {}): Activation {
  return {
    id: `${since.getTime()}.voice.${voice}`,
    since: since.toISOString(),
    by: `${voice}.1`,
    urgency: "high",
    response: "request_verification",
    reason: {
      en: "Chaos 0.76 above 0.70 and truth violations 1, more than 0: time to check what is true",
      ru: "Хаос 0,76 выше 0,70 и нарушения истины 1, больше 0: пора проверить, что здесь правда",
    },
    ...fields,
  };
}

type Body<E> = E extends unknown ? Omit<E, "id" | "subject" | "at"> : never;

/** Something that happened to agent-7. */
export function happened(at: Date, body: Body<Event>, id = `${at.getTime()}.${body.kind}`): Event {
  return { id, subject: "agent-7", at: at.toISOString(), ...body } as Event;
}

/** A lively quarter of an hour that ends at `end`, the same in every run: everything that the page can show. */
export function story(end: Date): { events: Event[]; now: Chorus } {
  const ago = (seconds: number) => new Date(end.getTime() - seconds * 1_000);
  const events: Event[] = [];
  const awake: [Voice, number, number | undefined][] = [
    ["pino", 860, 610],
    ["sam", 700, undefined],
    ["kayn", 560, undefined],
    ["anhantra", 520, 240],
    ["iskra", 430, undefined],
    ["pino", 300, undefined],
    ["hundun", 190, 120],
  ];
  const running = (voice: Voice, seconds: number) =>
    awake.find(([who, from, to]) => who === voice && from >= seconds && (to ?? -1) < seconds);
  for (const [voice, from, to] of awake) {
    const active = activation(voice, ago(from));
    events.push(happened(ago(from), { kind: "voice", voice, activation: active }, active.id));
    if (to)
      events.push(happened(ago(to), { kind: "voice", voice, activation: active, stood_down: "done" }, `${to}.end`));
  }
  const at = (seconds: number): Chorus => {
    const said: Said = {};
    voices.forEach((voice, index) => {
      const wave = 0.3 + 0.28 * Math.sin(seconds / (70 + 9 * index) + index) + 0.08 * Math.sin(seconds / 11 + index);
      const run = running(voice, seconds);
      const activity = Math.round(1_000 * (run ? Math.min(1, 0.5 + wave * 0.7) : Math.max(0, wave - 0.3))) / 1_000;
      const last = awake.filter(([who, , to]) => who === voice && to !== undefined && to > seconds).at(-1)?.[2];
      said[voice] = {
        activity,
        ...(run && { active: activation(voice, ago(run[1])), mood: "engaged" as const }),
        ...(!run && last && { last_active: ago(last).toISOString() }),
      };
    });
    if (said.kayn?.active) said.kayn.mood = "leading";
    if (said.pino?.active && said.kayn?.active) said.pino.mood = "waiting";
    const isTorn = said.pino?.active && said.kayn?.active;
    return chorus(said, {
      ...(said.kayn?.active && { leader: "kayn" as const }),
      ...(isTorn && {
        conflicts: [{ between: ["kayn", "pino"], intensity: 0.78, leads: "kayn", since: ago(300).toISOString() }],
      }),
      synergies: [
        { between: ["sam", "kayn"], strength: 0.72 },
        { between: ["sam", "iskra"], strength: 0.66 },
      ],
    });
  };
  for (let seconds = 895; seconds >= 0; seconds -= 5)
    events.push(happened(ago(seconds), { kind: "chorus", chorus: at(seconds) }));
  const tones: [number, string, Voice | undefined][] = [
    [890, "recovery", "anhantra"],
    [640, "structuring", "sam"],
    [470, "confessional", "kayn"],
    [230, "creative", "pino"],
  ];
  const reason = {
    en: "Trust 0.56 below 0.60: time to speak sincerely",
    ru: "Доверие 0,56 ниже 0,60: время говорить искренне",
  };
  for (const [seconds, tone, voice] of tones) {
    const since = ago(seconds).toISOString();
    events.push(happened(ago(seconds), { kind: "tone", from: "neutral", tone: { tone, voice, since }, reason }));
  }
  const symbols: [number, string, string, Voice][] = [
    [800, "completion", "☉", "iskra"],
    [655, "integration", "🧩", "iskra"],
    [505, "depth", "🕯️", "anhantra"],
    [500, "acknowledgement", "∆", "kayn"],
    [310, "threshold", "≈", "iskra"],
    [150, "play", "🃏", "pino"],
    [1, "acknowledgement", "∆", "kayn"],
  ];
  for (const [seconds, symbol, glyph, voice] of symbols) {
    events.push(happened(ago(seconds), { kind: "symbol", symbol, glyph, voice, reason }));
  }
  return { events: events.sort((a, b) => a.at.localeCompare(b.at)), now: at(0) };
}
