//! The experiments that come with Iskra, as they stand in `config/experiments`.

macro_rules! shipped {
    ($($name:literal),*) => {
        [$(($name, include_str!(concat!("../../../config/experiments/", $name, ".yml")))),*]
    };
}

/// Each by its name, with the text of its file.
pub const SHIPPED: [(&str, &str); 7] = shipped![
    "stagnation-to-creative",
    "trust-collapse",
    "ethical-violation",
    "emotional-overload",
    "voice-conflict",
    "data-loss",
    "demo"
];
