import type { climb as en } from "../en/climb";

/** Who is told of an alert, in Russian. */
export const climb: typeof en = {
  label: "Кому сообщают",
  shown: "Входящие",
  channels: { slack: "Slack", pagerduty: "PagerDuty", email: "почта" },
  next: (role, left, ways) => `Дальше: ${role} через ${left}${ways && ` (${ways})`}`,
  would: (role, left) => `Следующим был бы ${role}, через ${left}`,
  due: (role) => `Дальше: ${role}, сейчас или когда закончится окно обслуживания`,
  top: "Сообщили всей цепочке",
  acknowledged: "Дальше не сообщаем: тревогу приняли",
  acknowledgedUntil: (time) => `До ${time} дальше не сообщаем: тревогу приняли`,
  held: (role) => `Пока никому не сообщали; первым будет ${role}`,
};
