import type { pulse as en } from "../en/pulse";

/** The Pulse page, in Russian. */
export const pulse: typeof en = {};
