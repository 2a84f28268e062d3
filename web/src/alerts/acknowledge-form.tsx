import { acknowledge } from "../api";
import { words } from "../language/language";
import type { Watch } from "../watch/watch";
import type { AlertGroup } from "./groups";
import { PersonForm } from "./person-form";

type Props = { watch: Watch; group: AlertGroup; onDone: () => void };

/** Takes on all alerts of a group. */
export function AcknowledgeForm({ watch, group, onDone }: Props) {
  const { confirm, recorded, failed } = words.value.alerts;
  const send = async (name: string, note: string) => {
    for (const alert of [group.top, ...group.others]) {
      if (!alert.acknowledged) watch.board.takeAlerts([await acknowledge(alert.id, name, note)]);
    }
  };
  return <PersonForm confirm={confirm} recorded={recorded} failed={failed} send={send} onDone={onDone} />;
}
