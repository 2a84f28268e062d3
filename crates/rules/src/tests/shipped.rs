//! That the shipped files say what they should.

use std::time::Duration;

use domain::{Priority, Text, Vital, Voice};
use yaml_file::write_duration;

use crate::{Burn, Rules, VoiceRule};

fn lines<T>(items: impl IntoIterator<Item = T>, write: impl FnMut(T) -> String) -> String {
    items.into_iter().map(write).collect::<Vec<_>>().join("\n")
}

#[test]
fn objectives_are_as_they_should_be() {
    let objectives = Rules::built_in().objectives;
    assert_eq!((objectives.shares, objectives.measured), ([0.99; 4], 0.5));
    assert_eq!(objectives.period, Duration::from_secs(30 * 86_400));
    let burn = |burn: &Burn| {
        let [long, short] = [burn.long, burn.short].map(write_duration);
        format!("{} {} {} over {long} and {short}, {}", burn.id, burn.alert, burn.factor, burn.priority.name())
    };
    insta::assert_snapshot!(lines(&objectives.burns, burn), @r"
    burn_1h Burn1h 14.4 over 1h and 5m, P1
    burn_6h Burn6h 6 over 6h and 30m, P1
    burn_1d Burn1d 3 over 1d and 2h, P2
    burn_3d Burn3d 1 over 3d and 6h, P2
    ");
}

#[test]
fn the_names_are_as_they_should_be() {
    let signals = Rules::built_in().signals;
    let vitals = Vital::ALL.map(|vital| signals.vocabulary.get(vital.name()).unwrap().0.index());
    assert_eq!(vitals, Vital::ALL.map(Vital::index));
    for voice in Voice::ALL {
        let slots = [signals.engine.active(voice), signals.engine.leads(voice)];
        let names = slots.map(|slot| signals.vocabulary.name(slot).to_owned());
        assert_eq!(names, ["active", "leads"].map(|what| format!("{}_{what}", voice.name())));
    }
    let names = (0..signals.vocabulary.len()).map(|slot| conditions::Slot(u16::try_from(slot).unwrap()));
    let names: Vec<&str> = names.map(|slot| signals.vocabulary.name(slot)).collect();
    insta::assert_snapshot!(names.join(" "), @r"clarity chaos trust pain all_vitals_ok state_transition experiment_injects conflict_detected multiple_voices_active kayn_active pino_active sam_active anhantra_active hundun_active iskriv_active iskra_active kayn_leads pino_leads sam_leads anhantra_leads hundun_leads iskriv_leads iskra_leads harmony synthesis_readiness stagnation_detected stagnation_duration rigidity_detected ethical_violation_stands ethical_violation_now ethical_compliance synthesis_completed truth_violations accuracy needs_organization complexity structure_score ethical_violation_detected decision_impact_score system_chaos drift chaos_injection");
    let produced = signals.produced.iter().map(|(name, slot)| {
        assert_eq!(signals.vocabulary.get(name).unwrap().0, *slot);
        name
    });
    assert!(produced.is_sorted(), "a sample's signals are found by halving");
    insta::assert_snapshot!(lines(&signals.derived, |derived| {
        let [hold, keep] = [derived.hold, derived.keep].map(write_duration);
        let duration = derived.duration.map_or("nothing", |slot| signals.vocabulary.name(slot));
        format!("{}: {} for {hold}, kept {keep}, told {}, {duration}", derived.name, derived.when, derived.is_told)
    }), @r"
    stagnation_detected: clarity > 0.85 and chaos < 0.2 for 15m, kept 0s, told true, stagnation_duration
    rigidity_detected: clarity >= 0.95 for 0s, kept 0s, told true, nothing
    ethical_violation_stands: ethical_violation_detected for 0s, kept 2m, told true, nothing
    ethical_violation_now: ethical_violation_detected for 0s, kept 0s, told false, nothing
    ethical_compliance: iskriv_active and not ethical_violation_now for 2m, kept 0s, told false, nothing
    synthesis_completed: all_vitals_ok and iskra_active for 1m, kept 0s, told true, nothing
    ");
}

#[test]
fn voices_are_as_they_should_be() {
    let voices = Rules::built_in().voices;
    assert_eq!(voices.voices.each_ref().map(|rule| rule.voice), Voice::ALL);
    let voice = |rule: &VoiceRule| {
        let mut text = format!(
            "{} {} {:?}, {} Hz {}, rank {}, until {}",
            rule.voice.name(),
            rule.name.ru,
            rule.archetype.en,
            rule.pitch_hertz,
            rule.waveform,
            rule.rank,
            rule.stands_down
        );
        for trigger in &rule.triggers {
            let cooldown = write_duration(trigger.cooldown);
            let (id, when, urgency, response) = (&trigger.id, &trigger.when, trigger.urgency, &trigger.response);
            text.push_str(&format!("\n  {id} {when} ({urgency:?}; {cooldown}): {response}, {:?}", trigger.says.en));
        }
        text
    };
    insta::assert_snapshot!(lines(&voices.voices, voice), @r#"
    kayn Кайн "truth seeker", 440 Hz sine, rank 1, until chaos < 0.4 and accuracy > 0.9
      kayn.1 chaos > 0.7 and truth_violations > 0 (High; 5m): request_verification, "time to check what is true"
      kayn.2 trust < 0.5 and accuracy < 0.8 (Medium; 3m): flag_inconsistency, "contradictions are named"
    pino Пино "playful creator", 523.25 Hz sawtooth, rank 3, until chaos > 0.8 or clarity < 0.6
      pino.1 0.4 < chaos < 0.7 and clarity > 0.7 (High; 4m): suggest_experiments, "time for experiments"
      pino.2 stagnation_detected (Medium; 3m): increase_creativity, "play begins"
    sam Сэм "structure builder", 392 Hz triangle, rank 2, until clarity > 0.85 and structure_score > 0.8
      sam.1 clarity < 0.7 and complexity > 0.6 (High; 5m): create_framework, "a framework is needed"
      sam.2 chaos > 0.7 and needs_organization (Medium; 3m20s): organize_data, "time to bring order"
    anhantra Анхантра "empathetic wise one", 349.23 Hz sine, rank 2, until trust > 0.8 and pain < 0.3
      anhantra.1 trust < 0.6 and pain > 0.4 (High; 6m): provide_empathy, "care comes first"
      anhantra.2 conflict_detected (Medium; 4m): mediate_conflict, "both sides are heard"
    hundun Хундун "chaos breaker", 466.16 Hz sine, rank 3, until chaos > 0.6 or system_chaos > 0.7
      hundun.1 chaos < 0.2 and stagnation_duration > 5m (High; 6m40s): introduce_chaos, "time to shake the standstill"
      hundun.2 rigidity_detected (Medium; 5m): break_patterns, "patterns are broken"
    iskriv Искрив "ethical guardian", 415.3 Hz sine, rank 1, until ethical_compliance
      iskriv.1 ethical_violation_detected (Critical; 10m): halt_process, "the process must stop"
      iskriv.2 decision_impact_score > 0.8 (High; 3m): require_ethics_review, "an ethics review is required"
    iskra Искра "synthesizer", 440 Hz sine, rank 4, until synthesis_completed
      iskra.1 synthesis_readiness > 0.8 (High; 8m20s): initiate_synthesis, "synthesis begins"
      iskra.2 multiple_voices_active (Medium; 5m): create_unified_output, "many voices become one answer"
    "#);
    let pairs = |pairs: &[[Voice; 2]]| lines(pairs, |[one, other]| format!("{}-{}", one.name(), other.name()));
    assert_eq!(pairs(&voices.polyphony.conflicts), "kayn-pino\nsam-hundun\niskriv-hundun\nanhantra-hundun");
    assert_eq!(pairs(&voices.polyphony.synergies), "pino-hundun\nsam-kayn\nanhantra-iskra\nkayn-anhantra\nsam-iskra");
    let rest = (voices.polyphony.conflict_from, voices.polyphony.synergy_above, voices.polyphony.multiple_from);
    assert_eq!((rest, voices.polyphony.integrator), ((0.7, 0.5, 2), Voice::Iskra));
    assert_eq!((voices.veto.voice, voices.veto.when.to_string().as_str()), (Voice::Iskriv, "ethical_violation_stands"));
    assert_eq!(voices.expiry, Duration::from_secs(600));
}

#[test]
fn symbols_and_tones_are_as_they_should_be() {
    let rules = Rules::built_in();
    insta::assert_snapshot!(lines(&rules.symbols, |symbol| {
        let (id, glyph, when, voice) = (&symbol.id, &symbol.glyph, &symbol.when, symbol.voice.name());
        format!("{glyph} {id}: {when}, {voice}, {} in a row, {:?} an hour", symbol.in_a_row, symbol.an_hour)
    }), @r"
    🕯️ depth: pain > 0.6 or trust < 0.6, anhantra, 3 in a row, None an hour
    ⏳ pause: chaos > 0.7 or clarity < 0.6, sam, 2 in a row, Some(4) an hour
    🧩 integration: clarity < 0.7, iskra, 3 in a row, Some(2) an hour
    ∆ acknowledgement: pain > 0.7, kayn, 3 in a row, None an hour
    ≈ threshold: state_transition, iskra, 3 in a row, None an hour
    📡 anti_echo: drift > 0.3, iskriv, 3 in a row, None an hour
    ☉ completion: clarity > 0.8 and trust > 0.7, iskra, 3 in a row, None an hour
    🃏 play: clarity > 0.8 and chaos < 0.4, pino, 3 in a row, Some(3) an hour
    🔥✴️ sincerity: trust < 0.6 or drift > 0.3, iskriv, 3 in a row, Some(5) an hour
    ");
    insta::assert_snapshot!(lines(&rules.tones, |tone| format!("{}: {}, {}", tone.id, tone.when, tone.voice.name())), @r"
    confessional: (trust < 0.5 or pain > 0.7) and clarity < 0.6, kayn
    defensive: trust < 0.5 or pain > 0.7, iskriv
    creative: chaos > 0.7 or pino_leads, pino
    recovery: clarity > 0.8 and trust > 0.7 and pain < 0.5, anhantra
    structuring: clarity < 0.7, sam
    ");
}

#[test]
fn actions_are_as_they_should_be() {
    let actions = Rules::built_in().actions;
    assert!(actions.is_enabled && actions.webhooks.is_empty());
    insta::assert_snapshot!(lines(&actions.list, |action| {
        let voices: Vec<_> = action.voices.iter().map(|voice| voice.name()).collect();
        let flags = [(action.reaches_outside, "outside"), (action.is_dry_run, "dry"), (action.obeys_veto, "veto")];
        let flags: Vec<_> = flags.into_iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| flag).collect();
        let (id, when, cooldown) = (&action.id, &action.when, write_duration(action.cooldown));
        let cooldown = match action.lasts == action.cooldown {
            true => cooldown,
            false => format!("{cooldown}, lasts {}", write_duration(action.lasts)),
        };
        let (an_hour, parameters) = (action.an_hour, &action.parameters);
        let experiments = action.experiments.map_or(String::new(), |does| format!(", {does:?} experiments"));
        format!("{id}: {when}, {}, {cooldown}, {an_hour} an hour {voices:?} {flags:?} {parameters:?}{experiments}", action.priority.name())
    }), @r#"
    activate_pino_hundun: clarity > 0.9, P1, 5m, 6 an hour ["pino", "hundun"] [] {}
    activate_sam_structure: clarity < 0.6, P1, 5m, 6 an hour ["sam"] [] {}
    stimulate_creative_chaos: chaos < 0.15, P0, 30m, lasts 5m, 2 an hour [] ["outside", "dry", "veto"] {"duration_seconds": 300.0, "intensity": 3.0}
    stabilize_system: chaos > 0.8, P0, 10m, lasts 5m, 6 an hour [] ["outside", "dry"] {"hold_back_seconds": 300.0}, Pause experiments
    activate_anhantra_empathy: trust < 0.5, P1, 5m, 6 an hour ["anhantra"] [] {}
    emergency_recovery: pain > 0.6, P0, 15m, 4 an hour ["anhantra", "kayn"] ["outside", "dry"] {}, Stop experiments
    "#);
    let groups = actions.exclusive.iter().map(|group| group.iter().map(|place| &*actions.list[*place].id));
    let groups: Vec<Vec<&str>> = groups.map(Iterator::collect).collect();
    assert_eq!(groups, [["stimulate_creative_chaos", "stabilize_system"]]);
}

#[test]
fn states_are_as_they_should_be() {
    let states = Rules::built_in().states;
    insta::assert_snapshot!(lines(&states.list, |state| {
        format!("{}: {}, into {:?}, out {:?}", state.id, state.when, state.into, state.out)
    }), @r"
    CRISIS_MODE: pain > 0.6 and trust < 0.5, into Conflict, out Some(Reset)
    CHAOTIC_STIMULATION: chaos_injection or experiment_injects, into Chaos, out None
    CHAOTIC_CREATION: chaos > 0.7 and clarity < 0.6, into Chaos, out None
    CRYSTALLIZATION: chaos < 0.2 and clarity > 0.8, into Pause, out None
    CREATIVE_INTEGRATION: 0.4 <= chaos <= 0.6 and clarity > 0.7 and trust > 0.8 and pain < 0.4, into Weave, out None
    HARMONIOUS_FLOW: trust > 0.8 and pain < 0.3, into Bridge, out None
    CREATIVE_TENSION: 0.4 < chaos < 0.6 and clarity > 0.7, into Insight, out None
    BALANCED: all_vitals_ok, into Bridge, out None
    ");
    assert_eq!((states.dwell, states.strong_from), (Duration::from_secs(5), 0.1));
    assert_eq!((states.bifurcation_reach, states.bifurcation_cooldown), (0.05, Duration::from_secs(60)));
}

#[test]
fn escalation_is_as_it_should_be() {
    let escalation = Rules::built_in().escalation;
    insta::assert_snapshot!(lines(Priority::ALL, |priority| {
        let steps = lines(escalation.chain(priority), |step| {
            let after = write_duration(Duration::from_secs(step.after_seconds));
            format!("  {after} {:?} {:?}", step.role, step.channels)
        });
        let timeout = write_duration(escalation.acknowledge_timeout(priority));
        format!("{}, acknowledged for {timeout}\n{steps}", priority.name())
    }), @r#"
    P0, acknowledged for 30m
      0s "DevOps Lead" [Slack, PagerDuty]
      5m "SRE" [Slack, PagerDuty]
      15m "Tech Lead" [Slack, PagerDuty, Email]
    P1, acknowledged for 2h
      0s "" [Slack]
      15m "SRE" [Slack, Email]
      1h "PM" [Slack, Email]
    P2, acknowledged for 1d
      0s "" []
      4h "PM" [Email]
    "#);
    let windows = escalation.maintenance.iter().chain(&escalation.chaos);
    insta::assert_snapshot!(lines(windows, |window| {
        let mutes: Vec<_> = window.mutes.iter().map(|priority| priority.name()).collect();
        format!("{} {} for {}: {mutes:?}", window.name.en, write_duration(window.begins), write_duration(window.lasts))
    }), @r#"
    Weekly maintenance 6d2h for 2h: ["P1", "P2"]
    Chaos window 2d14h for 2h: []
    "#);
    let is_production = |name: &str| escalation.is_production(&domain::Subject::new(name).unwrap());
    let anytime: Vec<&str> = escalation.anytime.iter().map(|pattern| pattern.name.as_str()).collect();
    assert_eq!(anytime, ["demo", "lab", "lab-"]);
    assert_eq!(["demo", "lab", "lab-", "lab-7"].map(is_production), [false; 4]);
    assert_eq!(["agent-7", "demo-7", "demonstration", "labour", "my-lab"].map(is_production), [true; 5]);
}

#[test]
fn every_further_text_is_there_in_both_languages() {
    let rules = Rules::built_in();
    let mut texts: Vec<&Text> = vec![&rules.neutral, &rules.states.unknown, &rules.voices.veto.reason];
    texts.extend(rules.objectives.burns.iter().flat_map(|burn| [&burn.reason, &burn.recommendation]));
    texts.extend(rules.signals.derived.iter().map(|derived| &derived.title).chain(rules.signals.titles.values()));
    let voices = &rules.voices.voices;
    texts.extend(voices.iter().flat_map(|voice| [&voice.name, &voice.archetype]));
    texts.extend(voices.iter().flat_map(|voice| &voice.triggers).map(|trigger| &trigger.says));
    texts.extend(
        rules
            .symbols
            .iter()
            .flat_map(|symbol| [&symbol.name, &symbol.says])
            .chain(rules.tones.iter().map(|tone| &tone.name)),
    );
    texts.extend(rules.actions.list.iter().flat_map(|action| [&action.name, &action.does, &action.says]));
    texts.extend(rules.states.list.iter().map(|state| &state.name));
    texts.extend(rules.escalation.maintenance.iter().chain(&rules.escalation.chaos).map(|window| &window.name));
    assert!(texts.len() > 70);
    for text in texts {
        let is_cyrillic = |c: char| ('а'..='я').contains(&c) || ('А'..='Я').contains(&c);
        assert!(text.ru.contains(is_cyrillic) && !text.ru.contains(|c: char| c.is_ascii_alphabetic()), "{}", text.ru);
        assert!(text.en.contains(|c: char| c.is_ascii_alphabetic()) && !text.en.contains(is_cyrillic), "{}", text.en);
        assert_eq!(text.en.ends_with('.'), text.ru.ends_with('.'), "{} {}", text.en, text.ru);
    }
}
