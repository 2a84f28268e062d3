import { time } from "../../language/format";
import { words } from "../../language/language";
import { nameOf } from "../../rules/rules";
import type { Window } from "../../time/timeline";
import type { Watch } from "../../watch/watch";
import { hueOf } from "../hue";
import { Marks } from "./marks";
import type { Picture } from "./picture";
import { pointing } from "./pointing";

/** Narrower than this share of the window a tone has no room for its name. */
const ROOM = 0.13;

/** The tones over the window, each in the colour of its voice. */
export function ToneStrip({ watch, picture, window }: { watch: Watch; picture: Picture; window: Window }) {
  const { from, to } = window;
  const text = words.value.happenings.kinds;
  return (
    <div class="tones">
      <h4>{text.tone}</h4>
      <div class="tones-lane marked" {...pointing(watch)}>
        {picture.tones
          .filter((toned) => (toned.to ?? to) > from && toned.from < to)
          .map(({ tone, event, ...toned }) => {
            const [start, end] = [Math.max(toned.from, from), Math.min(toned.to ?? to, to)];
            const share = (end - start) / (to - from);
            const name = nameOf("tones", tone.tone);
            return (
              <button
                key={toned.from}
                type="button"
                tabIndex={-1}
                class="tone"
                disabled={event === undefined}
                data-voice={tone.voice}
                style={{
                  left: `${(100 * (start - from)) / (to - from)}%`,
                  width: `${100 * share}%`,
                  "--hue": tone.voice && hueOf(tone.voice),
                }}
                title={`${time(toned.from)} · ${name}`}
                aria-label={name}
                onClick={(click) => {
                  click.stopPropagation();
                  watch.opened.value = event;
                }}
              >
                {share > ROOM && name}
              </button>
            );
          })}
        <Marks watch={watch} />
      </div>
    </div>
  );
}
