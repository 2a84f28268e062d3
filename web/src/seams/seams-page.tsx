import { useEffect, useMemo } from "preact/hooks";
import { useKeys } from "../keys/keys";
import { words } from "../language/language";
import { Shell } from "../shell/shell";
import { FirstSample } from "../try-it/first-sample";
import type { Watch } from "../watch/watch";
import { Matrix } from "./matrix";
import { Portrait } from "./portrait";
import { SeamList } from "./seam-list";
import { StateHeadline } from "./state-headline";
import { stateName } from "./state-look";
import { Strip } from "./strip";
import { SeamsView } from "./view";
import { Whereabouts } from "./whereabouts";

/** In which state the chosen subject is, how it came there, and where it may go next. */
export function SeamsPage({ watch }: { watch: Watch }) {
  const view = useMemo(() => new SeamsView(watch), [watch]);
  const subject = watch.subject.value;
  const text = () => words.value.seams;
  useKeys([
    { keys: ["j"], does: () => text().previousSeam, run: () => view.step(-1) },
    { keys: ["k"], does: () => text().nextSeam, run: () => view.step(1) },
  ]);
  // Another subject has other seams.
  useEffect(() => {
    view.chosen.value = view.pointed.value = undefined;
  }, [view, subject]);
  return (
    <Shell page="seams" watch={watch} headline={headline(watch)}>
      {watch.isKnown.value && subject === undefined && <FirstSample watch={watch} page="seams" />}
      {subject !== undefined && (
        <div class="seams">
          <StateHeadline view={view} />
          <Strip view={view} />
          <Portrait view={view} />
          <SeamList view={view} />
          <div class="seams-side">
            <Matrix view={view} />
            <Whereabouts view={view} />
          </div>
        </div>
      )}
    </Shell>
  );
}

/** What the title of the window says, seen from another tab. */
function headline(watch: Watch): string | undefined {
  if (watch.isFrozen.value) return "?";
  const state = watch.state.value?.state?.state;
  return [state && stateName(state), watch.subject.value].filter(Boolean).join(" · ") || undefined;
}
