import type { Band, Edge, Priority, Side, Vital } from "../../src/protocol";

const rows: Record<Vital, { ru: string; optimum: [number, number]; target: number; low: number[]; high: number[] }> = {
  clarity: { ru: "Ясность", optimum: [0.75, 0.85], target: 0.8, low: [0.7, 0.65, 0.5], high: [0.85, 0.9, 0.95] },
  chaos: { ru: "Хаос", optimum: [0.4, 0.5], target: 0.45, low: [0.3, 0.25, 0.1], high: [0.6, 0.7, 0.8] },
  trust: { ru: "Доверие", optimum: [0.75, 0.9], target: 0.8, low: [0.6, 0.55, 0.4], high: [0.9, 0.95] },
  pain: { ru: "Боль", optimum: [0.2, 0.4], target: 0.3, low: [0.2], high: [0.5, 0.6, 0.7] },
};
const priorities: Priority[] = ["P2", "P1", "P0"];

/** The bands that Iskra comes with. */
export const bands: Band[] = Object.entries(rows).map(([vital, { ru, optimum, target, low, high }]) => {
  const edges = (side: Side, ats: number[]): Edge[] =>
    ats.map((at, i) => ({
      rule: `${vital}_${priorities[i]}_${side}`,
      side,
      priority: priorities[i] as Priority,
      level: i === 0 ? "WARN" : "BLOCK",
      at,
      inclusive: i > 0,
    }));
  const name = { en: vital.charAt(0).toUpperCase() + vital.slice(1), ru };
  return { vital: vital as Vital, name, optimum, target, edges: [...edges("low", low), ...edges("high", high)] };
});
