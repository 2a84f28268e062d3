/** Silences, in English. */
export const silences = {
  title: "Silences in force",
  ask: "Silence",
  askOf: (summary: string) => `Silence: ${summary}`,
  what: "What",
  rule: (rule: string) => `the rule ${rule}`,
  whole: (subject: string) => `everything about ${subject}`,
  lasts: "For how long",
  lengths: { "30m": "30 minutes", "1h": "1 hour", "4h": "4 hours", "1d": "1 day", "7d": "7 days" },
  confirm: "Silence it",
  recorded: "Recorded. Nobody is told of it meanwhile; its end is told all the same.",
  failed: (reason: string) => `Not silenced: ${reason}`,
  silenced: (what: string) => `Muted: ${what}.`,
  end: "End it",
  endOf: (what: string) => `End the silence: ${what}`,
  endFailed: "Not ended: try again",
};
