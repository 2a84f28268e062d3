//! All fields of the rules, so that none is forgotten: whoever adds one finds that this does not compile any more, and
//! says here whether the tests of coverage change it, or why not.

use domain::EscalationStep;
use rules::{
    ActionRule, Actions, Band, Burn, Derived, Edge, EscalationRules, Objectives, Polyphony, Rules, Signals, Staleness,
    StateRule, States, Symbol, Tone, Trigger, Veto, VoiceRule, Voices, Webhook, Window,
};

#[test]
fn every_field_is_changed_or_it_is_said_why_not() {
    let _ =
        (rules as fn(_), bands as fn(_, _, _), escalation as fn(_, _, _), objectives as fn(_, _), signals as fn(_, _));
    let _ =
        (voices as fn(_, _, _), chorus as fn(_, _), rituals as fn(_, _), actions as fn(_, _, _), states as fn(_, _));
}

#[rustfmt::skip]
fn rules(
    Rules {
        // Changed.
        bands: _, staleness: _, minimum_hold: _, objectives: _, signals: _, voices: _, actions: _, symbols: _, tones: _,
        states: _, escalation: _,
        // Shown.
        neutral: _,
        // Worked out from the rest.
        hash: _,
    }: Rules,
) {}

#[rustfmt::skip]
fn bands(
    Band {
        // Changed.
        hysteresis: _, cooldown: _, edges: _,
        // Shown: the optimum and the target are drawn.
        vital: _, name: _, optimum: _, target: _,
    }: Band,
    Edge {
        // Changed.
        at: _, inclusive: _, hold: _, keep_firing: _,
        // The place of the edge in its band: to be without it is the change.
        side: _, priority: _,
        // Shown.
        rule: _, alert: _, reason: _, recommendation: _,
    }: Edge,
    Staleness {
        // Changed.
        after: _, priority: _,
        // Shown.
        reason: _, recommendation: _,
    }: Staleness,
) {}

#[rustfmt::skip]
fn escalation(
    EscalationRules {
        // Changed.
        chains: _, acknowledge_timeouts: _, maintenance: _, chaos: _, anytime: _,
    }: EscalationRules,
    // Changed.
    EscalationStep { role: _, after_seconds: _, channels: _ }: EscalationStep,
    Window {
        // Changed.
        begins: _, lasts: _, mutes: _,
        // Shown.
        name: _,
    }: Window,
) {}

#[rustfmt::skip]
fn objectives(
    // Changed.
    Objectives { shares: _, period: _, measured: _, burns: _ }: Objectives,
    Burn {
        // Changed.
        factor: _, long: _, short: _, priority: _,
        // Shown.
        id: _, alert: _, reason: _, recommendation: _,
    }: Burn,
) {}

#[rustfmt::skip]
fn signals(
    Signals {
        // Changed.
        derived: _,
        // Names and places: conditions are read with them.
        vocabulary: _, engine: _, produced: _,
        // Shown.
        titles: _,
    }: Signals,
    Derived {
        // Changed.
        duration: _, when: _, hold: _, keep: _, is_told: _,
        // Its name and place.
        name: _, slot: _,
        // Shown.
        title: _,
    }: Derived,
) {}

#[rustfmt::skip]
fn voices(
    // Changed.
    Voices { voices: _, expiry: _, polyphony: _, veto: _ }: Voices,
    VoiceRule {
        // Changed.
        rank: _, triggers: _, stands_down: _,
        // Shown and heard.
        voice: _, name: _, archetype: _, colour: _, pitch_hertz: _, waveform: _,
    }: VoiceRule,
    Trigger {
        // Changed.
        when: _, urgency: _, cooldown: _, response: _,
        // Shown.
        id: _, says: _,
    }: Trigger,
) {}

#[rustfmt::skip]
fn chorus(
    // Changed.
    Polyphony {
        conflicts: _, synergies: _, conflict_from: _, conflict_hysteresis: _, synergy_above: _, multiple_from: _,
        integrator: _, told_change: _, told_every: _,
    }: Polyphony,
    Veto {
        // Changed.
        when: _,
        // Shown: whose right it is.
        voice: _, reason: _,
    }: Veto,
) {}

#[rustfmt::skip]
fn rituals(
    Symbol {
        // Changed.
        when: _, voice: _, in_a_row: _, an_hour: _,
        // Shown.
        id: _, glyph: _, name: _, says: _,
    }: Symbol,
    Tone {
        // Changed.
        when: _, voice: _,
        // Shown.
        id: _, name: _,
    }: Tone,
) {}

#[rustfmt::skip]
fn actions(
    Actions {
        // Changed.
        is_enabled: _, list: _, exclusive: _,
        // None is shipped.
        webhooks: _,
    }: Actions,
    ActionRule {
        // Changed.
        when: _, priority: _, cooldown: _, an_hour: _, lasts: _, reaches_outside: _, is_dry_run: _, obeys_veto: _,
        voices: _, parameters: _, experiments: _,
        // Shown.
        id: _, name: _, does: _, says: _,
    }: ActionRule,
    // None is shipped; the courier's tests tell them of actions.
    Webhook { url: _, secret: _, actions: _ }: Webhook,
) {}

#[rustfmt::skip]
fn states(
    States {
        // Changed.
        list: _, dwell: _, strong_from: _, bifurcation_reach: _, bifurcation_cooldown: _,
        // Shown.
        unknown: _,
    }: States,
    StateRule {
        // Changed.
        when: _, into: _, out: _,
        // The shipped states have none of their own.
        dwell: _,
        // Shown.
        id: _, name: _,
    }: StateRule,
) {}
