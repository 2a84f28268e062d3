import type { Catalogue } from "./en";
import { plural } from "./plural";
import { access } from "./ru/access";
import { artifacts } from "./ru/artifacts";
import { budgets } from "./ru/budgets";
import { climb } from "./ru/climb";
import { deeds } from "./ru/deeds";
import { experiments } from "./ru/experiments";
import { guide } from "./ru/guide";
import { happenings } from "./ru/happenings";
import { keys } from "./ru/keys";
import { preview } from "./ru/preview";
import { pulse } from "./ru/pulse";
import { save } from "./ru/save";
import { seams } from "./ru/seams";
import { silences } from "./ru/silences";
import { time } from "./ru/time";
import { voices } from "./ru/voices";

/** Every word of the interface in Russian. */
export const ru: Catalogue = {
  access,
  artifacts,
  budgets,
  climb,
  deeds,
  experiments,
  guide,
  happenings,
  keys,
  preview,
  pulse,
  save,
  seams,
  silences,
  time,
  voices,
  pages: { label: "Страницы", pulse: "Пульс", seams: "Швы", voices: "Голоса" },
  vitals: { clarity: "Ясность", chaos: "Хаос", trust: "Доверие", pain: "Боль" },
  levels: { OK: "OK", WARN: "WARN", BLOCK: "BLOCK" },
  lights: { green: "Всё в норме", yellow: "Внимание", red: "Блокировка", black: "Нет данных" },
  sides: { low: "слишком низко", high: "слишком высоко" },
  priorities: { P0: "P0, критично", P1: "P1, срочно", P2: "P2, может подождать" },
  zones: { ok: "OK", warn: "WARN", block: "BLOCK", critical: "Критично", optimum: "Оптимум", target: "Цель" },
  ranges: { "5m": "5 мин", "15m": "15 мин", "1h": "1 ч", "6h": "6 ч", "24h": "24 ч", "7d": "7 д" },

  close: "Закрыть",
  neutral: "нейтральный",
  now: "сейчас",
  ago: (age) => `${age} назад`,
  since: (time, age) => `с ${time}, уже ${age}`,
  sinceTime: (time) => `с ${time}`,
  at: (time) => `в ${time}`,
  neverMeasured: "ни разу не измерялось",
  stale: "устарело",
  staleFor: (age) => `Нет значений уже ${age}`,
  lastKnown: (word) => `Последнее известное: ${word}`,
  notNow: "Неизвестно",
  notJudged: "Движок SLO ещё не оценил это значение",

  connection: {
    label: "Соединение",
    connecting: "Подключение",
    live: "На связи",
    polling: "На связи, опрос",
    pollingHint:
      "Шина событий недоступна: сервис раз в секунду читает журнал. Ничего не теряется, но обновления приходят позже.",
    lagged: "На связи, сжато",
    laggedHint: "Браузер не успевает читать, и сервис объединил обновления. Пики сохранены, отдельные значения — нет.",
    lost: "Связь потеряна",
    refused: "Отключено",
    server: "Часы сервиса",
    asOf: (time, age) => `На экране то, что было в ${time}, ${age} назад. Сейчас всё может быть иначе.`,
    retryIn: (seconds) => `Новая попытка через ${seconds}.`,
    retrying: "Пробуем подключиться.",
    retryNow: "Подключиться сейчас",
    refusedBecause: (code) => `Сервис закрыл соединение и просил не возвращаться (код ${code}).`,
  },

  rules: {
    label: "Правила",
    refused: "Правила не приняты",
    place: (file, line) => (line === undefined ? `${file}:` : `${file}, строка ${line}:`),
    since: (time) => `Прочитаны в ${time}. Действуют прежние правила.`,
  },

  settings: {
    language: "Язык",
    theme: "Тема",
    themes: { auto: "Тема как в системе", dark: "Тёмная тема", light: "Светлая тема" },
  },

  subject: {
    label: "Объект",
    choose: "Выбрать объект",
    search: "Поиск объектов",
    found: (count) =>
      plural("ru", count, { one: "# объект", few: "# объекта", many: "# объектов", other: "# объекта" }),
    noneFound: "Объектов с таким именем нет.",
    unknown: "По этому объекту ещё ничего не измеряли.",
    sample: (age) => `Последние данные: ${age}`,
    none: "Данных ещё не было",
    unjudged: "Ещё не оценено",
    silent: "Данные не поступают. Показано последнее известное состояние, а не текущее.",
    firing: (count) =>
      plural("ru", count, {
        one: "Активна # тревога",
        few: "Активны # тревоги",
        many: "Активно # тревог",
        other: "Активно # тревоги",
      }),
  },

  chart: {
    range: "Период",
    label: (vital, range) => `${vital}, последние ${range}. Стрелки перемещают по времени.`,
    okZone: (from, to) => `OK от ${from} до ${to}`,
    between: (min, max) => `от ${min} до ${max}`,
    noValue: "нет значения",
    loading: "История загружается",
    missing: "Там, где график заштрихован, истории нет: сервис её не отдал.",
    retry: "Загрузить ещё раз",
    bucket: (step) => `Одна точка — ${step}; тень показывает крайние значения внутри.`,
    legend: "Зоны",
  },

  alerts: {
    title: "Тревоги",
    firing: "Активные",
    none: "Активных тревог нет",
    resolved: "Недавно завершённые",
    noneResolved: "Завершённых тревог пока нет.",
    showAll: (count) => `Показать все (${count})`,
    also: (priorities) => `а также ${priorities}`,
    figures: (value, threshold) => `Сработала на ${value}, порог ${threshold}`,
    burn: (value, threshold) => `Сработала на ×${value}, порог ×${threshold}`,
    silence: (age, threshold) => `Молчание ${age} к моменту срабатывания, порог ${threshold}`,
    opened: (time, age) => `${time}, ${age} назад`,
    resolvedAt: (time, age) => `Завершилась в ${time}, ${age} назад`,
    lasted: (age) => `длилась ${age}`,
    sent: (time) => `Людям сообщили в ${time}`,
    inboxOnly: "Видно только здесь: Alertmanager не настроен, людям не сообщали",
    simulatedOnly: "Видно только здесь: это симуляция, наружу не сообщают",
    held: {
      cooldown: (time) => `Уведомление придержано до ${time}, чтобы не повторяться`,
      maintenance: (time) => `Уведомление придержано до ${time}: окно обслуживания`,
      silence: (time) => `Уведомление придержано до ${time}: тревога заглушена`,
    },
    suppressed: "Никому не сообщали: закончилась раньше, чем пришло время сообщить",
    silenced: (name, time) => `Заглушено до ${time}: ${name}`,
    doThis: "Что делать",
    acknowledge: "Принять",
    acknowledgeOf: (summary) => `Принять: ${summary}`,
    acknowledged: (name, time) => `Принято: ${name}, ${time}`,
    name: "Ваше имя",
    note: "Заметка (необязательно)",
    confirm: "Занимаюсь",
    cancel: "Отмена",
    sending: "Отправляется",
    failed: (reason) => `Не принято: ${reason}`,
    noAnswer: "сервис не ответил",
    recorded: "Записано. Движок SLO вот-вот подтвердит.",
    forSubject: (subject) => `Показать ${subject}`,
  },

  empty: {
    title: "Пока не за чем наблюдать",
    body: "Отправьте первые данные, и страница оживёт сама. Четыре оценки от 0 до 1 говорят, как обстоят дела у объекта; любую можно пропустить.",
    copy: "Копировать",
    copied: "Скопировано",
    docs: "Всё, о чём можно спросить сервис",
    command: "Команда, которая отправляет данные",
  },

  became: (subject, word) => `${subject}: ${word}`,
};
