import { effect, signal } from "@preact/signals";

/** Whether the page hangs on a wall: no controls, letters to be read from afar, one subject after the other. */
export const isWall = signal(new URLSearchParams(location.search).has("wall"));

effect(() => {
  document.documentElement.toggleAttribute("data-wall", isWall.value);
});
