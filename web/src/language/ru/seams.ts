import type { seams as en } from "../en/seams";

/** The Seams page, in Russian. */
export const seams: typeof en = {};
