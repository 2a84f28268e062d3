import { worstFirst } from "../board/subject-state";
import { ranges } from "../history/ranges";
import { useKeys } from "../keys/keys";
import { chooseLanguage, language, languages, words } from "../language/language";
import { chooseTheme, theme, themes } from "../theme";
import type { Watch } from "../watch/watch";
import { type PageName, pages, pageUrl } from "./page-url";

/** What can be pressed on every page. */
export function useShellKeys(page: PageName, watch: Watch): void {
  const text = () => words.value.keys;
  useKeys([
    ...ranges.map((range, index) => ({
      keys: [String(index + 1)],
      does: () => text().range(words.value.ranges[range.name]),
      run: () => watch.timeline.chooseRange(range),
    })),
    ...pages.map((each) => ({
      keys: [each.charAt(0)],
      does: () => text().page(words.value.pages[each]),
      run: () => {
        const url = each === page ? undefined : pageUrl(each, page, watch.config.peek());
        if (url) location.href = url;
      },
    })),
    { keys: ["/"], does: () => text().search, run: focusPicker },
    { keys: ["n"], does: () => text().nextSubject, run: () => chooseNext(watch, 1) },
    { keys: ["N"], does: () => text().previousSubject, run: () => chooseNext(watch, -1) },
    { keys: ["t"], does: () => text().theme, run: () => chooseTheme(after(themes, theme.peek())) },
    { keys: ["r"], does: () => text().language, run: () => chooseLanguage(after(languages, language.peek())) },
  ]);
}

function after<T>(all: readonly T[], current: T): T {
  return all[(all.indexOf(current) + 1) % all.length] as T;
}

/** The next subject, the worst first. */
function chooseNext(watch: Watch, by: 1 | -1): void {
  const names = worstFirst(watch.board.subjects.peek().values()).map(({ subject }) => subject);
  const index = names.indexOf(watch.subject.peek() ?? "") + by;
  const next = names[(index + names.length) % names.length];
  if (next !== undefined) watch.chooseSubject(next);
}

function focusPicker(): void {
  const filter = document.getElementById("subject-filter");
  const first = filter ?? document.querySelector<HTMLElement>(".picker button, .picker a:not(.chip-all)");
  if (first instanceof HTMLButtonElement) first.click();
  else first?.focus();
}
