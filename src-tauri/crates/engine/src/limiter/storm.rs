//! The limiter against a server that counts: a bucket of tokens that knows nothing of ours.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

/// Takes `rate` requests per second and up to `burst` at once; what is too much is refused. No
/// server takes fewer than three at once.
struct Server {
    rate: f64,
    burst: f64,
    /// This share is refused whatever the pace.
    at_random: f64,
    dice: u64,
    tokens: f64,
    counted: Instant,
    taken: u64,
    refused: u64,
}

impl Server {
    fn ask(&mut self) -> bool {
        let now = Instant::now();
        let gone = (now - self.counted).as_secs_f64();
        self.counted = now;
        self.tokens = (self.tokens + gone * self.rate).min(self.burst);
        let takes = self.tokens >= 1.0 && !self.refuses_at_random();
        if takes {
            self.tokens -= 1.0;
            self.taken += 1;
        } else {
            self.refused += 1;
        }
        takes
    }
}

impl Server {
    fn refuses_at_random(&mut self) -> bool {
        self.dice = self
            .dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        ((self.dice >> 40) as f64 / f64::from(1 << 24)) < self.at_random
    }
}

/// What a case looks like.
#[derive(Debug, Clone, Copy)]
struct Scene {
    /// Requests per second the server takes.
    rate: f64,
    /// Seconds of that rate it takes at once.
    burst: f64,
    /// How long a request takes it.
    latency: Duration,
    /// How long a refusal takes it.
    refusal: Duration,
    jobs: usize,
    parts_at_once: usize,
}

struct Run {
    server: Arc<Mutex<Server>>,
    ended: Arc<AtomicBool>,
    workers: Vec<tokio::task::JoinHandle<()>>,
}

impl Scene {
    fn begin(self) -> Run {
        let limiter = Limiter::new(256);
        let server = Arc::new(Mutex::new(Server {
            rate: self.rate,
            burst: (self.rate * self.burst).max(3.0),
            at_random: 0.0,
            dice: 1,
            tokens: (self.rate * self.burst).max(3.0),
            counted: Instant::now(),
            taken: 0,
            refused: 0,
        }));
        let ended = Arc::<AtomicBool>::default();
        let workers = (0..self.jobs * self.parts_at_once)
            .map(|number| {
                let (limiter, server, ended) = (
                    Arc::clone(&limiter),
                    Arc::clone(&server),
                    Arc::clone(&ended),
                );
                tokio::spawn(async move {
                    let mut wobble = number as u64;
                    while !ended.load(Ordering::Relaxed) {
                        let permit = limiter.acquire().await;
                        let takes = server.lock().unwrap().ask();
                        wobble = wobble
                            .wrapping_mul(6_364_136_223_846_793_005)
                            .wrapping_add(1);
                        let spread = 0.5 + (wobble >> 40) as f64 / f64::from(1 << 24);
                        if takes {
                            tokio::time::sleep(self.latency.mul_f64(spread)).await;
                            permit.taken();
                        } else {
                            tokio::time::sleep(self.refusal.mul_f64(spread)).await;
                            permit.refused(None);
                            tokio::time::sleep(Duration::from_millis(200).mul_f64(spread)).await;
                        }
                    }
                })
            })
            .collect();
        Run {
            server,
            ended,
            workers,
        }
    }
}

impl Run {
    /// Lets time pass; requests taken per second and the share of refusals meanwhile.
    async fn over(&self, seconds: u64) -> (f64, f64) {
        let before = {
            let server = self.server.lock().unwrap();
            (server.taken, server.refused)
        };
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        let server = self.server.lock().unwrap();
        let (taken, refused) = (server.taken - before.0, server.refused - before.1);
        let share = refused as f64 / (taken + refused).max(1) as f64;
        (taken as f64 / seconds as f64, share)
    }

    fn refuse_at_random(&self, share: f64) {
        self.server.lock().unwrap().at_random = share;
    }

    fn allow(&self, rate: f64) {
        self.server.lock().unwrap().rate = rate;
    }

    fn end(self) {
        self.ended.store(true, Ordering::Relaxed);
        for worker in self.workers {
            worker.abort();
        }
    }
}

fn scenes() -> Vec<Scene> {
    let mut scenes = Vec::new();
    for rate in [10.0, 50.0, 300.0, 1000.0] {
        for (latency, refusal) in [(20, 20), (200, 100), (2000, 300)] {
            for (burst, jobs) in [(0.1, 1), (1.0, 4)] {
                let scene = Scene {
                    rate,
                    burst,
                    latency: Duration::from_millis(latency),
                    refusal: Duration::from_millis(refusal),
                    jobs,
                    parts_at_once: 64,
                };
                // What the parts at once cannot reach is not the limiter's to reach.
                let reach = (jobs * 64) as f64 * 1000.0 / latency as f64;
                if reach > 1.5 * rate {
                    scenes.push(scene);
                }
            }
        }
    }
    assert!(scenes.len() >= 12, "{}", scenes.len());
    scenes
}

#[tokio::test(start_paused = true)]
async fn when_steady_hardly_a_request_is_refused_and_little_is_left_unused() {
    for scene in scenes() {
        let run = scene.begin();
        run.over(20).await;
        let (rate, refused) = run.over(60).await;
        assert!(refused < 0.02, "{scene:?}: {refused:.4} refused");
        assert!(rate >= 0.8 * scene.rate, "{scene:?}: {rate:.1}/s");
        run.end();
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_storm_it_is_back_within_half_a_minute() {
    for scene in scenes() {
        for (storm, lasting) in [(0.0, 60), (0.1, 45), (0.0, 3)] {
            let run = scene.begin();
            run.over(20).await;
            run.allow(storm * scene.rate);
            let (_, refused) = run.over(lasting).await;
            assert!(refused > 0.0, "a storm that nobody felt");
            run.allow(scene.rate);
            run.over(30).await;
            let (rate, _) = run.over(10).await;
            assert!(rate >= 0.8 * scene.rate, "{storm} {scene:?}: {rate:.1}/s");
            run.end();
        }
    }
}

/// While nothing passes, a job does not hammer: what 64 parts send is what one would.
#[tokio::test(start_paused = true)]
async fn a_storm_is_not_answered_with_a_storm() {
    let scene = Scene {
        rate: 1000.0,
        burst: 1.0,
        latency: Duration::from_millis(20),
        refusal: Duration::from_millis(20),
        jobs: 4,
        parts_at_once: 64,
    };
    let run = scene.begin();
    run.over(10).await;
    run.allow(0.0);
    run.over(10).await;
    let before = run.server.lock().unwrap().refused;
    run.over(60).await;
    let asked = run.server.lock().unwrap().refused - before;
    assert!(asked <= 120, "{asked} requests in a minute of refusals");
    run.end();
}

/// Refusals that no pace prevents cost their repeats and nothing else; once they end, or become a
/// limit, it is as ever.
#[tokio::test(start_paused = true)]
async fn refusals_that_do_not_depend_on_the_pace_do_not_end_in_standstill() {
    for share in [0.05, 0.1, 0.2] {
        let scene = Scene {
            rate: 100_000.0,
            burst: 1.0,
            latency: Duration::from_millis(20),
            refusal: Duration::from_millis(20),
            jobs: 1,
            parts_at_once: 64,
        };
        let run = scene.begin();
        run.over(5).await;
        run.refuse_at_random(share);
        run.over(30).await;
        let (rate, refused) = run.over(30).await;
        // Each refused one waits a fifth of a second before it is sent again.
        let possible = 64.0 * (1.0 - share) / (0.02 + 0.2 * share);
        assert!(
            rate > 0.7 * possible,
            "{share}: {rate:.0} of {possible:.0}/s"
        );
        assert!(refused < 1.2 * share, "{share}: {refused}");

        run.allow(300.0);
        run.over(40).await;
        let (rate, refused) = run.over(30).await;
        assert!(rate > 0.6 * 300.0 * (1.0 - share), "{share}: {rate:.0}/s");
        assert!(refused < 0.5, "{share}: {refused}");
        run.end();
    }
}
