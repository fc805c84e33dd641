//! Who is next. Pure.

use jiff::tz::TimeZone;
use partway_domain::JobId;
use partway_journal::table::queue::Contender;

use super::hours::opens_ms;

/// When, and by which local time.
#[derive(Debug, Clone)]
pub(crate) struct Moment {
    /// Milliseconds since 1970.
    pub(crate) now_ms: i64,
    /// What makes the local time of it.
    pub(crate) zone: TimeZone,
}

/// The jobs that may begin their turn now, of those that contend for one in the order of the
/// queue. Those that have theirs keep it; what is free goes to the first whose hours are open.
pub(crate) fn next(contenders: &[Contender], slots: usize, moment: &Moment) -> Vec<JobId> {
    let running = contenders.iter().filter(|one| one.running).count();
    contenders
        .iter()
        .filter(|one| !one.running)
        .filter(|one| opens_ms(one.schedule, moment.now_ms, &moment.zone).is_none())
        .map(|one| one.job)
        .take(slots.saturating_sub(running))
        .collect()
}

#[cfg(test)]
mod tests {
    use partway_domain::{Priority, Schedule};
    use partway_journal::table::job::Lease;

    use super::*;

    const NOON: i64 = 1_800_014_400_000;

    fn contender(job: i64) -> Contender {
        Contender {
            job: JobId(job),
            priority: Priority::Normal,
            position: job,
            schedule: Schedule::default(),
            lease: Lease {
                holder: "somebody".to_owned(),
                until_ms: NOON + 15_000,
            },
            running: false,
        }
    }

    fn running(job: i64) -> Contender {
        Contender {
            running: true,
            ..contender(job)
        }
    }

    fn at_night(job: i64) -> Contender {
        let window = Some("22:00-06:00".parse().unwrap());
        Contender {
            schedule: Schedule {
                window,
                ..Schedule::default()
            },
            ..contender(job)
        }
    }

    fn later(job: i64, start_at_ms: i64) -> Contender {
        Contender {
            schedule: Schedule {
                start_at_ms: Some(start_at_ms),
                window: None,
            },
            ..contender(job)
        }
    }

    #[test]
    fn free_turns_go_to_the_first_whose_hours_are_open() {
        let noon = Moment {
            now_ms: NOON,
            zone: TimeZone::UTC,
        };
        // contenders in the order of the queue, slots, who begins
        let rows: [(&str, Vec<Contender>, usize, &[i64]); 9] = [
            ("nobody", vec![], 3, &[]),
            ("as they come", vec![contender(1), contender(2)], 1, &[1]),
            ("all that fit", vec![contender(1), contender(2)], 3, &[1, 2]),
            ("none is free", vec![running(1), contender(2)], 1, &[]),
            (
                "one is free",
                vec![running(1), contender(2), contender(3)],
                2,
                &[2],
            ),
            (
                "a running one behind keeps its turn",
                vec![contender(1), running(2)],
                1,
                &[],
            ),
            (
                "fewer slots than run",
                vec![running(1), running(2), contender(3)],
                1,
                &[],
            ),
            (
                "who must wait lets others by",
                vec![at_night(1), contender(2)],
                1,
                &[2],
            ),
            (
                "its time has come",
                vec![later(1, NOON), later(2, NOON + 1)],
                2,
                &[1],
            ),
        ];
        for (what, contenders, slots, expected) in rows {
            let expected: Vec<_> = expected.iter().copied().map(JobId).collect();
            assert_eq!(next(&contenders, slots, &noon), expected, "{what}");
        }
    }
}
