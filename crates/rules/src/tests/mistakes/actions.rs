use std::fmt::Write as _;

use super::with;

fn refused(from: &str, to: &str) -> String {
    super::refused("actions.yml", from, to)
}

#[test]
fn what_an_action_may_be() {
    insta::assert_snapshot!(refused("  activate_sam_structure:", "  activate sam:"), @r"
    actions.yml:27:3: `activate sam` is no name
       27 |   activate sam:
          |   ^^^^^^^^^^^^
          = hint: a-z, 0-9 and _, beginning with a letter, at most 64 of them
    ");
    insta::assert_snapshot!(refused("voices: [sam]", "voices: [sam, pin]"), @r#"
    actions.yml:35:19: expected a voice, found the text "pin"
       35 |     voices: [sam, pin]
          |                   ^^^
          = hint: did you mean `pino`?
    "#);
    insta::assert_snapshot!(refused("    voices: [sam]\n", ""), @r"
    actions.yml:27:3: `activate_sam_structure` does nothing
       27 |   activate_sam_structure:
          |   ^^^^^^^^^^^^^^^^^^^^^^
          = hint: name the voices that it activates, or add outside: true, or experiments: stop
    ");
    insta::assert_snapshot!(refused("voices: [sam]", "voices: [sam]\n    dry_run: true"), @r"
    actions.yml:36:14: this action stays inside
       36 |     dry_run: true
          |              ^^^^
          = hint: only what reaches outside can be tried dry: leave it out, or add outside: true
    ");
    insta::assert_snapshot!(refused("cooldown: 30m", "cooldown: 0s"), @r"
    actions.yml:46:15: 0s is shorter than 1s
       46 |     cooldown: 0s
          |               ^^
          = hint: 1s is the least
    ");
    insta::assert_snapshot!(refused("an_hour: 2", "an_hour: 61"), @r"
    actions.yml:48:14: an_hour is 61
       48 |     an_hour: 61
          |              ^^
          = hint: a whole number from 1 to 60
    ");
    insta::assert_snapshot!(refused("priority: P0", "priority: p0"), @r#"
    actions.yml:45:15: expected a priority, found the text "p0"
       45 |     priority: p0
          |               ^^
          = hint: did you mean `P0`?
    "#);
    insta::assert_snapshot!(refused("{ intensity: 3,", "{ intensity: much,"), @r#"
    actions.yml:52:30: expected a number, found the text "much"
       52 |     parameters: { intensity: much, duration_seconds: 300 }
          |                              ^^^^
    "#);
    insta::assert_snapshot!(refused("enabled: true", "enabled: \"true\""), @r#"
    actions.yml:5:10: expected true or false, found the text "true"
        5 | enabled: "true"
          |          ^^^^^^
          = hint: leave the quotes out
    "#);
}

#[test]
fn what_an_action_does_to_experiments() {
    insta::assert_snapshot!(refused("experiments: pause", "experiments: halt"), @r#"
    actions.yml:67:18: expected stop or pause, found the text "halt"
       67 |     experiments: halt
          |                  ^^^^
          = hint: known are stop, pause
    "#);
    // That alone is something.
    let alone = with("actions.yml", "    voices: [sam]\n", "    experiments: pause\n");
    let rules = crate::Rules::parse(&[("actions.yml", &alone)]).unwrap();
    assert_eq!(rules.actions.list[1].experiments, Some(crate::Interference::Pause));
}

#[test]
fn what_reaches_outside_is_dry_until_somebody_says_otherwise() {
    let dry = |text: &str| crate::Rules::parse(&[("actions.yml", text)]).unwrap().actions.list[2].is_dry_run;
    assert!(dry(&with("actions.yml", "    dry_run: true\n", "")));
    assert!(!dry(&with("actions.yml", "dry_run: true", "dry_run: false")));
}

#[test]
fn groups_of_unknown_actions_or_of_one() {
    insta::assert_snapshot!(refused("- [stimulate_creative_chaos,", "- [stimulate_creativ_chaos,"), @r"
    actions.yml:99:6: unknown action `stimulate_creativ_chaos`
       99 |   - [stimulate_creativ_chaos, stabilize_system]
          |      ^^^^^^^^^^^^^^^^^^^^^^^
          = hint: did you mean `stimulate_creative_chaos`?
    ");
    insta::assert_snapshot!(refused("- [stimulate_creative_chaos, stabilize_system]", "- [stabilize_system]"), @r"
    actions.yml:99:5: a group needs two or more different actions
       99 |   - [stabilize_system]
          |     ^
          = hint: like [stimulate_creative_chaos, stabilize_system]
    ");
}

#[test]
fn webhooks() {
    let webhook = |url: &str, secret: &str, action: &str| {
        let to = format!("webhooks:\n  - {{ url: \"{url}\", secret: {secret}, actions: [{action}] }}");
        with("actions.yml", "webhooks: []", &to)
    };
    let good = webhook("https://example.com/iskra/actions", "ISKRA_WEBHOOK_KEY", "stabilize_system");
    let rules = crate::Rules::parse(&[("actions.yml", &good)]).unwrap();
    assert_eq!(rules.actions.webhooks[0].actions, ["stabilize_system"]);
    let refused = |text: &str| super::refused_text("actions.yml", text);
    insta::assert_snapshot!(refused(&webhook("ftp://example.com", "KEY", "")), @r"
    actions.yml:104:12: this is no address of a web server
          = hint: like https://example.com/iskra/actions; requests are signed with the secret, so it needs no password
    ");
    insta::assert_snapshot!(refused(&webhook("https://me:secret@example.com", "KEY", "")), @r"
    actions.yml:104:12: this is an address with a password in it
          = hint: like https://example.com/iskra/actions; requests are signed with the secret, so it needs no password
    ");
    let with_user = refused(&webhook("https://secret@example.com", "KEY", ""));
    assert!(with_user.contains("a password in it") && !with_user.contains("secret@"), "{with_user}");
    insta::assert_snapshot!(refused(&webhook("example.com/hook", "KEY", "")), @r"
    actions.yml:104:12: this is no address
          = hint: like https://example.com/iskra/actions; requests are signed with the secret, so it needs no password
    ");
    insta::assert_snapshot!(refused(&webhook("https://example.com", "hunter2", "stabilise_system")), @r"
    actions.yml:104:43: this is no name of an environment variable
          = hint: not the key itself but the variable that holds it, like ISKRA_WEBHOOK_KEY

    actions.yml:104:62: unknown action `stabilise_system`
          = hint: did you mean `stabilize_system`?
    ");
    let twice = "webhooks:\n  - { url: \"https://example.com\", secret: KEY, actions: [stabilize_system] }\n\
        \x20 - { url: \"https://example.com:443/\", secret: OTHER_KEY }";
    insta::assert_snapshot!(refused(&with("actions.yml", "webhooks: []", twice)), @r"
    actions.yml:105:12: another webhook has this address
          = hint: one webhook for each address: name all its actions in one place; to exchange keys, give both in one variable
    ");
}

#[test]
fn too_many() {
    let mut many = String::from("actions:\n");
    for number in 0..60 {
        write!(many, "  more_{number}: {{ name: {{ en: More, ru: Ещё }}, does: {{ en: More., ru: Ещё. }}, says: {{ en: more, ru: ещё }}, ").unwrap();
        many.push_str("when: pain > 0.6, priority: P1, cooldown: 1m, an_hour: 1, voices: [sam] }\n");
    }
    insta::assert_snapshot!(refused("actions:\n", &many), @r"
    actions.yml:130:3: 66 actions: at most 64 are allowed
      130 |   activate_anhantra_empathy:
          |   ^^^^^^^^^^^^^^^^^^^^^^^^^
    ");
}
