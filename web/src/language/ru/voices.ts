import type { voices as en } from "../en/voices";

/** The Voices page, in Russian. */
export const voices: typeof en = {};
