/** Logging in, and what one may do then, in English. */
export const access = {
  title: "Log in",
  leads: {
    first: "Log in with your token.",
    ended: "Your session has ended. Log in, and this page goes on where it was.",
    unreadable: "Your token may not read. Log in with one that has the scope “read”.",
  },
  token: "Token",
  logIn: "Log in",
  sending: "Logging in",
  waiting: (time: string) => `Wait ${time}`,
  refused: {
    wrong: "This token is not accepted: it may be mistyped, expired or revoked.",
    unreadable: "This token may not read, and pages do little else: it needs the scope “read”.",
    away: "The service does not answer. Try again in a moment.",
    many: (time: string) => `Too many attempts from your address. Try again in ${time}.`,
    other: (detail: string) => `The service did not let you in: ${detail}`,
  },
  about: {
    title: "What is a token?",
    what: "A text that begins with iskra_. It says who you are and what you may do; keep it as you keep a password.",
    how: "Who runs this suite makes one for you, with this command. It is shown once.",
    command: "A command that makes a token",
  },
  who: "Who is logged in",
  until: (name: string, time: string) => `${name}, logged in until ${time}`,
  looks: "read only",
  cannotOperate: "You may look only: this needs a token with the scope “operate”.",
  logOut: "Log out",
  logOutFailed: "Not logged out: try again",
  inYourName: (name: string) => `In your name: ${name}`,
  sendAgain: "your session had ended. You are logged in again: send it once more",
};
