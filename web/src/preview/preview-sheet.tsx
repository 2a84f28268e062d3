import { useEffect, useMemo, useState } from "preact/hooks";
import { words } from "../language/language";
import type { Vital } from "../protocol";
import { Sheet } from "../shell/sheet";
import { Differences } from "./differences";
import { EdgesChart } from "./edges-chart";
import { Preview } from "./preview";

/** Drag an edge of a band, and see what the last week would have been. Nothing is changed: the YAML is yours to use. */
export function PreviewButton({ subject, vital }: { subject: string; vital: Vital }) {
  const [isOpen, setOpen] = useState(false);
  const text = words.value.preview;
  return (
    <>
      <button
        type="button"
        class="icon-button tile-tool"
        aria-label={text.open(words.value.vitals[vital])}
        title={text.open(words.value.vitals[vital])}
        onClick={() => setOpen(true)}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M2 4.5h7M12.5 4.5H14M2 11.5h1.5M7 11.5h7M10.7 2.7a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6zM5.3 9.7a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z" />
        </svg>
      </button>
      {isOpen && <PreviewSheet subject={subject} vital={vital} onClose={() => setOpen(false)} />}
    </>
  );
}

function PreviewSheet({ subject, vital, onClose }: { subject: string; vital: Vital; onClose: () => void }) {
  const preview = useMemo(() => new Preview(subject, vital), [subject, vital]);
  useEffect(() => () => preview.stop(), [preview]);
  const text = words.value.preview;
  const isMoved = Object.keys(preview.moved.value).length > 0;
  return (
    <Sheet title={text.title(words.value.vitals[vital], subject)} size="wide" onClose={onClose}>
      <p class="preview-intro">{text.intro}</p>
      <EdgesChart preview={preview} />
      <div class="preview-end">
        <button type="button" disabled={!isMoved} onClick={() => preview.reset()}>
          {text.reset}
        </button>
      </div>
      <Differences judgement={preview.judgement.value} />
    </Sheet>
  );
}
