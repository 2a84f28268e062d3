/** The Voices page, in English. */
export const voices = {};
