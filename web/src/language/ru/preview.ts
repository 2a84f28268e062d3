import type { preview as en } from "../en/preview";
import { plural } from "../plural";

/** The preview of other thresholds, in Russian. */
export const preview: typeof en = {
  open: (vital) => `Примерить другие пороги: ${vital}`,
  title: (vital, subject) => `${vital}, ${subject}: другие пороги`,
  intro:
    "Потяните границу или сдвиньте её стрелками — и последняя неделя будет оценена заново. Ничего не меняется: чтобы применить, скопируйте строки в файл.",
  edge: (level, side) => `Граница ${level}, ${side}`,
  reset: "Как сейчас",
  none: "Границы стоят так, как в действующих правилах.",
  asking: "Последняя неделя оценивается заново",
  refused: (reason) => `Не оценено: ${reason}`,
  same: (samples) => `Ничего бы не изменилось. ${judged(samples)}`,
  judged,
  table: "Что было бы иначе",
  what: "Что",
  was: "По действующим правилам",
  would: "С этими границами",
  times: (times) => `${times}×`,
  timesFor: (times, span) => `${times}×, ${span}`,
  yaml: (file, line) => `${file}, со строки ${line}`,
  areas: {
    alert: "Оповещение",
    told: "Сообщено",
    shown: "Показано",
    light: "Свет",
    level: "Уровень",
    action: "Действие",
    action_suppressed: "Действие не выполнено",
    voice: "Голос",
    conflict: "Конфликт",
    state: "Состояние",
    tone: "Тон",
    signal: "Сигнал",
    symbol: "Символ",
    symbol_suppressed: "Символ не исполнен",
    bifurcation: "Бифуркация",
  },
};

function judged(samples: number): string {
  return plural("ru", samples, {
    one: "Оценён # отсчёт.",
    few: "Оценено # отсчёта.",
    many: "Оценено # отсчётов.",
    other: "Оценено # отсчёта.",
  });
}
