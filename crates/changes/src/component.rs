/// Folders whose folders are each a part of their own.
const GATHERING: [&str; 6] = ["crates", "services", "packages", "apps", "libs", "modules"];

/// The part of the repository that a path belongs to: `crates/domain` of `crates/domain/src/lib.rs`, else the first folder,
/// or `.` of a file that lies in none.
pub fn component(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        [first, second, _, ..] if GATHERING.contains(first) => format!("{first}/{second}"),
        [first, _, ..] => (*first).to_owned(),
        _ => ".".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::component;

    #[test]
    fn a_path_belongs_to_the_part_that_people_would_name() {
        for (path, expected) in [
            ("crates/domain/src/lib.rs", "crates/domain"),
            ("services/iskra/Cargo.toml", "services/iskra"),
            ("crates/README.md", "crates"),
            ("web/src/a/b.ts", "web"),
            (".github/workflows/ci.yml", ".github"),
            ("README.md", "."),
            ("crates", "."),
        ] {
            assert_eq!(component(path), expected, "{path}");
        }
    }
}
