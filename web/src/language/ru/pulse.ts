import type { pulse as en } from "../en/pulse";
import { plural } from "../plural";

/** The Pulse page, in Russian. */
export const pulse: typeof en = {
  all: "Все объекты",
  subject: "Объект",
  alerts: "Тревоги",
  sample: "Данные",
  summary: (light, count, all) => {
    const of = count === all ? "" : ` из ${all}`;
    if (light === "red") return `В блокировке: ${count}${of}`;
    if (light === "black") return plural("ru", count, { one: `Молчит #${of}`, other: `Молчат #${of}` });
    if (light === "yellow") return `Требуют внимания: ${count}${of}`;
    return light === "green" ? "Всё в норме" : "Ещё ничего не оценено";
  },
  byLight: "Показать только",
  order: "Порядок",
  orders: {
    worst: { name: "Худшие", hint: "Сначала худшие" },
    name: { name: "Имя", hint: "По имени" },
    freshest: { name: "Свежие", hint: "Сначала самые свежие данные" },
    longest: { name: "Дольше всех", hint: "Сначала те, кто дольше всех на своём уровне" },
  },
  group: "Группы",
  groupHint: "Объединять по части имени до первой «.» или «/»",
  others: "Остальные",
  noneShown: "Таких объектов нет.",
  nobodyThen: "Об этом моменте ничего не известно.",
  valuesThen:
    "О прошлом всех объектов известны уровни, но не каждое измерение: показано последнее известное значение. Выберите объект, чтобы увидеть всё.",
  lasting: (span) => `уже ${span}`,
  perSecond: (rate) => `${rate} изм./с`,
  perMinute: (rate) => `За последние 10 с; за последнюю минуту — ${rate}`,
  keys: { all: "Все объекты", down: "Следующая строка", up: "Предыдущая строка" },
};
