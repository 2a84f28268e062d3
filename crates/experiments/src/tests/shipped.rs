use super::*;

#[test]
fn all_that_are_shipped_pass() {
    for (name, text) in SHIPPED {
        let report = run(text);
        assert!(report.passed, "{name}:\n{}", report.markdown(Language::En));
    }
}
