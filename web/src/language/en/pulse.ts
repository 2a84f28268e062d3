/** The Pulse page, in English. */
export const pulse = {};
