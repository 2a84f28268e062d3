import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { Who } from "../access/who";
import { now } from "../clock";
import { ExperimentStrips } from "../experiments/strips";
import { EventSheet } from "../happenings/event-sheet";
import { KeySheet } from "../keys/key-sheet";
import { time } from "../language/format";
import { words } from "../language/language";
import { SubjectPicker } from "../subject/picker";
import { TimeBar } from "../time/time-bar";
import { isWall } from "../wall/is-wall";
import { useWall } from "../wall/wall";
import type { Watch } from "../watch/watch";
import { Announcer } from "./announcer";
import { Choices } from "./choices";
import { ConnectionChip } from "./connection-chip";
import { Spark } from "./icons";
import { LostBanner } from "./lost-banner";
import { PageLinks } from "./page-links";
import type { PageName } from "./page-url";
import { RefusedBanner } from "./refused-banner";
import { useShellKeys } from "./shell-keys";

type Props = {
  page: PageName;
  watch: Watch;
  /** What stands before the page's name in the title of the window. */
  headline?: string;
  children: ComponentChildren;
};

/** What all three pages have around their contents. */
export function Shell({ page, watch, headline, children }: Props) {
  const name = words.value.pages[page];
  const title = headline ? `${headline} · ${name}` : `${name} · Iskra`;
  const mode = watch.timeline.mode.value;
  useEffect(() => {
    document.title = title;
  }, [title]);
  useShellKeys(page, watch);
  useWall(watch);
  return (
    <div class="shell" data-mode={mode}>
      <header class="header">
        <h1 class="brand">
          <Spark />
          <span class="brand-name">Iskra</span> <span class="visually-hidden">{name}</span>
        </h1>
        <PageLinks page={page} watch={watch} />
        <SubjectPicker watch={watch} />
        <div class="header-end">
          <ConnectionChip connection={watch.connection} />
          <Choices />
          <Who />
          <KeySheet watch={watch} page={page} />
        </div>
      </header>
      {isWall.value && (
        <header class="wall-corner">
          <h1 class="visually-hidden">Iskra {name}</h1>
          <ConnectionChip connection={watch.connection} />
        </header>
      )}
      <LostBanner connection={watch.connection} />
      <RefusedBanner />
      {mode !== "live" && <PastRibbon watch={watch} />}
      <main class="main" data-frozen={watch.isFrozen.value || undefined}>
        <ExperimentStrips watch={watch} page={page} />
        {children}
      </main>
      <TimeBar watch={watch} />
      <EventSheet watch={watch} />
      <Announcer state={watch.isFrozen.value ? undefined : watch.state.value} />
    </div>
  );
}

/** Nobody must take the past for the present. */
function PastRibbon({ watch }: { watch: Watch }) {
  const text = words.value.time;
  const { mode, speed } = watch.timeline;
  return (
    <section class="past-ribbon" aria-label={text.replay}>
      <strong>{mode.value === "replay" ? `${text.replay} ${text.times(String(speed.value))}` : text.paused}</strong>
      <span>{text.shows(time(now.value))}</span>
      <button type="button" onClick={() => watch.timeline.live()}>
        {text.goLive}
      </button>
    </section>
  );
}
