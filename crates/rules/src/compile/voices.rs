use std::ops::RangeInclusive;
use std::time::Duration;

use domain::{Text, Voice};
use yaml_file::{Findings, Place, Scalar};

use super::numbers::{DAY, SECOND, entries, name, number, time, whole};
use super::{Names, implied, polyphony};
use crate::rules::{Symbol, Tone, Trigger, Veto, VoiceRule, Voices};
use crate::written::Word;
use crate::written::voices::{SymbolFile, ToneFile, TriggerFile, VetoFile, VoiceFile, VoicesFile};

const COOLDOWNS: RangeInclusive<Duration> = Duration::ZERO..=DAY;
/// What people hear.
const PITCHES: RangeInclusive<f64> = 20.0..=20_000.0;
/// Most triggers of one voice.
const MOST_TRIGGERS: usize = 16;
/// A symbol that comes so many times in a row when its rule does not say: more would be an echo.
const IN_A_ROW: u8 = 3;
/// The name of no tone.
const NEUTRAL: &str = "neutral";

/// What `voices-triggers.yml` says.
pub(crate) struct Compiled {
    pub(crate) voices: Option<Voices>,
    pub(crate) symbols: Vec<Symbol>,
    pub(crate) tones: Vec<Tone>,
    pub(crate) neutral: Text,
}

/// What the file says; the voices only if none is missing.
pub(crate) fn compile(file: &VoicesFile, names: &mut Names, findings: &mut Findings) -> Compiled {
    let voices = Voice::ALL.map(|voice| match file.voices.value.get(voice) {
        Some(written) => self::voice(voice, written, names, findings),
        None => {
            let hint = format!("add `{}:`; all seven are needed, one with `triggers: []` is never heard", voice.name());
            findings.add_with_hint(file.voices.place, format!("missing voice `{}`", voice.name()), hint);
            None
        }
    });
    let expiry = time(&file.expiry, &(SECOND..=DAY), findings);
    let polyphony = polyphony::compile(&file.polyphony, findings);
    let veto = veto(&file.veto, names, findings);
    let symbols = entries(&file.symbols, "symbols", findings);
    let symbols = symbols.filter_map(|entry| symbol(&entry.name, entry.place, &entry.value, names, findings)).collect();
    let tones = entries(&file.tones, "tones", findings);
    let tones = tones.filter_map(|entry| tone(&entry.name, entry.place, &entry.value, names, findings)).collect();
    let voices = all(voices).zip(veto).map(|(voices, veto)| Voices { voices, expiry, polyphony, veto });
    Compiled { voices, symbols, tones, neutral: file.neutral.read(findings) }
}

/// All seven, if none is missing.
fn all(voices: [Option<VoiceRule>; 7]) -> Option<[VoiceRule; 7]> {
    let voices: Vec<VoiceRule> = voices.into_iter().collect::<Option<_>>()?;
    voices.try_into().ok()
}

fn voice(voice: Voice, file: &VoiceFile, names: &mut Names, findings: &mut Findings) -> Option<VoiceRule> {
    if let Some(beyond) = file.triggers.get(MOST_TRIGGERS) {
        let message = format!("{} triggers: at most {MOST_TRIGGERS} are allowed", file.triggers.len());
        findings.add(beyond.when.place, message);
    }
    let stands_down = names.condition(&file.stands_down, findings);
    let mut triggers = Vec::new();
    for (place, written) in file.triggers.iter().take(MOST_TRIGGERS).enumerate() {
        let id = format!("{}.{}", voice.name(), place + 1);
        let Some(trigger) = trigger(id, written, names, findings) else { continue };
        if let Some(stands_down) = &stands_down
            && implied::always_with(&trigger.when, stands_down, &names.signals)
        {
            let message = format!("whenever this holds `{}` stands down: it would never be activated", voice.name());
            let hint = format!("stands_down is {stands_down}: let one of the two be narrower");
            findings.add_with_hint(written.when.place, message, hint);
        }
        triggers.push(trigger);
    }
    Some(VoiceRule {
        voice,
        name: file.name.read(findings),
        archetype: file.archetype.read(findings),
        colour: colour(&file.colour, findings),
        pitch_hertz: number(&file.pitch, "the pitch", &PITCHES, findings).unwrap_or(440.0),
        waveform: file.waveform.read(findings).map_or("sine", |Word(waveform)| waveform.0).to_owned(),
        rank: whole(&file.rank, "the rank", &(1..=9), findings).unwrap_or(1),
        triggers,
        stands_down: stands_down?,
    })
}

fn trigger(id: String, file: &TriggerFile, names: &mut Names, findings: &mut Findings) -> Option<Trigger> {
    let when = names.condition(&file.when, findings);
    let urgency = file.urgency.read(findings);
    let cooldown = time(&file.cooldown, &COOLDOWNS, findings);
    let response = file.response.read(findings);
    if let Some(response) = &response {
        name(response, file.response.place, findings);
    }
    let says = file.says.read(findings);
    Some(Trigger { id, when: when?, urgency: urgency?.0, cooldown, response: response?, says })
}

/// A colour goes into the styles of a page as it is: nothing else may get in.
fn colour(written: &Scalar<String>, findings: &mut Findings) -> String {
    let Some(colour) = written.read(findings) else { return String::new() };
    let is_right = match colour.strip_prefix('#') {
        Some(digits) => matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => colour.len() <= 32 && colour.bytes().all(|byte| byte.is_ascii_lowercase()),
    };
    if !is_right {
        findings.add_with_hint(
            written.place,
            format!("`{colour}` is no colour"),
            "write one like \"#e5484d\" or crimson",
        );
    }
    colour
}

fn veto(file: &VetoFile, names: &mut Names, findings: &mut Findings) -> Option<Veto> {
    let (voice, when) = (file.voice.read(findings), names.condition(&file.when, findings));
    let reason = file.reason.read(findings);
    Some(Veto { voice: voice?.0, when: when?, reason })
}

fn symbol(id: &str, place: Place, file: &SymbolFile, names: &mut Names, findings: &mut Findings) -> Option<Symbol> {
    name(id, place, findings);
    let glyph = file.glyph.read(findings);
    if let Some(glyph) = &glyph
        && glyph.chars().count() > 8
    {
        findings.add_with_hint(file.glyph.place, "this glyph is too long", "one or two signs, like ∆ or 🕯️");
    }
    let (when, voice) = (names.condition(&file.when, findings), file.voice.read(findings));
    let (shown, says) = (file.name.read(findings), file.says.read(findings));
    let in_a_row = match &file.in_a_row {
        Some(written) => whole(written, "in_a_row", &(1..=IN_A_ROW), findings)?,
        None => IN_A_ROW,
    };
    let an_hour = match &file.an_hour {
        Some(written) => Some(whole(written, "an_hour", &(1..=60), findings)?),
        None => None,
    };
    let id = id.to_owned();
    Some(Symbol { id, glyph: glyph?, name: shown, when: when?, voice: voice?.0, says, in_a_row, an_hour })
}

fn tone(id: &str, place: Place, file: &ToneFile, names: &mut Names, findings: &mut Findings) -> Option<Tone> {
    name(id, place, findings);
    if id == NEUTRAL {
        findings.add_with_hint(
            place,
            "`neutral` is what is left when no tone holds",
            "choose another name for this one",
        );
    }
    let (when, voice) = (names.condition(&file.when, findings), file.voice.read(findings));
    Some(Tone { id: id.to_owned(), name: file.name.read(findings), when: when?, voice: voice?.0 })
}
