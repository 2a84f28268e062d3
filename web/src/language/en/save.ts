/** Saving what is seen, in English. */
export const save = {
  png: "A picture of what is seen now",
  csv: "The vitals of this time as a table",
  json: "Vitals, events, alerts and the present state of this time",
};
