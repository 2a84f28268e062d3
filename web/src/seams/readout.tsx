import { score, time } from "../language/format";
import { words } from "../language/language";
import { vitals } from "../protocol";
import { VitalSign } from "../shell/icons";
import type { SeamsView } from "./view";

/** The four vitals as they are, or as they were at the instant that is pointed at. */
export function Readout({ view }: { view: SeamsView }) {
  const { instant, state } = view.watch;
  const point = instant.value === undefined ? undefined : view.pointedPoint();
  return (
    <p class="readout">
      {instant.value !== undefined && <b>{time(instant.value * 1_000)}</b>}
      {vitals.map((vital) => {
        const value = instant.value === undefined ? state.value?.measured[vital]?.value : point?.[vital];
        return (
          <span key={vital} title={words.value.vitals[vital]}>
            <VitalSign vital={vital} />
            <span class="visually-hidden">{words.value.vitals[vital]} </span>
            {value === undefined ? "—" : score(value)}
          </span>
        );
      })}
    </p>
  );
}
