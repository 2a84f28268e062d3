use domain::Vital;

use crate::Rules;

#[test]
fn the_shipped_file_is_right() {
    assert_eq!(Rules::built_in().bands.map(|band| band.vital), Vital::ALL);
}
