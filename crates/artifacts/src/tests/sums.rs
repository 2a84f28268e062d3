//! The checksum, and that anyone can compute it.

use std::process::Command;

use serde_json::{Value, json};

use super::{good, told};
use crate::{check, check_value, checksum};

/// Whatever two programs could write differently.
const AWKWARD: &str = r#"{"b": 1, "a": [1.0, -0.0, 1e2, 1e15, 1e16, 123456789012345680.0, 0.0001, 0.00001, 5e-324, 1.5e-7, 0.1,
    18446744073709551615, -9223372036854775808, 1e18, true, null, {}, []], "я": "\u00fc\u2028\"\\\/\b\f\n\r\t\u0001\u007f😀",
    "😀": 0, "￿": 0, "": {"checksum": "kept"}, "B": "</script>", "checksum": "sha256:00"}"#;

/// Computed by the line of Python in docs/artifacts.md.
const AWKWARD_SUM: &str = "sha256:c0b5f49584fd4bb058a05f5082ec6e42cc2017f6099dbb0b13ed5b4c7ccc5472";

#[test]
fn it_is_what_python_computes() {
    let record: Value = serde_json::from_str(AWKWARD).unwrap();
    assert_eq!(checksum(&record), AWKWARD_SUM);
}

#[test]
fn the_documented_line_computes_it() {
    let page = include_str!("../../../../docs/artifacts.md");
    let line = page.lines().find_map(|line| line.strip_prefix("python3 -c '")).unwrap();
    let (script, _) = line.rsplit_once('\'').unwrap();
    let file = std::env::temp_dir().join(format!("iskra-checksum-{}.json", std::process::id()));
    std::fs::write(&file, AWKWARD).unwrap();
    let python = Command::new("python3").args(["-c", script]).arg(&file).output();
    std::fs::remove_file(&file).unwrap();
    // Where there is no Python, the figure above stands for it.
    if let Ok(output) = python {
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), AWKWARD_SUM, "{output:?}");
    }
}

#[test]
fn a_sealed_record_is_good_until_somebody_touches_it() {
    let mut record = good();
    record["checksum"] = json!(checksum(&record));
    assert_eq!(told(&check_value(&record)), [""; 0]);
    let text = serde_json::to_string_pretty(&record).unwrap();
    assert_eq!(told(&check(text.as_bytes())), [""; 0], "however it is laid out");
    let touched = text.replacen("0.42", "0.43", 1);
    assert_eq!(told(&check(touched.as_bytes())), ["BLOCK ΔDΩΛ001 $.checksum"]);
    record["checksum"] = json!(record["checksum"].as_str().unwrap().to_uppercase().replace("SHA", "sha"));
    assert_eq!(told(&check_value(&record)), [""; 0], "hexadecimal digits may be large");
}
