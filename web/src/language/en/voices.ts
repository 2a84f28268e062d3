const list = (names: readonly string[]) => new Intl.ListFormat("en").format(names);

/** The Voices page, in English. */
export const voices = {
  polyphony: "Polyphony",
  score: "Score",
  leads: (leader: string, others: readonly string[]) =>
    others.length === 0 ? `${leader} leads` : `${leader} leads, with ${list(others)}`,
  speak: (names: readonly string[]) => (names.length === 1 ? `${names[0]} speaks` : `${list(names)} speak`),
  quiet: "All voices are quiet",
  unheard: "Nothing has been heard of the voices yet",
  moods: { resting: "rests", listening: "listens", engaged: "speaks", leading: "leads", waiting: "waits" },
  harmony: "harmony",
  synthesis: "synthesis",
  readiness: "Synthesis readiness",
  activity: "activity",
  energy: "energy",
  never: "has not spoken yet",
  lastActive: (time: string, age: string) => `spoke until ${time}, ${age} ago`,
  rests: (left: string) => `rests for ${left} more`,
  restsUnlessUrgent: (left: string) => `rests for ${left} more, unless it becomes more urgent`,
  alone: "Nobody disagrees, and nobody strengthens another.",
  conflict: (one: string, other: string) => `${one} and ${other} disagree`,
  conflictLed: (leads: string, waits: string) => `${leads} and ${waits} disagree: ${leads} leads, ${waits} waits`,
  conflictMediated: (one: string, other: string, mediates: string) =>
    `${one} and ${other} disagree: ${mediates} mediates`,
  together: (one: string, other: string) => `${one} and ${other} strengthen each other`,
  order: "Order",
  orders: { rank: "by rank", activity: "by activity" },
  symbols: "Symbols",
  noSymbols: "No symbol was performed in this time.",
  sound: "Sound",
  volume: "Volume",
  quietBecause: {
    frozen: "Quiet: the connection is lost",
    paused: "Quiet: time stands still",
    fast: "Quiet: faster than ×10",
    hidden: "Quiet: nobody looks",
  },
};
