/** What Iskra did by itself, in English. */
export const deeds = {
  title: "What Iskra did",
  none: "Nothing in this time.",
  loading: "Loading",
  known: "",
  missing: "Not known: the service did not tell. Trying again.",
  held: "What it held back",
  noneHeld: "Nothing in this time.",
  presentOnly: "Known of the present only.",
  why: {
    cooldown: "done shortly before",
    budget: "done as often as is allowed within an hour",
    exclusive: "would work against what was just done",
    veto: "an ethical violation stands",
    switched_off: "actions are switched off",
    echo: "too often in a row: another voice takes the turn",
  } as Record<string, string>,
  until: (left: string) => `(possible again in ${left})`,
};
