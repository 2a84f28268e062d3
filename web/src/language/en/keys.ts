/** The sheet of keys, in English. */
export const keys = {
  title: "Keyboard",
  sheet: "This list of keys",
  names: { " ": "Space", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc" } as Record<string, string>,
  search: "Choose a subject",
  language: "Next language",
  theme: "Next theme",
  page: (name: string) => `Go to ${name}`,
  range: (name: string) => `Show ${name}`,
  nextSubject: "Next subject",
  previousSubject: "Previous subject",
  wall: "Wall mode on or off",
  save: "Save what is seen",
};
