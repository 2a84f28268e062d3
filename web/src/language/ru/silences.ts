import type { silences as en } from "../en/silences";

/** Silences, in Russian. */
export const silences: typeof en = {
  title: "Действующие заглушки",
  ask: "Заглушить",
  askOf: (summary) => `Заглушить: ${summary}`,
  what: "Что",
  rule: (rule) => `правило ${rule}`,
  whole: (subject) => `всё об объекте ${subject}`,
  lasts: "На сколько",
  lengths: { "30m": "30 минут", "1h": "1 час", "4h": "4 часа", "1d": "1 день", "7d": "7 дней" },
  confirm: "Заглушить",
  recorded: "Записано. Пока об этом никому не сообщают; о завершении сообщат в любом случае.",
  failed: (reason) => `Не заглушено: ${reason}`,
  silenced: (what) => `Заглушено: ${what}.`,
  end: "Снять",
  endOf: (what) => `Снять заглушку: ${what}`,
  endFailed: "Не снято: ещё раз",
};
