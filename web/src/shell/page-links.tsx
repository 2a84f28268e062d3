import { words } from "../language/language";
import type { Watch } from "../watch/watch";
import { type PageName, pages, pageUrl } from "./page-url";

/** The three pages. The address goes along: the same subject, the same moment. */
export function PageLinks({ page, watch }: { page: PageName; watch: Watch }) {
  const names = words.value.pages;
  // Read so that the links follow the address.
  watch.subject.value;
  watch.timeline.mode.value;
  return (
    <nav class="pages" aria-label={names.label}>
      {pages.map((each) => {
        const url = pageUrl(each, page, watch.config.value);
        if (each !== page && !url) return null;
        return (
          <a key={each} href={url ?? "."} aria-current={each === page ? "page" : undefined}>
            {names[each]}
          </a>
        );
      })}
    </nav>
  );
}
