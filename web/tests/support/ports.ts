const first = Number(process.env.ISKRA_PAGES_PORT ?? 4301);

/** Where the built pages are served while they are tested; another first port lets two checkouts be tested at once. */
export const ports = { pulse: first, seams: first + 1, voices: first + 2 };
