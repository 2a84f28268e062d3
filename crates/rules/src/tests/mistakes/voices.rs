fn refused(from: &str, to: &str) -> String {
    super::refused("voices-triggers.yml", from, to)
}

#[test]
fn a_voice_that_is_missing_or_unknown() {
    insta::assert_snapshot!(refused("  hundun:", "  hundum:"), @r"
    voices-triggers.yml:92:3: unknown field `hundum`
       92 |   hundum:
          |   ^^^^^^
          = hint: did you mean `hundun`?
    ");
    let text = crate::files::shipped("voices-triggers.yml");
    let (before, rest) = text.split_once("  hundun:\n").unwrap();
    let (_, after) = rest.split_once("  iskriv:\n").unwrap();
    insta::assert_snapshot!(super::refused_text("voices-triggers.yml", &format!("{before}  iskriv:\n{after}")), @r"
    voices-triggers.yml:12:3: missing voice `hundun`
       12 |   kayn:
          |   ^
          = hint: add `hundun:`; all seven are needed, one with `triggers: []` is never heard
    ");
}

#[test]
fn how_a_voice_looks_and_sounds() {
    insta::assert_snapshot!(refused("\"#e5484d\"", "\"#e5484\""), @r##"
    voices-triggers.yml:15:13: `#e5484` is no colour
       15 |     colour: "#e5484"
          |             ^^^^^^^^
          = hint: write one like "#e5484d" or crimson
    "##);
    insta::assert_snapshot!(refused("\"#e5484d\"", "'red; background: url(x)'"), @r##"
    voices-triggers.yml:15:13: `red; background: url(x)` is no colour
       15 |     colour: 'red; background: url(x)'
          |             ^^^^^^^^^^^^^^^^^^^^^^^^^
          = hint: write one like "#e5484d" or crimson
    "##);
    insta::assert_snapshot!(refused("pitch: 440", "pitch: 4"), @r"
    voices-triggers.yml:16:12: the pitch is 4
       16 |     pitch: 4
          |            ^
          = hint: from 20 to 20000
    ");
    insta::assert_snapshot!(refused("waveform: triangle", "waveform: triangel"), @r#"
    voices-triggers.yml:57:15: expected a waveform, found the text "triangel"
       57 |     waveform: triangel
          |               ^^^^^^^^
          = hint: did you mean `triangle`?
    "#);
    insta::assert_snapshot!(refused("rank: 3", "rank: 0"), @r"
    voices-triggers.yml:38:11: the rank is 0
       38 |     rank: 0
          |           ^
          = hint: a whole number from 1 to 9
    ");
    insta::assert_snapshot!(refused("rank: 3", "rank: 1.5"), @r"
    voices-triggers.yml:38:11: the rank is 1.5
       38 |     rank: 1.5
          |           ^^^
          = hint: a whole number from 1 to 9
    ");
}

#[test]
fn a_trigger_that_can_never_hold() {
    insta::assert_snapshot!(refused("chaos > 0.7 and truth_violations > 0", "chaos > 1.2 and truth_violations > 0"), @r"
    voices-triggers.yml:20:15: this can never hold
       20 |       - when: chaos > 1.2 and truth_violations > 0
          |               ^^^^^^^^^^^
          = hint: `chaos` lies between 0 and 1
    ");
    insta::assert_snapshot!(refused("0.4 < chaos < 0.7", "0.7 < chaos < 0.4"), @r"
    voices-triggers.yml:40:15: this can never hold
       40 |       - when: 0.7 < chaos < 0.4 and clarity > 0.7
          |               ^^^^^^^^^^^^^^^^^
          = hint: its parts contradict each other
    ");
}

#[test]
fn a_trigger_that_makes_its_voice_stand_down() {
    insta::assert_snapshot!(refused("when: 0.4 < chaos < 0.7 and clarity > 0.7", "when: chaos > 0.85 and clarity > 0.7"), @r"
    voices-triggers.yml:40:15: whenever this holds `pino` stands down: it would never be activated
       40 |       - when: chaos > 0.85 and clarity > 0.7
          |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          = hint: stands_down is chaos > 0.8 or clarity < 0.6: let one of the two be narrower
    ");
    insta::assert_snapshot!(refused("when: ethical_violation_detected", "when: ethical_compliance"), @r"
    voices-triggers.yml:120:15: whenever this holds `iskriv` stands down: it would never be activated
      120 |       - when: ethical_compliance
          |               ^^^^^^^^^^^^^^^^^^
          = hint: stands_down is ethical_compliance: let one of the two be narrower
    ");
    // What is behind a derived flag counts too.
    insta::assert_snapshot!(refused("stands_down: chaos > 0.6 or", "stands_down: clarity > 0.9 or"), @r"
    voices-triggers.yml:105:15: whenever this holds `hundun` stands down: it would never be activated
      105 |       - when: rigidity_detected
          |               ^^^^^^^^^^^^^^^^^
          = hint: stands_down is clarity > 0.9 or system_chaos > 0.7: let one of the two be narrower
    ");
}

#[test]
fn times_words_and_texts() {
    insta::assert_snapshot!(refused("cooldown: 5m", "cooldown: 25h"), @r"
    voices-triggers.yml:22:19: 1d1h is longer than 1d
       22 |         cooldown: 25h
          |                   ^^^
          = hint: 1d is the most
    ");
    insta::assert_snapshot!(refused("expiry: 10m", "expiry: 0s"), @r"
    voices-triggers.yml:5:9: 0s is shorter than 1s
        5 | expiry: 0s
          |         ^^
          = hint: 1s is the least
    ");
    insta::assert_snapshot!(refused("        urgency: critical", "        urgency: urgent"), @r#"
    voices-triggers.yml:121:18: expected an urgency, found the text "urgent"
      121 |         urgency: urgent
          |                  ^^^^^^
          = hint: known are critical, high, medium
    "#);
    insta::assert_snapshot!(refused("response: request_verification", "response: Request verification"), @r"
    voices-triggers.yml:23:19: `Request verification` is no name
       23 |         response: Request verification
          |                   ^^^^^^^^^^^^^^^^^^^^
          = hint: a-z, 0-9 and _, beginning with a letter, at most 64 of them
    ");
    insta::assert_snapshot!(refused("says: { en: time to check what is true,", "says: { en: '',"), @r#"
    voices-triggers.yml:24:21: this text is empty
       24 |         says: { en: '', ru: "пора проверить, что здесь правда" }
          |                     ^^
    "#);
}

#[test]
fn pairs_that_are_none() {
    insta::assert_snapshot!(refused("[kayn, pino],", "[kayn, kayn],"), @r"
    voices-triggers.yml:154:15: a pair needs two different voices
      154 |   conflicts: [[kayn, kayn], [sam, hundun], [iskriv, hundun], [anhantra, hundun]]
          |               ^
          = hint: like [kayn, pino]
    ");
    insta::assert_snapshot!(refused("[kayn, pino],", "[kayn],"), @r"
    voices-triggers.yml:154:15: a pair needs two voices, found 1
      154 |   conflicts: [[kayn], [sam, hundun], [iskriv, hundun], [anhantra, hundun]]
          |               ^
          = hint: like [kayn, pino]
    ");
    insta::assert_snapshot!(refused("[kayn, pino],", "[kayn, pinno],"), @r#"
    voices-triggers.yml:154:22: expected a voice, found the text "pinno"
      154 |   conflicts: [[kayn, pinno], [sam, hundun], [iskriv, hundun], [anhantra, hundun]]
          |                      ^^^^^
          = hint: did you mean `pino`?
    "#);
    insta::assert_snapshot!(refused("[kayn, pino],", "[anhantra, kayn],"), @r"
    voices-triggers.yml:155:63: kayn and anhantra are a pair already
      155 |   synergies: [[pino, hundun], [sam, kayn], [anhantra, iskra], [kayn, anhantra], [sam, iskra]]
          |                                                               ^
          = hint: two voices either strengthen or hinder each other, once
    ");
    insta::assert_snapshot!(refused("conflict_hysteresis: 0.05", "conflict_hysteresis: 0.7"), @r"
    voices-triggers.yml:157:24: a conflict that begins at 0.7 would never be over
      157 |   conflict_hysteresis: 0.7   # and is over so far below it
          |                        ^^^
          = hint: it is over so far below: choose less, e.g. 0.05
    ");
    insta::assert_snapshot!(refused("multiple_from: 2", "multiple_from: 7"), @r"
    voices-triggers.yml:159:18: multiple_from is 7
      159 |   multiple_from: 7            # multiple_voices_active: so many besides the integrator
          |                  ^
          = hint: a whole number from 2 to 6
    ");
}

#[test]
fn symbols_and_tones() {
    insta::assert_snapshot!(refused("in_a_row: 2", "in_a_row: 4"), @r"
    voices-triggers.yml:189:15: in_a_row is 4
      189 |     in_a_row: 4
          |               ^
          = hint: a whole number from 1 to 3
    ");
    insta::assert_snapshot!(refused("an_hour: 4", "an_hour: 0"), @r"
    voices-triggers.yml:190:14: an_hour is 0
      190 |     an_hour: 0
          |              ^
          = hint: a whole number from 1 to 60
    ");
    insta::assert_snapshot!(refused("glyph: \"☉\"", "glyph: completion"), @r"
    voices-triggers.yml:217:12: this glyph is too long
      217 |     glyph: completion
          |            ^^^^^^^^^^
          = hint: one or two signs, like ∆ or 🕯️
    ");
    insta::assert_snapshot!(refused("  anti_echo:", "  anti-echo:"), @r"
    voices-triggers.yml:210:3: `anti-echo` is no name
      210 |   anti-echo:
          |   ^^^^^^^^^
          = hint: a-z, 0-9 and _, beginning with a letter, at most 64 of them
    ");
    insta::assert_snapshot!(refused("  creative:", "  recovery:"), @r"
    voices-triggers.yml:251:3: `recovery` is there twice
      251 |   recovery:
          |   ^^^^^^^^
          = hint: keep one of the two
    ");
    insta::assert_snapshot!(refused("  creative:", "  neutral:"), @r"
    voices-triggers.yml:247:3: `neutral` is what is left when no tone holds
      247 |   neutral:
          |   ^^^^^^^
          = hint: choose another name for this one
    ");
    insta::assert_snapshot!(refused("or pino_leads", "or pino_lead"), @r"
    voices-triggers.yml:249:26: unknown signal `pino_lead`
      249 |     when: chaos > 0.7 or pino_lead
          |                          ^^^^^^^^^
          = hint: did you mean `pino_leads`?
    ");
}
