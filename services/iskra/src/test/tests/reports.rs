use super::*;

const TEXT: &str = "\
tests:
  - name: What passes
    samples: [{ at: 0s, pain: 0.3 }]
    expect: [{ at: 0s, light: green }]
  - name: What fails
    samples: [{ at: 0s, pain: 0.3 }, { at: 60s, pain: 0.75 }]
    expect:
      - { at: 59s, levels: { pain: WARN } }
      - { at: 91s, alerts: [pain_critical_high@2, pain_warn_high], tone: neutral }
";

#[test]
fn a_failure_tells_where_what_and_why() {
    insta::assert_snapshot!(report(TEXT).to_string(), @r"
    tests.yml:5:11: What fails

      at 59s, line 8: levels
        expected  pain: WARN
        was       pain: OK
        the engine said before
          0s       pain is OK at 0.3

      at 1m31s, line 9: alerts
        expected  pain_critical_high@2, pain_warn_high
        was       pain_critical_high@1, pain_block_high@1 at P1
        missing   pain_critical_high@2, pain_warn_high
        surplus   pain_critical_high@1, pain_block_high@1 at P1
        the engine said before
          1m       pain_critical_high opened, DevOps Lead is told at step 1: Pain of agent-7 is 0.75: critical from 0.70 up
          1m30s    pain_block_high opened, held back by its cooldown until 2m: Pain of agent-7 is 0.75: BLOCK from 0.60 up, for 30 s

      at 1m31s, line 9: tone
        expected  neutral
        was       defensive by iskriv
        the engine said before
          1m       tone neutral -> defensive: Pain 0.75 above 0.70: defensive
        its rules now
          defensive holds: trust ? < 0.5 or pain 0.75 > 0.7; it is the tone now

    tests.yml: 1 passed, 1 FAILED
    ");
}

#[test]
fn programs_are_told_the_same() {
    insta::assert_json_snapshot!(report(TEXT).to_json(), @r#"
    {
      "file": "tests.yml",
      "tests": [
        {
          "failures": [],
          "line": 2,
          "name": "What passes",
          "passed": true
        },
        {
          "failures": [
            {
              "at_seconds": 59.0,
              "events": [
                "0s       pain is OK at 0.3"
              ],
              "expected": [
                "pain: WARN"
              ],
              "line": 8,
              "missing": [
                "pain: WARN"
              ],
              "rules": [],
              "surplus": [
                "pain: OK"
              ],
              "was": [
                "pain: OK"
              ],
              "what": "levels"
            },
            {
              "at_seconds": 91.0,
              "events": [
                "1m       pain_critical_high opened, DevOps Lead is told at step 1: Pain of agent-7 is 0.75: critical from 0.70 up",
                "1m30s    pain_block_high opened, held back by its cooldown until 2m: Pain of agent-7 is 0.75: BLOCK from 0.60 up, for 30 s"
              ],
              "expected": [
                "pain_critical_high@2",
                "pain_warn_high"
              ],
              "line": 9,
              "missing": [
                "pain_critical_high@2",
                "pain_warn_high"
              ],
              "rules": [],
              "surplus": [
                "pain_critical_high@1",
                "pain_block_high@1 at P1"
              ],
              "was": [
                "pain_critical_high@1",
                "pain_block_high@1 at P1"
              ],
              "what": "alerts"
            },
            {
              "at_seconds": 91.0,
              "events": [
                "1m       tone neutral -> defensive: Pain 0.75 above 0.70: defensive"
              ],
              "expected": [
                "neutral"
              ],
              "line": 9,
              "missing": [
                "neutral"
              ],
              "rules": [
                "defensive holds: trust ? < 0.5 or pain 0.75 > 0.7; it is the tone now"
              ],
              "surplus": [
                "defensive by iskriv"
              ],
              "was": [
                "defensive by iskriv"
              ],
              "what": "tone"
            }
          ],
          "line": 5,
          "name": "What fails",
          "passed": false
        }
      ]
    }
    "#);
}

#[test]
fn a_file_that_is_wrong_counts_as_one_failure() {
    let report = report("tests: 7\n");
    assert_eq!(report.counts(), (0, 1));
    assert!(report.to_json()["error"].is_string());
}
