/** The Seams page, in English. */
export const seams = {};
