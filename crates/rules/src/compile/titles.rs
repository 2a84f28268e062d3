//! How people call what conditions are about: vitals by their bands, signals by their titles, voices by their names.

use domain::Text;

use crate::Rules;

/// Gives every name of the vocabulary its title, as it stands within a sentence.
pub(crate) fn entitle(rules: &mut Rules) {
    let Rules { bands, signals, voices, .. } = rules;
    let (engine, vocabulary) = (signals.engine.clone(), &mut signals.vocabulary);
    for (slot, en, ru) in [
        (engine.all_vitals_ok, "all vitals are OK", "все показатели в норме"),
        (engine.state_transition, "a change of state is under way", "идёт смена состояния"),
        (engine.experiment_injects, "an experiment injects chaos", "эксперимент вводит хаос"),
        (engine.conflict_detected, "voices disagree", "голоса спорят"),
        (engine.multiple_voices_active, "several voices are active", "звучит несколько голосов"),
        (engine.harmony, "harmony", "гармония"),
        (engine.synthesis_readiness, "readiness for a synthesis", "готовность к синтезу"),
    ] {
        vocabulary.entitle(slot, Text::new(en, ru));
    }
    for rule in &voices.voices {
        let Text { en, ru } = &rule.name;
        let (active, leads) = (engine.active(rule.voice), engine.leads(rule.voice));
        vocabulary.entitle(active, Text::new(format!("{en} is active"), format!("{ru} звучит")));
        vocabulary.entitle(leads, Text::new(format!("{en} leads"), format!("{ru} ведёт")));
    }
    let mut inner = |slot, title: &Text| vocabulary.entitle(slot, Text::new(within(&title.en), within(&title.ru)));
    for (band, slot) in bands.iter().zip(0..) {
        inner(conditions::Slot(slot), &band.name);
    }
    for derived in &signals.derived {
        inner(derived.slot, &derived.title);
        if let Some(duration) = derived.duration {
            let Text { en, ru } = &derived.title;
            inner(duration, &Text::new(format!("{en} for"), format!("{ru} уже")));
        }
    }
    for (name, slot) in &signals.produced {
        if let Some(title) = signals.titles.get(name) {
            inner(*slot, title);
        }
    }
}

/// A title does not begin the sentence, unless it is written in capitals: `SLA breaches`.
fn within(title: &str) -> String {
    let mut rest = title.chars();
    match rest.next() {
        Some(first) if !rest.clone().next().is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(rest).collect()
        }
        _ => title.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_title_in_both_languages() {
        let vocabulary = Rules::built_in().signals.vocabulary;
        let titles: Vec<String> = (0..u16::try_from(vocabulary.len()).unwrap())
            .map(|slot| {
                let title = vocabulary.title(conditions::Slot(slot)).unwrap();
                assert!(!title.ru.contains(|c: char| c.is_ascii_alphabetic()), "{}", title.ru);
                format!("{}: {} | {}", vocabulary.name(conditions::Slot(slot)), title.en, title.ru)
            })
            .collect();
        insta::assert_snapshot!(titles.join("\n"), @r"
        clarity: clarity | ясность
        chaos: chaos | хаос
        trust: trust | доверие
        pain: pain | боль
        all_vitals_ok: all vitals are OK | все показатели в норме
        state_transition: a change of state is under way | идёт смена состояния
        experiment_injects: an experiment injects chaos | эксперимент вводит хаос
        conflict_detected: voices disagree | голоса спорят
        multiple_voices_active: several voices are active | звучит несколько голосов
        kayn_active: Kayn is active | Кайн звучит
        pino_active: Pino is active | Пино звучит
        sam_active: Sam is active | Сэм звучит
        anhantra_active: Anhantra is active | Анхантра звучит
        hundun_active: Hundun is active | Хундун звучит
        iskriv_active: Iskriv is active | Искрив звучит
        iskra_active: Iskra is active | Искра звучит
        kayn_leads: Kayn leads | Кайн ведёт
        pino_leads: Pino leads | Пино ведёт
        sam_leads: Sam leads | Сэм ведёт
        anhantra_leads: Anhantra leads | Анхантра ведёт
        hundun_leads: Hundun leads | Хундун ведёт
        iskriv_leads: Iskriv leads | Искрив ведёт
        iskra_leads: Iskra leads | Искра ведёт
        harmony: harmony | гармония
        synthesis_readiness: readiness for a synthesis | готовность к синтезу
        stagnation_detected: stagnation | застой
        stagnation_duration: stagnation for | застой уже
        rigidity_detected: rigidity | закостенелость
        ethical_violation_stands: an ethical violation stands | действует нарушение этики
        ethical_violation_now: an ethical violation is reported | сообщается о нарушении этики
        ethical_compliance: ethics have been complied with | этика соблюдена
        synthesis_completed: synthesis completed | синтез завершён
        truth_violations: truth violations | нарушения истины
        accuracy: accuracy | точность
        needs_organization: needs organization | нужен порядок
        complexity: complexity | сложность
        structure_score: structure | структурность
        ethical_violation_detected: ethical violation detected | обнаружено нарушение этики
        decision_impact_score: impact of the decision | вес решения
        system_chaos: chaos of the whole system | хаос всей системы
        drift: drift | дрейф
        chaos_injection: a chaos injection is running | идёт инъекция хаоса
        ");
    }

    #[test]
    fn a_title_goes_into_a_sentence() {
        assert_eq!(
            ["Clarity", "Ясность", "SLA breaches", "X"].map(within),
            ["clarity", "ясность", "SLA breaches", "x"]
        );
    }
}
