import type { voices as en } from "../en/voices";

const list = (names: readonly string[]) => new Intl.ListFormat("ru").format(names);

/** The Voices page, in Russian. */
export const voices: typeof en = {
  polyphony: "Полифония",
  score: "Партитура",
  leads: (leader, others) => {
    if (others.length === 0) return `Ведёт ${leader}`;
    return `Ведёт ${leader}, ${others.length === 1 ? "звучит" : "звучат"} также ${list(others)}`;
  },
  speak: (names) => `${names.length === 1 ? "Звучит" : "Звучат"} ${list(names)}`,
  quiet: "Все голоса молчат",
  unheard: "О голосах пока ничего не известно",
  moods: { resting: "отдыхает", listening: "слушает", engaged: "звучит", leading: "ведёт", waiting: "ждёт" },
  harmony: "гармония",
  synthesis: "синтез",
  readiness: "Готовность к синтезу",
  activity: "активность",
  energy: "энергия",
  never: "ещё не вступал",
  lastActive: (time, age) => `звучал до ${time}, ${age} назад`,
  rests: (left) => `отдыхает ещё ${left}`,
  restsUnlessUrgent: (left) => `отдыхает ещё ${left}, если не случится более срочного`,
  alone: "Никто ни с кем не спорит, и никто никого не усиливает.",
  conflict: (one, other) => `${one} и ${other} расходятся`,
  conflictLed: (leads, waits) => `${leads} и ${waits} расходятся: ведёт ${leads}, ждёт ${waits}`,
  conflictMediated: (one, other, mediates) => `${one} и ${other} расходятся: посредник — ${mediates}`,
  together: (one, other) => `${one} и ${other} усиливают друг друга`,
  order: "Порядок",
  orders: { rank: "по рангу", activity: "по активности" },
  symbols: "Символы",
  noSymbols: "За это время символов не было.",
  sound: "Звук",
  volume: "Громкость",
  quietBecause: {
    frozen: "Тишина: связь потеряна",
    paused: "Тишина: время остановлено",
    fast: "Тишина: быстрее ×10",
    hidden: "Тишина: страница не видна",
  },
};
