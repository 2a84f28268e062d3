use super::{Profile, indentation};

fn profile(columns: impl IntoIterator<Item = usize>) -> Profile {
    let text: Vec<String> = columns.into_iter().map(|columns| format!("{}x", " ".repeat(columns))).collect();
    let mut profile = Profile::default();
    profile.add(text.join("\n").as_bytes());
    profile
}

#[test]
fn a_line_begins_where_its_content_does() {
    for (line, expected) in [
        (&b"x"[..], Some(0)),
        (b"   x ", Some(3)),
        (b"\tx", Some(4)),
        (b"  \tx", Some(4)),
        (b"\t\t x", Some(9)),
        (b"    \r", None),
        (b"", None),
        (b"\xff", Some(0)),
    ] {
        assert_eq!(indentation(line), expected, "{line:?}");
    }
}

#[test]
fn a_ramp_has_dimension_one() {
    let ramp = profile((0..512).map(|line| line / 8)).dimension().unwrap();
    assert!((1.0..1.1).contains(&ramp.fractal_dimension), "{ramp:?}");
    assert!(ramp.self_similarity > 0.99, "{ramp:?}");
}

#[test]
fn what_fills_the_square_has_dimension_two() {
    let comb = profile((0..512).map(|line| if line % 2 == 0 { 0 } else { 32 })).dimension().unwrap();
    assert_eq!(comb.box_counting.epsilon_values, [0.5, 0.25, 0.125, 0.0625, 0.03125]);
    assert_eq!(comb.box_counting.box_counts, [4, 16, 64, 256, 1024]);
    assert_eq!((comb.fractal_dimension, comb.self_similarity), (2.0, 1.0));
}

/// Counted by hand on paper: eight lines, eight columns deep.
#[test]
fn boxes_are_counted_with_the_ways_between_lines() {
    let dimension = profile([0, 8, 8, 4, 4, 0, 0, 0]).dimension().unwrap();
    assert_eq!(dimension.box_counting.box_counts, [4, 10, 22]);
    assert_eq!((dimension.profile.lines, dimension.profile.deepest), (8, 8));
}

#[test]
fn what_is_too_small_has_no_dimension() {
    assert_eq!(profile([]).dimension(), None);
    assert_eq!(profile(vec![0; 1_000]).dimension(), None, "flat");
    assert_eq!(profile((0..1_000).map(|line| line % 8)).dimension(), None, "seven columns are too few for eight boxes");
    assert_eq!(profile((0..7).map(|line| line * 4)).dimension(), None, "seven lines are too few for eight boxes");
}

#[test]
fn the_figure_follows_from_the_kept_counts() {
    let lines = (0_usize..900).map(|line| (line * line) % 41);
    let dimension = profile(lines).dimension().unwrap();
    let boxes = &dimension.box_counting;
    let points: Vec<_> = boxes.epsilon_values.iter().zip(&boxes.box_counts).collect();
    let number = points.len() as f64;
    let (mut x, mut y, mut xx, mut xy) = (0.0, 0.0, 0.0, 0.0);
    for (epsilon, count) in points {
        let (a, b) = ((1.0 / epsilon).ln(), (*count as f64).ln());
        (x, y, xx, xy) = (x + a, y + b, xx + a * a, xy + a * b);
    }
    let slope = (number * xy - x * y) / (number * xx - x * x);
    assert!((slope - dimension.fractal_dimension).abs() < 1e-4);
}

#[test]
fn steps_grow_with_the_depth() {
    assert_eq!(profile([0, 4, 8, 8, 6]).steps(), 6);
}
