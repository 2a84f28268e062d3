import type { Config, Ports } from "../protocol";

export const pages = ["pulse", "seams", "voices"] as const;
export type PageName = (typeof pages)[number];

/** Where the services listen unless they say otherwise. */
const usual: Ports = { pulse: 3001, seams: 3002, voices: 3003 };

/** Where another page is: beside this one behind a proxy, else at the port of its service. Nothing where neither holds. */
export function pageUrl(
  page: PageName,
  here: PageName,
  config: Config | undefined,
  at: Location = location,
): string | undefined {
  const beside = at.pathname.endsWith(`/${here}/`);
  if (beside) return new URL(`../${page}/${at.search}`, at.href).href;
  const ports = config?.ports ?? usual;
  // A port of 0 is any that was free: nobody knows which.
  if (at.port !== String(ports[here]) || ports[page] === 0) return undefined;
  const url = new URL(at.href);
  url.port = String(ports[page]);
  return url.href;
}
