/** Who is told of an alert, in English. */
export const climb = {
  label: "Who is told",
  shown: "Inbox",
  channels: { slack: "Slack", pagerduty: "PagerDuty", email: "email" } as Record<string, string>,
  next: (role: string, left: string, ways: string) => `Next: ${role} in ${left}${ways && ` by ${ways}`}`,
  would: (role: string, left: string) => `${role} would be next, in ${left}`,
  due: (role: string) => `Next: ${role}, now or when a maintenance window ends`,
  top: "The whole chain was told",
  acknowledged: "Nobody else is told: somebody has it",
  acknowledgedUntil: (time: string) => `Nobody else is told until ${time}: somebody has it`,
  held: (role: string) => `Nobody was told yet; then first: ${role}`,
};
