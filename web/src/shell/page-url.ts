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
