//! The simulation itself: that it is one story for one seed, and that it can be trusted.

use partway_simulation::replay::fingerprint;
use partway_simulation::{Desk, Scenario, campaign, run};

#[test]
fn one_seed_is_always_the_same_story() {
    let (one, other) = (Desk::new().unwrap(), Desk::new().unwrap());
    for seed in 0..60 {
        let scenario = Scenario::of(seed);
        let first = fingerprint(&run(&scenario, &one, false));
        // Another journal, another thread, and a trace: nothing of this may be seen inside.
        let second = std::thread::scope(|scope| {
            let again = scope.spawn(|| fingerprint(&run(&scenario, &other, true)));
            again.join().unwrap()
        });
        assert_eq!(first, second, "seed {seed}");
    }
}

#[test]
fn some_hundred_seeds_break_nothing() {
    let seeds: Vec<u64> = (1_000_000..1_000_300).collect();
    let tally = campaign::run_all(&seeds, 2, u64::MAX).unwrap();
    assert!(tally.is_clean(), "{tally}");
    assert_eq!(tally.seeds, 300);
}
