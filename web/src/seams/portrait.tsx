import { computed, effect, untracked } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { shownAt, shownNow } from "../clock";
import { score } from "../language/format";
import { language, words } from "../language/language";
import { config } from "../rules/rules";
import { rem } from "../styles/rem";
import { shownTheme } from "../theme";
import { canvasColours } from "./colours";
import { drawNames, drawPlane } from "./draw-plane";
import { planeOf } from "./plane";
import { pointNear, pointsOf, type Way } from "./points";
import { PortraitLegend } from "./portrait-legend";
import { PortraitMarks } from "./portrait-marks";
import { Readout } from "./readout";
import { stateName } from "./state-look";
import { Trail } from "./trail";
import type { SeamsView } from "./view";

/** A pointer this near to the trail means it. */
const REACH_PIXELS = 28;
const SILENCE_SECONDS = 60;

type Layer = CanvasRenderingContext2D;
/** In pixels at the usual size of letters, of which the screen's are `scale` times as many. */
type Size = { width: number; height: number; scale: number };

/** The phase portrait: clarity against chaos, the way of the subject through the states. */
export function Portrait({ view }: { view: SeamsView }) {
  const text = words.value.seams;
  const host = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size>();
  useEffect(() => (host.current ? watchSize(host.current, setSize) : undefined), []);
  useEffect(() => (host.current && size ? follow(host.current, size, view) : undefined), [size, view]);
  return (
    <section class="panel portrait" aria-labelledby="portrait-title">
      <header class="panel-head">
        <h3 id="portrait-title">{text.portrait}</h3>
        <Readout view={view} />
      </header>
      <div class="portrait-host" ref={host} role="img" aria-label={spoken(view)}>
        <canvas class="portrait-map" />
        <canvas class="portrait-behind" />
        <canvas class="portrait-tail" />
        <canvas class="portrait-names" />
        {size && <PortraitMarks view={view} plane={planeOf(size.width, size.height)} />}
        <span class="portrait-x">{words.value.vitals.clarity} →</span>
        <span class="portrait-y">{words.value.vitals.chaos} →</span>
      </div>
      <PortraitLegend view={view} />
    </section>
  );
}

/** What a reader of the screen is told of the picture. */
function spoken(view: SeamsView): string {
  const { portrait, portraitOf } = words.value.seams;
  const state = view.watch.state.value;
  const { clarity, chaos } = state?.measured ?? {};
  if (!state?.state || !clarity || !chaos) return portrait;
  return portraitOf(score(clarity.value), score(chaos.value), stateName(state.state.state));
}

function watchSize(host: HTMLElement, tell: (size: Size) => void): () => void {
  const observer = new ResizeObserver(() => {
    const scale = rem(1);
    tell({ width: host.clientWidth / scale, height: host.clientHeight / scale, scale });
  });
  observer.observe(host);
  return () => observer.disconnect();
}

/** Draws for as long as the page shows it: the map when it changes, the trail with every moment. */
function follow(host: HTMLElement, size: Size, view: SeamsView): () => void {
  const layers = ["map", "behind", "tail", "names"].map((name) => layer(host, `.portrait-${name}`, size));
  const [ground, behind, tail, names] = layers as [Layer, Layer, Layer, Layer];
  const plane = planeOf(size.width, size.height);
  const trail = new Trail(behind, tail, plane);
  const { watch } = view;
  const mapping = effect(() => {
    for (const look of [shownTheme, language, config]) look.value;
    const map = { ...view.map.value, nameOf: stateName };
    untracked(() => {
      drawPlane(ground, plane, map, canvasColours());
      drawNames(names, plane, map, canvasColours());
    });
  });
  const way = computed<Way>(() => {
    const [past, window] = [watch.past.value, view.window.value];
    for (const change of [past?.version, past?.state]) change?.value;
    const silence = Math.max(config.value?.staleness_seconds ?? SILENCE_SECONDS, 2 * (past?.range.step ?? 0));
    return { points: past ? pointsOf(past.series, window.from / 1_000, window.to / 1_000 + 1) : [], silence };
  });
  // While live the window moves once a second, and with it what lies behind.
  const basis = computed(() => {
    for (const change of [shownTheme, view.window, watch.past, config]) change.value;
    watch.past.value?.state.value;
    return {};
  });
  let drawn: object | undefined;
  const drawing = effect(() => {
    shownAt.value;
    if (basis.value !== drawn) trail.renew();
    drawn = basis.value;
    trail.draw(way.value, shownNow() / 1_000, watch.timeline.range.value.seconds, canvasColours());
  });
  const point = (event: PointerEvent) => {
    const box = host.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / size.scale, (event.clientY - box.top) / size.scale];
    return pointNear(way.peek().points, plane, x, y, REACH_PIXELS)?.at;
  };
  const move = (event: PointerEvent) => {
    watch.instant.value = point(event);
  };
  const leave = () => {
    watch.instant.value = undefined;
  };
  const choose = (event: MouseEvent) => {
    const at = point(event as PointerEvent);
    if (at !== undefined && (event as PointerEvent).pointerType !== "touch") watch.timeline.seek(at * 1_000);
  };
  host.addEventListener("pointermove", move);
  host.addEventListener("pointerleave", leave);
  host.addEventListener("click", choose);
  return () => {
    for (const stop of [mapping, drawing]) stop();
    host.removeEventListener("pointermove", move);
    host.removeEventListener("pointerleave", leave);
    host.removeEventListener("click", choose);
  };
}

/** A canvas as sharp as the screen. */
function layer(host: HTMLElement, name: string, { width, height, scale }: Size): Layer {
  const canvas = host.querySelector(name) as HTMLCanvasElement;
  const pixels = devicePixelRatio * scale;
  canvas.width = Math.round(width * pixels);
  canvas.height = Math.round(height * pixels);
  const ctx = canvas.getContext("2d") as Layer;
  ctx.scale(pixels, pixels);
  return ctx;
}
