import type { deeds as en } from "../en/deeds";

/** What Iskra did by itself, in Russian. */
export const deeds: typeof en = {
  title: "Что сделала Искра",
  none: "За это время ничего.",
  loading: "Загружается",
  known: "",
  missing: "Неизвестно: сервис не ответил. Пробуем снова.",
  held: "От чего удержалась",
  noneHeld: "За это время ни от чего.",
  presentOnly: "Известно только на настоящий момент.",
  why: {
    cooldown: "сделано совсем недавно",
    budget: "исчерпано разрешённое число раз за час",
    exclusive: "мешало бы тому, что только что сделано",
    veto: "действует этическое вето",
    switched_off: "действия выключены",
    echo: "слишком часто подряд: очередь другого голоса",
  },
  until: (left) => `(снова возможно через ${left})`,
};
