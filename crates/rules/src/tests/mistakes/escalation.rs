fn refused(from: &str, to: &str) -> String {
    super::refused("escalation.yml", from, to)
}

#[test]
fn a_chain_begins_at_once_and_rises() {
    insta::assert_snapshot!(refused("after: 0s, role: DevOps Lead", "after: 1m, role: DevOps Lead"), @r"
    escalation.yml:9:16: the first step of a chain comes at once
        9 |     - { after: 1m, role: DevOps Lead, channels: [slack, pagerduty] }
          |                ^^
          = hint: write after: 0s
    ");
    insta::assert_snapshot!(refused("after: 15m, role: Tech Lead", "after: 5m, role: Tech Lead"), @r"
    escalation.yml:11:16: this step does not come after the one before it (5m)
       11 |     - { after: 5m, role: Tech Lead, channels: [slack, pagerduty, email] }
          |                ^^
          = hint: times count from when the alert was first told
    ");
    insta::assert_snapshot!(refused("    - { after: 4h,", "    - { after: 1h }\n    - { after: 4h,"), @r"
    escalation.yml:18:7: this step tells nobody
       18 |     - { after: 1h }
          |       ^
          = hint: give it a role and channels, or leave it out
    ");
    insta::assert_snapshot!(refused("    - { after: 0s, role: DevOps Lead", "    - { after: 0s }\n    - { after: 0s, role: DevOps Lead"), @r"
    escalation.yml:10:16: this step does not come after the one before it (0s)
       10 |     - { after: 0s, role: DevOps Lead, channels: [slack, pagerduty] }
          |                ^^
          = hint: times count from when the alert was first told

    escalation.yml:12:7: 4 steps: at most 3 are allowed
       12 |     - { after: 15m, role: Tech Lead, channels: [slack, pagerduty, email] }
          |       ^
    ");
    insta::assert_snapshot!(refused("  P2:\n    - { after: 0s }\n    - { after: 4h, role: PM, channels: [email] }", "  P2: []"), @r"
    escalation.yml:16:7: a chain needs a step
       16 |   P2: []
          |       ^
          = hint: begin with a step after 0s; without role and channels it is shown in the inbox alone
    ");
    insta::assert_snapshot!(refused("after: 4h", "after: 8d"), @r"
    escalation.yml:18:16: 8d is longer than 7d
       18 |     - { after: 8d, role: PM, channels: [email] }
          |                ^^
          = hint: 7d is the most
    ");
}

#[test]
fn channels_and_roles() {
    insta::assert_snapshot!(refused("channels: [slack, pagerduty] }", "channels: [slack, pager] }"), @r#"
    escalation.yml:9:57: expected a channel, found the text "pager"
        9 |     - { after: 0s, role: DevOps Lead, channels: [slack, pager] }
          |                                                         ^^^^^
          = hint: known are slack, pagerduty, email
    "#);
    insta::assert_snapshot!(refused("role: DevOps Lead", "role: 7"), @r"
    escalation.yml:9:26: expected a text, found the number 7
        9 |     - { after: 0s, role: 7, channels: [slack, pagerduty] }
          |                          ^
          = hint: put it into quotes
    ");
    let long = format!("role: {}", "R".repeat(65));
    insta::assert_snapshot!(refused("role: DevOps Lead", &long), @r"
    escalation.yml:9:26: this role has more than 64 characters
        9 |     - { after: 0s, role: RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR, channels: [slack,
          |                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    ");
    insta::assert_snapshot!(refused(", role: SRE, channels: [slack, pagerduty]", ""), @r"
    escalation.yml:10:7: this step tells nobody
       10 |     - { after: 5m }
          |       ^
          = hint: give it a role and channels, or leave it out
    ");
}

#[test]
fn times_of_the_week() {
    insta::assert_snapshot!(refused("begins: Sun 02:00", "begins: Sunday 2am"), @r#"
    escalation.yml:27:13: expected a day and a time, found the text "Sunday 2am"
       27 |     begins: Sunday 2am
          |             ^^^^^^^^^^
          = hint: Mon, Tue, Wed, Thu, Fri, Sat or Sun and a time in UTC from 00:00 to 23:59, like Sun 02:00
    "#);
    insta::assert_snapshot!(refused("begins: Sun 02:00", "begins: Sun 24:00"), @r#"
    escalation.yml:27:13: expected a day and a time, found the text "Sun 24:00"
       27 |     begins: Sun 24:00
          |             ^^^^^^^^^
          = hint: Mon, Tue, Wed, Thu, Fri, Sat or Sun and a time in UTC from 00:00 to 23:59, like Sun 02:00
    "#);
    insta::assert_snapshot!(refused("lasts: 2h", "lasts: 8d"), @r"
    escalation.yml:28:12: 8d is longer than 7d
       28 |     lasts: 8d
          |            ^^
          = hint: 7d is the most
    ");
    insta::assert_snapshot!(refused("lasts: 2h", "lasts: 0s"), @r"
    escalation.yml:28:12: 0s is shorter than 1m
       28 |     lasts: 0s
          |            ^^
          = hint: 1m is the least
    ");
}

#[test]
fn a_window_that_mutes_nothing_or_for_ever() {
    insta::assert_snapshot!(refused("    mutes: [P1, P2]\n", ""), @r"
    escalation.yml:27:13: this window mutes nothing
       27 |     begins: Sun 02:00
          |             ^^^^^^^^^
          = hint: add mutes: [P1, P2]
    ");
    insta::assert_snapshot!(refused("mutes: [P1, P2]", "mutes: []"), @r"
    escalation.yml:29:12: this window mutes nothing
       29 |     mutes: []
          |            ^
          = hint: like [P1, P2]
    ");
    insta::assert_snapshot!(refused("begins: Wed 14:00", "mutes: [P1]\n    begins: Wed 14:00"), @r"
    escalation.yml:34:12: a chaos window mutes nobody
       34 |     mutes: [P1]
          |            ^
          = hint: only maintenance windows mute: leave it out
    ");
    insta::assert_snapshot!(refused("lasts: 2h\n    mutes", "lasts: 7d\n    mutes"), @r"
    escalation.yml:27:13: with this window P1 is muted all week long
       27 |     begins: Sun 02:00
          |             ^^^^^^^^^
          = hint: nobody would ever be told: leave a part of the week open

    escalation.yml:27:13: with this window P2 is muted all week long
       27 |     begins: Sun 02:00
          |             ^^^^^^^^^
          = hint: nobody would ever be told: leave a part of the week open
    ");
    let other = "  - { name: { en: Rest, ru: Остальное }, begins: Sun 04:00, lasts: 166h, mutes: [P2] }\n";
    insta::assert_snapshot!(refused("maintenance:\n", &format!("maintenance:\n{other}")), @r"
    escalation.yml:28:13: with this window P2 is muted all week long
       28 |     begins: Sun 02:00
          |             ^^^^^^^^^
          = hint: nobody would ever be told: leave a part of the week open
    ");
}

#[test]
fn subjects_that_are_no_production() {
    insta::assert_snapshot!(refused("[demo, lab, \"lab-*\"]", "[\"*\"]"), @r#"
    escalation.yml:40:13: this would be every subject
       40 |   anytime: ["*"]
          |             ^^^
          = hint: name the subjects; for a time in which all are open to experiments, add a chaos window
    "#);
    insta::assert_snapshot!(refused("[demo, lab, \"lab-*\"]", "[\"la*b\", demo lab]"), @r#"
    escalation.yml:40:13: `la*b` is no subject
       40 |   anytime: ["la*b", demo lab]
          |             ^^^^^^
          = hint: the name of a subject, or the beginning of names with * behind it, like lab-*

    escalation.yml:40:21: `demo lab` is no subject
       40 |   anytime: ["la*b", demo lab]
          |                     ^^^^^^^^
          = hint: the name of a subject, or the beginning of names with * behind it, like lab-*
    "#);
    insta::assert_snapshot!(refused("  anytime:", "  always:"), @r#"
    escalation.yml:40:3: unknown field `always`
       40 |   always: [demo, lab, "lab-*"]
          |   ^^^^^^
          = hint: known are anytime
    "#);
}
