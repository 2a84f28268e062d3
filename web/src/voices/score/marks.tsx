import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { shownAt } from "../../clock";
import type { Watch } from "../../watch/watch";
import { shownWindow } from "./shown-window";

/**
 * What lies over a lane: where nothing is known, what came after the shown moment, and the marked instant. While time
 * goes by only these move, and what lies below is not drawn again.
 */
export function Marks({ watch }: { watch: Watch }) {
  const [lost, future, instant] = [useRef<HTMLElement>(null), useRef<HTMLElement>(null), useRef<HTMLElement>(null)];
  useSignalEffect(() => {
    const { from, to } = shownWindow(watch);
    const place = ({ current }: typeof lost, at: number | undefined) => {
      if (!current) return;
      current.hidden = at === undefined || at > to;
      if (at !== undefined) current.style.transform = `translateX(${(100 * Math.max(at - from, 0)) / (to - from)}%)`;
    };
    const state = watch.connection.state.value;
    place(lost, watch.isFrozen.value && "since" in state ? state.since : undefined);
    place(future, shownAt.value);
    place(instant, watch.instant.value === undefined ? undefined : watch.instant.value * 1_000);
  });
  return (
    <>
      <span class="mark-lost" ref={lost} hidden />
      <span class="mark-future" ref={future} hidden />
      <span class="mark-instant" ref={instant} hidden />
    </>
  );
}
