import type { Voice } from "../protocol";
import { voiceRule } from "../rules/rules";

/** The colour of a voice as the rules give it. The style sheet darkens it where the page is light. */
export function hueOf(voice: Voice): string | undefined {
  return voiceRule(voice)?.colour;
}
