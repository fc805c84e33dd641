use super::Density;

fn page(names: impl Iterator<Item = String>) -> Density {
    let names: Vec<String> = names.collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Density::of(0, &names).expect("two names")
}

#[test]
fn counted_names_are_met_where_they_are_expected() {
    let density = page((0..1_000).map(|n| format!("part-{n:07}.parquet")));
    let key = density.ahead("part-0000999.parquet", 4).unwrap().key;
    assert!(key.starts_with("part-000499"), "{key}");
    assert_eq!(density.pages_between("part-0000999.parquet", &key), 4);
    // The last digit of a level is followed by the next of the level above.
    let density = page((0..1_000).map(|n| format!("node-00/{:02}/reading-{n:06}.json", n / 100)));
    let key = density
        .ahead("node-00/99/reading-009999.json", 5)
        .unwrap()
        .key;
    assert!(key.starts_with("node-01/"), "{key}");
}

#[test]
fn hexadecimal_names_carry_into_letters() {
    let name = |n: u128| format!("{:032x}", n * (u128::MAX / 1_000_000));
    let density = page((0..1_000).map(name));
    for pages in [1, 16, 500] {
        let key = density.ahead(&name(999), pages).unwrap().key;
        let meant = 999 * u128::from(pages + 1);
        let near = meant / 50;
        assert!(
            key > name(meant - near) && key < name(meant + near),
            "{key}"
        );
    }
}

#[test]
fn other_scripts_have_digits_too() {
    let density = page(('\u{4e00}'..'\u{4e30}').map(|c| format!("照片/{c}.jpg")));
    let key = density.ahead("照片/\u{4e2f}.jpg", 3).unwrap().key;
    assert!(key.as_str() > "照片/\u{4e2f}.jpg", "{key}");
    let density = page("一七下中丰".chars().map(|c| format!("{c}日.jpg")));
    let guess = density.ahead("一日.jpg", 1).unwrap();
    assert!(guess.key.starts_with('丰') && !guess.is_leap, "{guess:?}");
}

#[test]
fn nothing_is_expected_behind_the_last_name_there_can_be() {
    let density = page((0..100).map(|n| format!("{n:02}")));
    assert_eq!(density.ahead("99", 1), None);
    let density = page((0..100).map(|n| format!("day-{n:02}")));
    assert!(density.ahead("day-99", 1).unwrap().is_leap);
    assert!(Density::of(0, &["one"]).is_none());
}
