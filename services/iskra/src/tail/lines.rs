//! What a frame says to a person, a line for each thing.

use serde_json::Value;

/// The lines of a frame; none for those that only programs need.
pub(super) fn of(frame: &Value) -> Vec<String> {
    let now = &frame["server_time"];
    let mut lines = Vec::new();
    if frame["type"] == "snapshot" {
        let subject = |subject: &Value| match subject["light"].as_str() {
            Some(light) => format!("{} is {light}", text(&subject["subject"])),
            None => format!("{} is known", text(&subject["subject"])),
        };
        lines.extend(items(&frame["subjects"]).map(|each| line(now, &subject(each))));
        lines.extend(items(&frame["alerts"]).map(|each| line(&each["opened_at"], &alert(each, "is firing"))));
        return lines;
    }
    if frame["type"] == "lagged" {
        lines.push(format!("(too slow: {} frames were merged into the next)", frame["frames"]));
    }
    lines.extend(items(&frame["samples"]).map(sample));
    lines.extend(items(&frame["merged"]).map(|merged| sample(&merged["latest"])));
    lines.extend(items(&frame["levels"]).map(levels));
    let changes = items(&frame["alerts"]);
    lines.extend(changes.map(|change| line(now, &alert(&change["alert"], text(&change["change"])))));
    lines
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn line(at: &Value, what: &str) -> String {
    format!("{:<27} {what}", text(at))
}

fn sample(sample: &Value) -> String {
    let vital = |name: &str| Some(format!(" {name} {:.3}", sample.get(name)?.as_f64()?));
    let vitals: String = ["clarity", "chaos", "trust", "pain"].into_iter().filter_map(vital).collect();
    let signals = sample["signals"].as_object().into_iter().flatten();
    let signals: String = signals.map(|(name, value)| format!(" {name}={value}")).collect();
    line(&sample["at"], &format!("{}{vitals}{signals}", text(&sample["subject"])))
}

fn levels(levels: &Value) -> String {
    let of_vital = |name: &str| format!("{name} {}", text(&levels["verdict"][name]["level"]));
    let changed: Vec<_> = items(&levels["changed"]).map(|vital| of_vital(text(vital))).collect();
    line(&levels["at"], &format!("{} is {}: {}", text(&levels["subject"]), text(&levels["light"]), changed.join(", ")))
}

fn alert(alert: &Value, change: &str) -> String {
    format!("{} {} {change}: {}", text(&alert["priority"]), text(&alert["name"]), text(&alert["summary"]["en"]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::of;

    #[test]
    fn every_thing_in_a_frame_has_its_line() {
        let frame = json!({
            "type": "update", "server_time": "2026-01-01T00:00:01Z",
            "samples": [{"subject": "agent-7", "at": "2026-01-01T00:00:00Z", "pain": 0.95, "signals": {"drift": 0.1}}],
            "levels": [{
                "subject": "agent-7", "at": "2026-01-01T00:00:00Z", "light": "red", "level": "BLOCK",
                "changed": ["pain"], "verdict": {"pain": {"level": "BLOCK"}},
            }],
            "alerts": [{"change": "opened", "alert": {
                "priority": "P0", "name": "PainCriticalHigh", "summary": {"en": "Pain of agent-7 is 0.95"},
            }}],
        });
        assert_eq!(
            of(&frame),
            [
                "2026-01-01T00:00:00Z        agent-7 pain 0.950 drift=0.1",
                "2026-01-01T00:00:00Z        agent-7 is red: pain BLOCK",
                "2026-01-01T00:00:01Z        P0 PainCriticalHigh opened: Pain of agent-7 is 0.95",
            ]
        );
        assert!(of(&json!({"type": "heartbeat", "server_time": "2026-01-01T00:00:01Z", "bus": "live"})).is_empty());
    }
}
