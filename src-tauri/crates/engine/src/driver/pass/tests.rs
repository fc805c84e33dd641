use super::*;

const RUN: Order = Order::Run {
    retry_failed: false,
};

fn pace(transfers: usize, parts: usize) -> Pace {
    Pace {
        transfers,
        parts,
        measured: false,
    }
}

/// How many of a kind are started one after the other.
fn started(load: &mut Load, weight: Weight, pace: Pace) -> usize {
    let mut count = 0;
    while load.has_room(weight, RUN, pace) {
        load.add(weight);
        count += 1;
    }
    count
}

#[test]
fn small_objects_fill_the_requests_that_parts_would_have_had() {
    let pace = pace(3, 16);
    let mut load = Load::default();
    assert_eq!(started(&mut load, Weight::Whole, pace), 3);
    assert_eq!(started(&mut load, Weight::Light, pace), 0);
    load.remove(Weight::Whole);
    assert_eq!(started(&mut load, Weight::Light, pace), 16);
    // A large one is never kept out for ever by small ones.
    let mut full = Load::default();
    assert_eq!(started(&mut full, Weight::Light, pace), 48);
    assert_eq!(started(&mut full, Weight::Whole, pace), 1);
}

#[test]
fn what_relies_on_no_look_is_in_hand_before_its_turn() {
    let pace = pace(3, 16);
    let mut load = Load::default();
    assert_eq!(started(&mut load, Weight::Ahead, pace), 96);
    assert_eq!(load.room(pace), 48);
    // Large ones do not crowd out what has begun.
    assert_eq!(started(&mut load, Weight::Whole, pace), 1);
    assert_eq!(load.room(pace), 32);
}

#[test]
fn a_cancel_does_not_wait_for_a_turn() {
    let cancel = Order::Cancel { keep_parts: false };
    let load = Load { whole: 3, small: 0 };
    assert!(load.has_room(Weight::Whole, cancel, pace(1, 1)));
    assert!(!load.has_room(Weight::Whole, RUN, pace(1, 1)));
}
