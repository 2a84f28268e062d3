//! The experiments that come with Iskra, as they stand in `config/experiments`.

/// Each by its name, with the text of its file.
pub const SHIPPED: [(&str, &str); 1] =
    [("stagnation-to-creative", include_str!("../../../config/experiments/stagnation-to-creative.yml"))];
