import { signal, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useKeys } from "../../keys/keys";
import { words } from "../../language/language";
import { recall, remember } from "../../preferences";
import type { Watch } from "../../watch/watch";
import { Instrument } from "./instrument";
import { brightness, parts } from "./parts";

/** A replay faster than this would be noise. */
const FASTEST = 10;

const isHidden = signal(document.hidden);
document.addEventListener("visibilitychange", () => {
  isHidden.value = document.hidden;
});

/** Lets the voices be heard. Off until it is asked for, each time anew: nobody wants a surprise at night. */
export function SoundControl({ watch }: { watch: Watch }) {
  const text = words.value.voices;
  const isOn = useSignal(false);
  const volume = useSignal(rememberedVolume());
  const instrument = useRef<Instrument | undefined>(undefined);
  const quiet = quietBecause(watch);
  const toggle = () => {
    isOn.value = !isOn.value;
  };
  useKeys([{ keys: ["m"], does: () => words.value.voices.sound, run: toggle }]);
  useSignalEffect(() => {
    if (isOn.value) {
      instrument.current ??= new Instrument();
      const chorus = watch.state.value?.chorus;
      instrument.current.play(parts(watch.config.value?.voices ?? [], chorus), brightness(chorus));
      instrument.current.setVolume(quietBecause(watch) ? 0 : volume.value);
    } else {
      instrument.current?.stop();
      instrument.current = undefined;
    }
  });
  useEffect(() => () => instrument.current?.stop(), []);
  return (
    <div class="sound">
      {isOn.value && quiet && <span class="sound-quiet">{text.quietBecause[quiet]}</span>}
      {isOn.value && (
        <input
          type="range"
          min="0.05"
          max="1"
          step="0.05"
          aria-label={text.volume}
          value={volume.value}
          onInput={(event) => {
            volume.value = Number(event.currentTarget.value);
            remember("voices.volume", event.currentTarget.value);
          }}
        />
      )}
      <button type="button" class="sound-button" aria-pressed={isOn.value} onClick={toggle}>
        <svg class="sign" viewBox="0 0 16 16" aria-hidden="true">
          <path
            d={`M2.5 6v4h2.6L9 13V3L5.1 6z${isOn.value ? "M11 5.8a3.2 3.2 0 0 1 0 4.4M12.8 3.6a6 6 0 0 1 0 8.8" : "M11.4 6.3l3 3.4M14.4 6.3l-3 3.4"}`}
          />
        </svg>
        {text.sound}
      </button>
    </div>
  );
}

/** Why nothing is heard although sound is on: nothing that stands still or is unknown sounds alive. */
export function quietBecause(watch: Watch): "frozen" | "paused" | "fast" | "hidden" | undefined {
  const { mode, speed } = watch.timeline;
  if (watch.isFrozen.value) return "frozen";
  if (mode.value === "paused") return "paused";
  if (mode.value === "replay" && speed.value > FASTEST) return "fast";
  return isHidden.value ? "hidden" : undefined;
}

function rememberedVolume(): number {
  const volume = Number(recall("voices.volume"));
  return volume > 0 && volume <= 1 ? volume : 0.4;
}
