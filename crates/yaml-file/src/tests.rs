use std::time::Duration;

use serde::Deserialize;

use super::*;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Oven {
    heat: Scalar<f64>,
    bake: Scalar<Duration>,
    #[serde(default, deserialize_with = "present")]
    label: Option<Scalar<String>>,
    #[serde(default)]
    trays: Vec<OneOr<f64, Tray>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tray {
    height: Scalar<f64>,
}

fn read(text: &str) -> Result<Oven, Error> {
    let source = Source::new("oven.yml", text)?;
    let oven: Oven = source.parse()?;
    let mut findings = Findings::default();
    oven.heat.read(&mut findings);
    oven.bake.read(&mut findings);
    oven.label.iter().for_each(|label| drop(label.read(&mut findings)));
    for tray in &oven.trays {
        let height = match tray {
            OneOr::One(height) => height,
            OneOr::Mapping(tray) => &tray.value.height,
        };
        if height.read(&mut findings).is_some_and(|height| height < 0.0) {
            findings.add_with_hint(height.place, "a tray lies below the oven", "count from the floor");
        }
    }
    source.check(findings)?;
    Ok(oven)
}

fn refused(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

#[test]
fn a_right_file_is_read() {
    let oven = read("heat: 220\nbake: 1h30m\nlabel: Хлеб\ntrays: [1, { height: 2.5 }]\n").unwrap();
    let mut findings = Findings::default();
    assert_eq!(oven.bake.read(&mut findings), Some(Duration::from_secs(5_400)));
    assert_eq!(oven.heat.read(&mut findings), Some(220.0));
    assert!(findings.is_empty());
}

#[test]
fn an_unknown_field_is_shown_with_what_was_meant() {
    insta::assert_snapshot!(refused("heat: 1\nbakes: 2m\n"), @r"
    oven.yml:2:1: unknown field `bakes`
        2 | bakes: 2m
          | ^^^^^
          = hint: did you mean `bake`?
    ");
    insta::assert_snapshot!(refused("heat: 1\nbake: 2m\ncolour: red\n"), @r"
    oven.yml:3:1: unknown field `colour`
        3 | colour: red
          | ^^^^^^
          = hint: known are heat, bake, label, trays
    ");
}

#[test]
fn a_missing_field_is_named() {
    insta::assert_snapshot!(refused("heat: 1\n"), @r"
    oven.yml:1:1: missing field `bake`
        1 | heat: 1
          | ^^^^
          = hint: add `bake:` to the mapping that begins here
    ");
    insta::assert_snapshot!(refused("heat: 1\nbake: 1s\ntrays:\n  - 1\n  - {}\n"), @r"
    oven.yml:5:5: missing field `height`
        5 |   - {}
          |     ^
          = hint: add `height:` to the mapping that begins here
    ");
}

#[test]
fn a_repeated_field_is_refused() {
    insta::assert_snapshot!(refused("heat: 1\nbake: 2m\nheat: 2\n"), @r"
    oven.yml:3:1: `heat` is there twice
        3 | heat: 2
          | ^^^^
          = hint: keep one of the two
    ");
}

#[test]
fn all_wrong_values_are_told_at_once() {
    insta::assert_snapshot!(refused("heat: hot\nbake: 90\nlabel:\ntrays: [-1, { height: [1] }, '3']\n"), @r#"
    oven.yml:1:7: expected a number, found the text "hot"
        1 | heat: hot
          |       ^^^

    oven.yml:2:7: expected a duration with a unit, found the number 90
        2 | bake: 90
          |       ^^
          = hint: write 90s for seconds, 90m for minutes

    oven.yml:3:6: expected a text, found nothing
        3 | label:
          |      ^

    oven.yml:4:9: a tray lies below the oven
        4 | trays: [-1, { height: [1] }, '3']
          |         ^^
          = hint: count from the floor

    oven.yml:4:23: expected a number, found a list
        4 | trays: [-1, { height: [1] }, '3']
          |                       ^

    oven.yml:4:30: expected a number, found the text "3"
        4 | trays: [-1, { height: [1] }, '3']
          |                              ^^^
          = hint: leave the quotes out: 3
    "#);
}

#[test]
fn broken_yaml_is_told_with_its_place() {
    insta::assert_snapshot!(refused("heat: [1\nbake: 2m\n"), @r"
    oven.yml:2:5: illegal placement of ':' indicator
        2 | bake: 2m
          |     ^
    ");
    insta::assert_snapshot!(refused("heat: 1\n\tbake: 2m\n"), @r"
    oven.yml:1:7: while scanning a plain scalar, found a tab
        1 | heat: 1
          |       ^
    ");
    insta::assert_snapshot!(refused(""), @r"
    oven.yml:1:1: this file is empty or breaks off
        1 |
          | ^
    ");
    insta::assert_snapshot!(refused("- heat\n"), @r"
    oven.yml:1:1: expected a mapping here
        1 | - heat
          | ^
    ");
    insta::assert_snapshot!(refused("heat: 1\nbake: 1s\ntrays: 5\n"), @r"
    oven.yml:3:8: expected a list here
        3 | trays: 5
          |        ^
    ");
}

#[test]
fn a_long_line_is_shown_around_the_place() {
    let long = format!("{{heat: 1, label: '{}', bake: 5, trays: []}}", "x".repeat(300));
    insta::assert_snapshot!(refused(&long), @r"
    oven.yml:1:328: expected a duration with a unit, found the number 5
        1 | xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', bake: 5, trays: []}
          |                                         ^
          = hint: write 5s for seconds, 5m for minutes
    ");
}

#[test]
fn a_small_file_cannot_unfold_into_a_huge_one() {
    let bomb = |levels| {
        let mut bomb = String::from("a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n");
        for i in 1..levels {
            let previous = format!("*a{}", i - 1);
            bomb.push_str(&format!("a{i}: &a{i} [{}]\n", [previous.as_str(); 10].join(",")));
        }
        bomb
    };
    let deep = format!("heat: {}1{}\nbake: 1s\n", "[".repeat(50_000), "]".repeat(50_000));
    #[derive(Debug, Deserialize)]
    struct Anything(#[expect(dead_code, reason = "only read")] std::collections::BTreeMap<String, Scalar<f64>>);
    for text in [bomb(4), bomb(20), deep] {
        let error = Source::new("bomb.yml", text).unwrap().parse::<Anything>().unwrap_err().to_string();
        assert!(error.contains("too deep, or its aliases repeat") || error.contains("recursion limit"), "{error}");
    }
}

#[test]
fn too_large_and_unreadable_files_are_refused() {
    insta::assert_snapshot!(refused(&" ".repeat(MAXIMUM_BYTES + 1)), @r"oven.yml has more than 1048576 bytes");
    let error = Source::read(std::path::Path::new("/nowhere/oven.yml")).unwrap_err();
    insta::assert_snapshot!(error, @r"cannot read /nowhere/oven.yml");
}

#[test]
fn durations_are_whole_numbers_with_units() {
    for (text, seconds) in [("0s", 0.0), ("250ms", 0.25), ("30s", 30.0), ("2m", 120.0), ("1h30m", 5_400.0)] {
        assert_eq!(parse_duration(text).unwrap().as_secs_f64(), seconds, "{text}");
        assert_eq!(write_duration(parse_duration(text).unwrap()), text);
    }
    for text in ["", "s", "5", "1.5h", "30m1h", "1m1m", "-1s", "1 m", "99999999999999999999s", "99999999999999999d"] {
        assert!(parse_duration(text).is_err(), "{text}");
    }
}

#[test]
fn names_of_the_users_choice_keep_their_order_and_places() {
    #[derive(Debug, Deserialize)]
    struct Menu {
        dishes: Entries<Scalar<f64>>,
    }
    let read = |text: &str| Source::new("menu.yml", text).unwrap().parse::<Menu>();
    let menu = read("dishes:\n  soup: 3\n  bread: 1\n  7: 2\n").unwrap();
    let entries = menu.dishes.iter().map(|entry| format!("{} {}:{}", entry.name, entry.place.line, entry.place.column));
    assert_eq!(entries.collect::<Vec<_>>(), ["soup 2:3", "bread 3:3", "7 4:3"]);
    assert_eq!((menu.dishes.len(), menu.dishes.is_empty()), (3, false));
    insta::assert_snapshot!(read("dishes:\n  soup: 3\n  soup: 4\n").unwrap_err(), @r"
    menu.yml:3:3: `soup` is there twice
        3 |   soup: 4
          |   ^^^^
          = hint: keep one of the two
    ");
    insta::assert_snapshot!(read("dishes: [soup]\n").unwrap_err(), @r"
    menu.yml:1:9: expected a mapping here
        1 | dishes: [soup]
          |         ^
    ");
    insta::assert_snapshot!(read("dishes:\n  [soup]: 3\n").unwrap_err(), @r"
    menu.yml:2:3: expected a text here
        2 |   [soup]: 3
          |   ^
    ");
}

#[test]
fn a_part_of_a_value_is_marked_where_the_value_is_written_as_it_reads() {
    #[derive(Debug, Deserialize)]
    struct Menu {
        dish: Located<String>,
    }
    let wrong = |text: &str| {
        let source = Source::new("menu.yml", text).unwrap();
        let Located { value, place } = source.parse::<Menu>().unwrap().dish;
        let mut findings = Findings::default();
        let start = value.find("зира").map_or(0, |at| value[..at].chars().count());
        findings.complain_inside(place, value, (start, 4), Complaint::new("no such spice"));
        source.check(findings).unwrap_err().to_string()
    };
    insta::assert_snapshot!(wrong("dish: плов, зира\n"), @r"
    menu.yml:1:13: no such spice
        1 | dish: плов, зира
          |             ^^^^
    ");
    insta::assert_snapshot!(wrong("dish: 'плов, зира' # good\n"), @r"
    menu.yml:1:14: no such spice
        1 | dish: 'плов, зира' # good
          |              ^^^^
    ");
    insta::assert_snapshot!(wrong("dish: \"плов,\\tзира\"\n"), @r#"
    menu.yml:1:7: no such spice
        1 | dish: "плов,\tзира"
          |       ^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(wrong("dish: плов,\n  зира\n"), @r"
    menu.yml:1:7: no such spice
        1 | dish: плов,
          |       ^^^^^
    ");
    insta::assert_snapshot!(wrong("dish: |\n  плов,\n  зира\n"), @r"
    menu.yml:2:3: no such spice
        2 |   плов,
          |   ^^^^^
    ");
}

#[test]
fn a_value_that_begins_like_a_block_of_text_gets_a_hint() {
    insta::assert_snapshot!(refused("heat: > 1\nbake: 2m\n"), @r#"
    oven.yml:1:7: while scanning a block scalar, did not find expected comment or line break
        1 | heat: > 1
          |       ^
          = hint: a value that begins with > or | stands in quotes: "> 0.7"
    "#);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(\\PC|\n|[a-z]+: |[&*][a-z]|- |[\\[\\]{},'\"|>#\t]){0,80}") {
        let _outcome = read(&text).map_err(|error| error.to_string());
    }

    #[test]
    fn no_value_makes_it_panic(heat in "\\PC{0,40}", bake in "\\PC{0,40}") {
        let _outcome = read(&format!("heat: {heat}\nbake: {bake}\ntrays: [{bake}, {heat}]\n")).map_err(|e| e.to_string());
    }
}
