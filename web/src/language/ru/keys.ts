import type { keys as en } from "../en/keys";

/** The sheet of keys, in Russian. */
export const keys: typeof en = {
  title: "Клавиатура",
  sheet: "Этот список клавиш",
  names: { " ": "Пробел", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc" },
  search: "Выбрать объект",
  language: "Следующий язык",
  theme: "Следующая тема",
  page: (name) => `Открыть ${name}`,
  range: (name) => `Показать ${name}`,
  nextSubject: "Следующий объект",
  previousSubject: "Предыдущий объект",
  wall: "Режим стены: включить или выключить",
  save: "Сохранить то, что видно",
};
