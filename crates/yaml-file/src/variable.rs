/// Whether an environment variable may be called so: what stands where a file names the variable of a secret may be the
/// secret itself, and is not to be repeated then.
pub fn is_variable(name: &str) -> bool {
    name.len() <= 128
        && name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}
