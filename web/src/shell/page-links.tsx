import { words } from "../language/language";
import type { Watch } from "../watch/watch";

export const pages = ["pulse", "seams", "voices"] as const;
export type PageName = (typeof pages)[number];

/** Each page where its service serves it on one machine. */
const ports: Record<PageName, string> = { pulse: "3001", seams: "3002", voices: "3003" };

/** Where another page is: beside this one behind a proxy, else at the port of its service. Nothing where neither holds. */
export function pageUrl(page: PageName, here: PageName, at: Location = location): string | undefined {
  const beside = at.pathname.endsWith(`/${here}/`);
  if (beside) return new URL(`../${page}/${at.search}`, at.href).href;
  if (at.port !== ports[here]) return undefined;
  const url = new URL(at.href);
  url.port = ports[page];
  return url.href;
}

/** The three pages. The address goes along: the same subject, the same moment. */
export function PageLinks({ page, watch }: { page: PageName; watch: Watch }) {
  const names = words.value.pages;
  // Read so that the links follow the address.
  watch.subject.value;
  watch.timeline.mode.value;
  return (
    <nav class="pages" aria-label={names.label}>
      {pages.map((each) => {
        const url = pageUrl(each, page);
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
