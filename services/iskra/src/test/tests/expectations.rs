//! Every key can fail: what is expected stands beside what was.

use super::*;

const CALM: &str = "{ at: 0s, clarity: 0.75, chaos: 0.35, trust: 0.75, pain: 0.30 }";
/// Nearly everything happens: Pino leads, then Kayn disagrees, a crisis, an emergency.
const STORM: &str = "{ at: 0s, clarity: 0.75, chaos: 0.50, trust: 0.75, pain: 0.30 }, \
    { at: 10s, chaos: 0.78, trust: 0.40, pain: 0.75, signals: { truth_violations: 1 } }";

fn fails(samples: &str, expect: &str) -> bool {
    report(&test(samples, expect)).counts() == (0, 1)
}

fn passes(samples: &str, expect: &str) -> bool {
    report(&test(samples, expect)).counts() == (1, 0)
}

#[test]
fn each_key_passes_with_what_is_so_and_fails_with_anything_else() {
    let rows = [
        ("levels: { pain: BLOCK }", "levels: { pain: OK }"),
        ("levels: { pain: BLOCK P0 high }", "levels: { pain: BLOCK P1 high }"),
        ("light: red", "light: yellow"),
        ("alerts: [pain_critical_high@1, trust_critical_low]", "alerts: [pain_critical_high]"),
        ("alerts: [trust_critical_low, pain_critical_high]", "alerts: [pain_critical_high@2, trust_critical_low]"),
        (
            "told: [pain_critical_high to DevOps Lead by slack and pagerduty, trust_critical_low]",
            "told: [pain_critical_high to SRE, trust_critical_low]",
        ),
        ("signals: { rigidity_detected: false }", "signals: { rigidity_detected: true }"),
        (
            "voices: [kayn by kayn.1 to request_verification, pino, anhantra, iskra]",
            "voices: [kayn by kayn.2, pino, anhantra, iskra]",
        ),
        ("leader: kayn", "leader: none"),
        ("moods: { pino: waiting }", "moods: { pino: engaged }"),
        ("activity: { kayn: 0.7..0.8 }", "activity: { kayn: 0.8..0.9 }"),
        ("conflicts: [pino-kayn led by kayn]", "conflicts: []"),
        ("synergies: [kayn-anhantra]", "synergies: []"),
        ("harmony: 0.2..0.6", "harmony: 0.9..1"),
        ("readiness: 0.1..0.5", "readiness: 0"),
        ("strengths: { kayn-anhantra: 0.92, kayn-pino: 0.72 }", "strengths: { kayn-pino: 0.9..1 }"),
        ("actions: [activate_anhantra_empathy, emergency_recovery as dry_run]", "actions: []"),
        (
            "actions: [activate_anhantra_empathy at P1, emergency_recovery as dry_run at P0]",
            "actions: [activate_anhantra_empathy at P0, emergency_recovery]",
        ),
        (
            "reasons: { pause: 'Chaos 0.78 above 0.70: a pause before the next step', emergency_recovery: \
                'Боль 0,75 выше 0,60: останавливаем эксперименты и открываем инцидент' }",
            "reasons: { pause: 'Chaos 0.78 above 0.70' }",
        ),
        ("suppressed: { emergency_recovery: none }", "suppressed: { emergency_recovery: cooldown }"),
        ("tone: defensive by iskriv", "tone: creative"),
        ("state: CREATIVE_TENSION", "state: CRISIS_MODE"),
    ];
    for (right, wrong) in rows {
        let right = format!("{{ at: 9s, light: green }}, {{ at: 10s, {right} }}");
        let wrong = format!("{{ at: 9s, light: green }}, {{ at: 10s, {wrong} }}");
        assert!(passes(STORM, &right), "{}", report(&test(STORM, &right)));
        assert!(fails(STORM, &wrong), "{wrong}");
    }
    let symbols = "{ at: 10s, symbols: [pause, depth, acknowledgement, sincerity] }";
    assert!(passes(STORM, &format!("{{ at: 9s, light: green }}, {symbols}")), "{}", report(&test(STORM, symbols)));
    assert!(fails(STORM, symbols), "the threshold of the first state belongs to it too");
    assert!(passes(STORM, "{ at: 10s, seams: [UNKNOWN->CREATIVE_TENSION as insight] }"));
    assert!(fails(STORM, "{ at: 10s, seams: [UNKNOWN -> CREATIVE_TENSION as bridge] }"));
    let chaos = "{ at: 0s, clarity: 0.75, chaos: 0.90, trust: 0.75, pain: 0.30 }";
    assert!(passes(chaos, "{ at: 0s, parameters: { hold_back_seconds: 300 } }"));
    assert!(fails(chaos, "{ at: 0s, parameters: { hold_back_seconds: 301 } }"));
    assert!(fails(chaos, "{ at: 0s, parameters: { intensity: 3 } }"), "nothing asked for that");
    let seam =
        "seam: { took: 5, intensity: 0.318, velocity: 0.064, confidence: 1, pain_before: 0.3, pain_after: 0.75 }";
    assert!(passes(
        STORM,
        &format!("{{ at: 15s, {seam}, voices_before: [pino], voices_after: [pino, kayn, anhantra, iskra] }}")
    ));
    for wrong in ["seam: { took: 2 }", "seam: { pain_after: 0.3 }", "voices_before: []", "voices_after: [kayn]"] {
        assert!(fails(STORM, &format!("{{ at: 15s, {wrong} }}")), "{wrong}");
    }
    assert!(passes(CALM, "{ at: 10s, bifurcations: [] }"));
    assert!(fails(CALM, "{ at: 10s, bifurcations: [BALANCED or CRISIS_MODE] }"));
}

#[test]
fn what_happened_before_an_expectation_is_not_asked_of_the_next() {
    let pain = "{ at: 0s, pain: 0.90 }";
    assert!(passes(pain, "{ at: 0s, told: [pain_critical_high] }, { at: 1s, told: [] }"));
    assert!(passes(pain, "{ at: 0s, light: red }, { at: 1s, told: [] }"));
    assert!(passes(pain, "{ at: 1s, told: [pain_critical_high] }"));
}

#[test]
fn a_level_is_stale_only_where_it_is_said() {
    let pain = "{ at: 0s, pain: 0.30, once: true }";
    assert!(passes(pain, "{ at: 60s, levels: { pain: OK stale } }"));
    assert!(fails(pain, "{ at: 60s, levels: { pain: OK } }"));
    assert!(fails(pain, "{ at: 59s, levels: { pain: OK stale } }"));
}

#[test]
fn acknowledging_needs_an_alert_that_fires() {
    let text = format!("{}    commands: [{{ at: 1s, acknowledge: stale }}]\n", test(CALM, "{ at: 2s, light: green }"));
    let report = report(&text);
    assert_eq!(report.counts(), (0, 1));
    assert!(report.to_string().contains("expected  stale to fire"), "{report}");
}

#[test]
fn a_test_on_other_days_sees_their_windows() {
    let text = test("{ at: 0s, pain: 0.30, once: true }", "{ at: 60s, told: [] }");
    assert_eq!(report(&text).counts(), (0, 1));
    let sunday = text.replace("    samples:", "    start: 2026-01-04T02:00:00Z\n    samples:");
    assert_eq!(report(&sunday).counts(), (1, 0));
}
