import type { Light, Vital } from "../protocol";

/** The spark of the name. */
export function Spark() {
  return (
    <svg class="spark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M17.6 1.5 7 18h7l-2 12.5L25 12.6h-7.6z" />
    </svg>
  );
}

const vitalPaths: Record<Vital, string> = {
  clarity: "M8 2.2 13.8 8 8 13.8 2.2 8zM8 5.6 10.4 8 8 10.4 5.6 8z",
  chaos: "M2 5.2c4.5 0 7.5 5.6 12 5.6M2 10.8c4.5 0 7.5-5.6 12-5.6M8 2.2v11.6",
  trust: "M6 4.2a3.8 3.8 0 1 0 0 7.6 3.8 3.8 0 0 0 0-7.6zM10 4.2a3.8 3.8 0 1 1 0 7.6 3.8 3.8 0 0 1 0-7.6z",
  pain: "M1.8 9.2h3L6.6 3l3 10 1.8-3.8h2.8",
};

/** A sign for each vital. */
export function VitalSign({ vital }: { vital: Vital }) {
  return (
    <svg class="sign" viewBox="0 0 16 16" aria-hidden="true">
      <path d={vitalPaths[vital]} />
    </svg>
  );
}

const lightPaths: Record<Light | "unknown", string> = {
  green: "M9.5 16.5l4.4 4.4 8.8-9.6",
  yellow: "M16 9.2v8M16 21.6v.6",
  red: "M11 11l10 10M21 11 11 21",
  black: "M10 16h12",
  unknown: "M12.6 12.6a3.5 3.5 0 1 1 5 3.2c-1.2.6-1.6 1.2-1.6 2.4M16 22v.4",
};
const lightShapes: Record<Light | "unknown", string> = {
  green: "M16 2a14 14 0 1 1 0 28 14 14 0 0 1 0-28z",
  yellow: "M16 2.6 31 29H1z",
  red: "M10.2 2h11.6L30 10.2v11.6L21.8 30H10.2L2 21.8V10.2z",
  black: "M16 2a14 14 0 1 1 0 28 14 14 0 0 1 0-28z",
  unknown: "M16 2a14 14 0 1 1 0 28 14 14 0 0 1 0-28z",
};

/** The traffic light of a subject: each state has a shape of its own, so that it reads without colour. */
export function Lamp({ light }: { light: Light | "unknown" }) {
  return (
    <svg class="lamp" data-light={light} viewBox="0 0 32 32" aria-hidden="true">
      <path class="lamp-shape" d={lightShapes[light]} />
      <path class="lamp-sign" d={lightPaths[light]} />
    </svg>
  );
}
