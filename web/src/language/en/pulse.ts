import { plural } from "../plural";

/** The Pulse page, in English. */
export const pulse = {
  all: "All subjects",
  subject: "Subject",
  alerts: "Alerts",
  sample: "Sample",
  summary: (light: string, count: number, all: number) => {
    const of = count === all ? "" : ` of ${all}`;
    if (light === "red") return plural("en", count, { one: `#${of} is blocked`, other: `#${of} are blocked` });
    if (light === "black") return plural("en", count, { one: `#${of} is silent`, other: `#${of} are silent` });
    if (light === "yellow") return plural("en", count, { one: `#${of} needs a look`, other: `#${of} need a look` });
    return light === "green" ? "All is well" : "Nothing is judged yet";
  },
  byLight: "Show only",
  order: "Order",
  orders: {
    worst: { name: "Worst", hint: "The worst first" },
    name: { name: "Name", hint: "By name" },
    freshest: { name: "Freshest", hint: "The newest sample first" },
    longest: { name: "Longest", hint: "The longest in its present level first" },
  },
  group: "Groups",
  groupHint: "Group by what stands in the name before the first “.” or “/”",
  others: "Others",
  noneShown: "No subject is like that.",
  nobodyThen: "Nothing is known of that moment.",
  valuesThen:
    "Of the past of all subjects levels are known, but not every sample: a value is the last one known. Choose a subject to see all of it.",
  lasting: (span: string) => `for ${span}`,
  perSecond: (rate: string) => `${rate} samples/s`,
  perMinute: (rate: string) => `Over the last 10 s; ${rate} over the last minute`,
  keys: { all: "All subjects", down: "Next row", up: "Previous row" },
};
