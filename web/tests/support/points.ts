import type { Page } from "@playwright/test";
import type { FakeService } from "./fake-service";
import { alert, budget, judged, silent } from "./judge";
import { lively } from "./life";
import { story } from "./polyphony";
import { expect, sample, urls } from "./pulse";
import { ago, artifact, experiment, told, tried } from "./trial";

export type Language = "en" | "ru";
/** What must be read in a part of the page, in each language. */
type Reads = [selector: string, en: RegExp, ru: RegExp];

/** One thing that the pages promise: what there is to see, where, how one gets there, and what is read there. */
export type Point = {
  name: string;
  given: (service: FakeService) => void;
  url: () => string;
  /** What somebody does before it is seen. */
  does?: (page: Page, service: FakeService, language: Language) => Promise<void>;
  reads: Reads[];
};

/** Presses what is called so in each language. */
const press = (en: RegExp, ru: RegExp) => (page: Page, _: FakeService, language: Language) =>
  page
    .getByRole("button", { name: language === "en" ? en : ru })
    .first()
    .click();

/** Somebody is in pain, and others are well, or silent. */
function night(service: FakeService): void {
  service.subjects.set("agent-7", {
    ...judged(sample("agent-7", { pain: 0.82 })),
    state: { state: "CRISIS_MODE", since: ago(60) },
  });
  service.subjects.set("agent-8", judged(sample("agent-8")));
  service.subjects.set("host", silent(sample("host")));
  const [fires, over] = [ago(120), ago(400)].map((at) => alert("agent-7", "pain", 0.82, new Date(at)));
  if (!fires || !over) return;
  service.alerts.set(fires.id, fires);
  service.alerts.set(over.id, { ...over, state: "resolved", resolved_at: ago(300) });
  service.budgets.set("agent-7", [budget("pain")]);
  const reason = { en: "Pain 0.82 above 0.60", ru: "Боль 0,82 выше 0,60" };
  const action = { action: "emergency_recovery", priority: "P0", at: ago(100), reach: "inside", reason } as const;
  service.events.push(
    { id: "a", subject: "agent-7", at: ago(100), kind: "action", action: { id: "a", delivery: "none", ...action } },
    artifact("agent-7", { alert: over.id }),
  );
  service.rulesNow = [
    { kind: "action", rule: "stabilize_system", why: reason, suppressed: { at: ago(50), why: "cooldown" } },
  ];
  service.past = () => ({
    start: { subjects: [judged(sample("agent-7", { pain: 0.55, at: ago(200) }))], alerts: [] },
    updates: [],
  });
}

function voices(service: FakeService): void {
  const { events, now } = story(new Date());
  const tone = events.findLast((event) => event.kind === "tone")?.tone;
  service.events.push(...events);
  service.subjects.set("agent-7", { ...judged(sample("agent-7")), chorus: now, ...(tone && { tone }) });
}

function trial(service: FakeService): void {
  const of = experiment("demo", { name: "demo" });
  service.subjects.set("demo", tried(of));
  service.events.push(told("begun", of, ago(120)));
}

const pulse = (query = "") => `${urls.pulse}?${query}`;
const agent = (page: keyof typeof urls, query = "") => `${urls[page]}?subject=agent-7&range=15m${query}`;

export const points: Point[] = [
  {
    name: "Pulse: all subjects at a glance, the worst first",
    given: night,
    url: pulse,
    reads: [
      [".summary h2", /1 of 3 is blocked/, /В блокировке: 1 из 3/],
      [".row >> nth=0", /agent-7.*Crisis/, /agent-7.*Кризис/],
      [".row >> nth=1", /host/, /host/],
      [".card", /Pain of agent-7 is 0\.82/, /Боль agent-7: 0.82/],
    ],
  },
  {
    name: "Pulse: one subject, its vitals on their bands, its budgets, and what Iskra did and held back",
    given: night,
    url: () => agent("pulse"),
    reads: [
      [".headline", /Blocked since/, /Блокировка с/],
      [".tile >> nth=3", /Pain.*BLOCK P0.*too high.*0\.820/s, /Боль.*BLOCK P0.*слишком высоко.*0,820/s],
      [".tile >> nth=3", /60% left/, /осталось 60\s%/],
      [".deeds", /Emergency recovery.*Pain 0\.82 above/s, /Экстренное восстановление.*Боль 0,82 выше/s],
      [".deeds", /What it held back.*done shortly before/s, /От чего удержалась.*сделано совсем недавно/s],
      [".headline-facts", /Last sample/, /Последние данные/],
    ],
  },
  {
    name: "Pulse: who is told of an alert, what to do, and taking it on",
    given: night,
    url: () => agent("pulse"),
    does: press(/^Acknowledge:/, /^Принять:/),
    reads: [
      [
        ".card .climb",
        /Next: SRE in \dm \d+s by Slack, PagerDuty/,
        /Дальше: SRE через \d мин \d+ с \(Slack, PagerDuty\)/,
      ],
      [".card-advice", /What to do.*Act at once/s, /Что делать.*Действуйте сразу/s],
      [".person-form", /Your name.*I have it/s, /Ваше имя.*Занимаюсь/s],
    ],
  },
  {
    name: "Seams: states over time, the phase portrait, each seam, how often which",
    given: (service) => lively(service, "agent-7"),
    url: () => agent("seams"),
    reads: [
      [".state-headline h2", /Creative tension/, /Творческое напряжение/],
      [".portrait", /Phase portrait/, /Фазовый портрет/],
      [".seams-list", /Balance → .*insight/s, /Равновесие → .*озарение/s],
      [".matrix", /Transitions.*Harmonious flow/s, /Переходы.*Гармоничный поток/s],
    ],
  },
  {
    name: "Voices: who leads and why, tone, symbols, the score",
    given: voices,
    url: () => agent("voices"),
    reads: [
      [".polyphony-head h3", /Kayn leads/, /Ведёт Кайн/],
      [".stage", /harmony/, /гармония/],
      [".score", /Score.*truth seeker.*Chaos 0\.76 above/s, /Партитура.*искатель истины.*Хаос 0,76 выше/s],
      [".polyphony-head", /Sound/, /Звук/],
    ],
  },
  {
    name: "Time: a moment of the past, and nobody takes it for the present",
    given: night,
    url: () => agent("pulse", `&at=${ago(200)}`),
    reads: [
      [".past-ribbon", /Paused.*You are looking at the past/s, /Пауза.*Вы смотрите прошлое/s],
      [".headline", /Warning/, /Внимание/],
      [".timebar-clock", /Paused/, /Пауза/],
    ],
  },
  {
    name: "Time: an event explains itself, with the artifact that belongs to it",
    given: night,
    url: () => agent("pulse"),
    does: (page) => page.locator(".resolved .open-alert").click(),
    reads: [
      ["dialog", /Acute pain.*What to do/s, /Острая боль.*Что делать/s],
      [".artifact", /WARN.*wants a person's eye/s, /WARN.*нужен взгляд человека/s],
      [
        "[data-part=delta]",
        /What changed.*Pain.*0\.740.*0\.310.*−0\.43/s,
        /Что изменилось.*Боль.*0,740.*0,310.*−0,43/s,
      ],
      ["[data-part=sift]", /Fact.*Acknowledged by.*Ann/s, /Факт.*Кто принял.*Ann/s],
    ],
  },
  {
    name: "Time: what is seen can be saved",
    given: night,
    url: () => agent("pulse"),
    does: press(/Save what is seen/, /Сохранить то, что видно/),
    reads: [["dialog", /A picture of what is seen.*as a table/s, /Снимок того, что видно.*таблицей/s]],
  },
  {
    name: "Honest: a lost connection leaves nothing green",
    given: night,
    url: () => agent("pulse"),
    does: async (page, service) => {
      // Who was never live has lost nothing.
      await expect(page.locator(".headline")).toContainText(/Blocked|Блокировка/);
      service.isUp = false;
      await service.drop();
    },
    reads: [
      [".lost-banner", /Connection lost.*may no longer be true/s, /Связь потеряна.*Сейчас всё может быть иначе/s],
      [".headline", /Unknown.*Last known: Blocked/s, /Неизвестно.*Последнее известное: Блокировка/s],
    ],
  },
  {
    name: "Honest: who is silent is black, whatever they said last",
    given: night,
    url: () => pulse("subject=host"),
    reads: [[".headline", /No data.*No samples arrive/s, /Нет данных.*Данные не поступают/s]],
  },
  {
    name: "Threshold preview: an edge is moved, and the lines of the file are there",
    given: (service) => {
      night(service);
      const yaml = { file: "slo-thresholds-matrix.yml", line: 42, text: "  pain:\n    warn_high: 0.51\n" };
      service.backtest = () => ({ status: 200, body: { backtest: { samples: 1_234, differences: [], yaml } } });
    },
    url: () => agent("pulse"),
    does: async (page, service, language) => {
      await press(/other thresholds for Pain/, /другие пороги: Боль/)(page, service, language);
      await page.getByRole("slider", { name: /WARN.*(high|высоко)/ }).focus();
      await page.keyboard.press("ArrowUp");
    },
    reads: [
      ["dialog", /1,234 samples were judged/, /Оценено 1.234 отсчёта/],
      ["dialog", /slo-thresholds-matrix\.yml, from line 42/, /slo-thresholds-matrix\.yml, со строки 42/],
    ],
  },
  {
    name: "For everyone: the keys",
    given: night,
    url: () => agent("seams"),
    does: press(/Keyboard/, /Клавиатура/),
    reads: [["dialog", /Space.*Wall mode on or off.*First steps/s, /Пробел.*Режим стены.*Первые шаги/s]],
  },
  {
    name: "For everyone: the first visit offers the built-in scenario",
    given: (service) => service.subjects.clear(),
    url: pulse,
    reads: [
      [".first-sample", /Nothing is being watched yet.*curl/s, /Пока не за чем наблюдать.*curl/s],
      [".try-it", /a simulated agent.*Try it/s, /агенту-симуляции.*Попробовать/s],
    ],
  },
  {
    name: "For everyone: what is simulated says so",
    given: trial,
    url: () => pulse("subject=demo"),
    reads: [
      [".headline h2", /demo.*simulated/s, /demo.*симуляция/s],
      [
        ".experiment",
        /Phase: stimulation.*chaos injected: 3 of 10.*left.*Stop/s,
        /Фаза: stimulation.*вводится хаос: 3 из 10.*осталось.*Остановить/s,
      ],
      [".guide", /A little chaos is injected/, /вводят немного хаоса/],
    ],
  },
  {
    name: "For everyone: a wall has nothing to press",
    given: night,
    url: () => pulse("wall"),
    reads: [
      [".wall-corner", /Live/, /На связи/],
      [".summary h2", /1 of 3 is blocked/, /В блокировке: 1 из 3/],
    ],
  },
];
