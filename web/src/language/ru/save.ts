import type { save as en } from "../en/save";

/** Saving what is seen, in Russian. */
export const save: typeof en = {
  png: "Снимок того, что видно сейчас",
  csv: "Показатели за это время таблицей",
  json: "Показатели, события, оповещения и состояние за это время",
};
