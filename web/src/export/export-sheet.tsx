import { useSignal } from "@preact/signals";
import { shownNow } from "../clock";
import { useKeys } from "../keys/keys";
import { words } from "../language/language";
import { Sheet } from "../shell/sheet";
import type { Watch } from "../watch/watch";
import { download } from "./download";
import { paint } from "./picture";
import { csv, rows } from "./table";

/** Saves what is seen: as a picture, as a table, or as everything that the page knows of this window. */
export function ExportSheet({ watch }: { watch: Watch }) {
  const isOpen = useSignal(false);
  const { save: text, keys } = words.value;
  useKeys([
    {
      keys: ["e"],
      does: () => words.value.keys.save,
      run: () => {
        isOpen.value = true;
      },
    },
  ]);
  const close = () => {
    isOpen.value = false;
  };
  const choose = (make: (watch: Watch) => Promise<Blob> | Blob, ending: string) => async () => {
    // The sheet itself is not meant to be in the picture.
    close();
    await new Promise(requestAnimationFrame);
    download(await make(watch), `${nameOf(watch)}.${ending}`);
  };
  return (
    <>
      <button
        type="button"
        class="icon-button export-button"
        aria-label={keys.save}
        title={`${keys.save} (e)`}
        onClick={() => {
          isOpen.value = true;
        }}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 2.5v7.5M4.8 7.2 8 10.4l3.2-3.2M3 13.2h10" />
        </svg>
      </button>
      {isOpen.value && (
        <Sheet title={keys.save} onClose={close}>
          <div class="save-choices">
            <button type="button" onClick={choose(picture, "png")}>
              <b>PNG</b> {text.png}
            </button>
            <button type="button" onClick={choose(table, "csv")}>
              <b>CSV</b> {text.csv}
            </button>
            <button type="button" onClick={choose(everything, "json")}>
              <b>JSON</b> {text.json}
            </button>
          </div>
        </Sheet>
      )}
    </>
  );
}

function picture(): Promise<Blob> {
  const canvas = paint(document.body);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png"),
  );
}

function table(watch: Watch): Blob {
  return new Blob([csv(vitalsSeen(watch))], { type: "text/csv" });
}

function everything(watch: Watch): Blob {
  const { from, to } = watch.timeline.window();
  const happenings = watch.happenings.peek();
  const content = {
    subject: watch.subject.peek(),
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    shown: new Date(shownNow()).toISOString(),
    config_hash: watch.config.peek()?.config_hash,
    state: watch.state.peek(),
    vitals: vitalsSeen(watch),
    events: happenings?.events.peek() ?? [],
    alerts: happenings?.alerts.peek() ?? [],
  };
  return new Blob([JSON.stringify(content, null, 2)], { type: "application/json" });
}

function vitalsSeen(watch: Watch) {
  const { from, to } = watch.timeline.window();
  const past = watch.past.peek();
  return past ? rows(past.series, from / 1_000, to / 1_000) : [];
}

/** Who and when, in letters that every file system takes. */
function nameOf(watch: Watch): string {
  const moment = new Date(shownNow()).toISOString().slice(0, 19).replaceAll(":", "-");
  return `${watch.subject.peek() ?? "iskra"}-${moment}Z`;
}
