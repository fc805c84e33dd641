//! The finder of tests finds them.

use partway_tests::found::{Found, main_file, tests_in};

#[test]
fn tests_of_all_shapes_are_found() {
    let found = |program: &str| tests_in(&main_file(program).expect(program));
    assert!(found("partway-tests::sources").contains("found::tests_of_all_shapes_are_found"));
    let inline = "wire::tests::debug_shows_no_secret";
    assert!(found("partway-protocol::lib").contains(inline));
    let wire = found("partway-protocol::wire");
    let nested = "discrepancies::headers::keys::d2_15_a_key_has_256_bits_and_its_own_digest";
    assert!(wire.contains(nested));
    assert!(
        wire.contains("answers::no_cut_off_body_is_a_success"),
        "in `proptest!`"
    );
    assert!(!wire.contains("fixture::response"), "no test");
    let listed = "jobs::d4_5_clocks_need_not_agree";
    assert!(found("partway-tests::discrepancies").contains(listed));
}

#[test]
fn what_is_not_there_is_missed() {
    let mut found = Found::default();
    let mut faults = |test: &str| found.missing(&[test.to_owned()]).len();
    assert_eq!(
        faults("partway-tests::discrepancies jobs::d4_5_clocks_need_not_agree"),
        0
    );
    for wrong in [
        "d4_5_clocks_need_not_agree",
        "partway-tests::discrepancies d4_5_clocks_need_not_agree",
        "partway-tests::discrepancies jobs::nobody_wrote_this",
        "partway-tests::nothing jobs::d4_5_clocks_need_not_agree",
        "partway-nobody::lib a",
    ] {
        assert_eq!(faults(wrong), 1, "{wrong}");
    }
}
