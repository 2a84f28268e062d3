import type { Watch } from "../../watch/watch";

/** Moving over a lane marks the instant on all charts, a click goes there. */
export function pointing(watch: Watch) {
  const instant = (event: MouseEvent): number => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const { from, to } = watch.timeline.window();
    return from + ((event.clientX - box.left) / box.width) * (to - from);
  };
  return {
    onPointerMove: (event: PointerEvent) => {
      watch.instant.value = instant(event) / 1_000;
    },
    onPointerLeave: () => {
      watch.instant.value = undefined;
    },
    // A finger marks only: it would leave the present at every touch.
    onClick: (event: MouseEvent) => {
      if ((event as PointerEvent).pointerType !== "touch") watch.timeline.seek(instant(event));
    },
  };
}
