import { firingGroups } from "../alerts/groups";
import { Inbox } from "../alerts/inbox";
import { Announcer } from "../shell/announcer";
import { Shell } from "../shell/shell";
import { Headline } from "../subject/headline";
import { SubjectPicker } from "../subject/picker";
import { VitalsPanel } from "../vitals/vitals-panel";
import { FirstSample } from "./first-sample";
import type { Watch } from "./watch";

/** The page that an on-call engineer opens at night. */
export function PulsePage({ watch }: { watch: Watch }) {
  const subject = watch.subject.value;
  const isEmpty = watch.isKnown.value && subject === undefined;
  return (
    <Shell
      page="pulse"
      connection={watch.connection}
      headline={headline(watch)}
      picker={<SubjectPicker watch={watch} />}
    >
      {isEmpty && <FirstSample />}
      {subject !== undefined && (
        <div class="pulse">
          <Headline watch={watch} />
          <VitalsPanel watch={watch} />
          <Inbox watch={watch} />
        </div>
      )}
      <Announcer state={watch.connection.isFrozen.value ? undefined : watch.state.value} />
    </Shell>
  );
}

/** What the title of the window says, seen from another tab: how many alerts fire, on whom one looks. */
function headline(watch: Watch): string | undefined {
  if (watch.connection.isFrozen.value) return "?";
  const groups = firingGroups(watch.board.alerts.value.values());
  const worst = groups[0] && `${groups[0].top.priority} ×${groups.length}`;
  return [worst, watch.subject.value].filter(Boolean).join(" · ") || undefined;
}
