/** The demonstration for newcomers, in English. */
export const guide = {
  title: "First steps",
  offer: "Or see it first: a simulated agent falls ill and recovers, in less than two minutes. Nobody outside is told.",
  begin: "Try it",
  beginning: "It begins",
  show: "Show it",
  tryOnPulse: "Try it on Pulse, with a simulated agent",
  refused: {
    runs: "It runs already.",
    busy: "Several experiments run already. Try again when one of them is over.",
    never: "This service runs no experiments.",
    other: "It could not begin. Try again in a moment.",
  },
  steps: {
    begins: "A simulated agent is well: its four vitals lie within their bands.",
    stirred:
      "A little chaos is injected, to see how the agent takes it: it stays within its bands, and voices wake up.",
    worsens:
      "It gets worse. A vital left its band, and the light at the top has changed. Iskra waits to see whether it lasts.",
    paged:
      "It lasts, so an alert fired: the value, the reason, what to do, and who is told next. You can acknowledge it.",
    recovers: "It recovers, and the alert is over. What happened was kept as a record.",
    over: "That was all. The records say what changed, on what evidence, how sure that is, and what comes next.",
  },
  toInbox: "To the alert",
  openAlert: "The alert and its record",
  openExperiment: "The experiment and its record",
};
