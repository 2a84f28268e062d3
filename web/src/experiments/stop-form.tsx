import { useState } from "preact/hooks";
import { OperateButton } from "../access/operate-button";
import { PersonForm } from "../alerts/person-form";
import { stopExperiment } from "../api";
import { words } from "../language/language";
import { config } from "../rules/rules";
import { type PageName, pageUrl } from "../shell/page-url";
import type { Experiment } from "./experiment";

/** Stops an experiment under the name of who asks for it. Pulse alone takes that: the other pages lead there. */
export function Stop({ experiment, page }: { experiment: Experiment; page: PageName }) {
  const text = words.value.experiments;
  const [isAsking, setAsking] = useState(false);
  if (page !== "pulse") {
    const pulse = pageUrl("pulse", page, config.value);
    return pulse === undefined ? null : <a href={pulse}>{text.stopOnPulse}</a>;
  }
  if (!isAsking) {
    return (
      <OperateButton label={text.stopOf(experiment.name)} onClick={() => setAsking(true)}>
        {text.stop}
      </OperateButton>
    );
  }
  return (
    <PersonForm
      confirm={text.confirm}
      recorded={text.recorded}
      failed={text.notStopped}
      send={(by, note) => stopExperiment(experiment.id, by, note)}
      onDone={() => setAsking(false)}
    />
  );
}
