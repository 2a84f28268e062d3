import { useState } from "preact/hooks";
import { fetchExplanation } from "../api";
import { inLanguage, words } from "../language/language";
import type { RuleNow as Rule } from "../protocol";
import type { Moment } from "./moments";

/** How the rule that led to this stands now: why it holds or does not, and what holds it back. */
export function RuleNow({ subject, moment }: { subject: string; moment: Moment }) {
  const text = words.value.happenings;
  const [rules, setRules] = useState<Rule[] | "missing">();
  const rule = ruleOf(moment);
  if (rule === undefined) return null;
  const ask = (event: Event) => {
    if (!(event.currentTarget as HTMLDetailsElement).open) return;
    fetchExplanation(subject, rule).then(setRules, () => setRules("missing"));
  };
  return (
    <details class="rule-now" onToggle={ask}>
      <summary>{text.explain}</summary>
      {rules === "missing" && <p role="alert">{words.value.alerts.noAnswer}</p>}
      {Array.isArray(rules) && (
        <ul>
          {rules.map((each) => (
            <li key={`${each.kind} ${each.rule}`}>
              <code>{each.rule}</code> {inLanguage(each.why)}
              {each.state && <p>{inLanguage(each.state)}</p>}
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

/** The rule that led to it, as explanations name it; nothing for what no single rule decides. */
function ruleOf({ alert, event }: Moment): string | undefined {
  if (alert) return alert.rule;
  switch (event?.kind) {
    case "voice":
      return event.voice;
    case "action":
      return event.action.action;
    case "symbol":
      return event.symbol;
    case "tone":
      return event.tone.tone;
    case "seam":
      return event.seam.to;
    case "signal":
      return event.signal;
    default:
      return undefined;
  }
}
