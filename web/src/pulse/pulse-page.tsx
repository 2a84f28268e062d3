import { useEffect, useMemo } from "preact/hooks";
import { firingGroups } from "../alerts/groups";
import { Inbox } from "../alerts/inbox";
import { Deeds } from "../deeds/deeds";
import { useKeys } from "../keys/keys";
import { words } from "../language/language";
import { OverviewChoice } from "../overview/choice";
import { Overview } from "../overview/overview";
import { Shell } from "../shell/shell";
import { Headline } from "../subject/headline";
import { FirstSample } from "../try-it/first-sample";
import { VitalsPanel } from "../vitals/vitals-panel";
import type { Watch } from "../watch/watch";

/** The page that an on-call engineer opens at night. */
export function PulsePage({ watch }: { watch: Watch }) {
  const subject = watch.subject.value;
  const isEmpty = watch.isKnown.value && subject === undefined && !watch.canShowAll.value;
  const choice = useMemo(() => new OverviewChoice(), []);
  useKeys([{ keys: ["a", "Escape"], does: () => words.value.pulse.keys.all, run: () => watch.chooseAll() }]);
  useEffect(() => {
    if (subject === undefined) return;
    choice.visited = subject;
    scrollTo(0, 0);
  }, [subject]);
  return (
    <Shell page="pulse" watch={watch} headline={headline(watch)}>
      {isEmpty && <FirstSample watch={watch} page="pulse" />}
      {subject === undefined && !isEmpty && watch.isKnown.value && (
        <div class="pulse">
          <Overview watch={watch} choice={choice} />
          <Inbox watch={watch} />
        </div>
      )}
      {subject !== undefined && (
        <div class="pulse">
          <Headline watch={watch} page="pulse" />
          <VitalsPanel watch={watch} />
          <Deeds watch={watch} />
          <Inbox watch={watch} />
        </div>
      )}
    </Shell>
  );
}

/** What the title of the window says, seen from another tab: how many alerts fire, on whom one looks. */
function headline(watch: Watch): string | undefined {
  if (watch.isFrozen.value) return "?";
  const groups = firingGroups(watch.board.alerts.value.values());
  const worst = groups[0] && `${groups[0].top.priority} ×${groups.length}`;
  return [worst, watch.subject.value].filter(Boolean).join(" · ") || undefined;
}
