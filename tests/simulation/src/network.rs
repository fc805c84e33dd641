//! The network between the program and the provider, and what is under way in it.
//!
//! A request that was sent arrives at its time whether or not the program still lives: what is
//! under way belongs to the world.

use std::collections::BTreeMap;
use std::sync::Mutex;

use bytes::Bytes;
use partway_democloud::Garbled;
use tokio::sync::{Notify, oneshot};

use crate::dice::Dice;
use crate::outcome::{Fate, Sent};
use crate::scenario::{Scenario, Weather};
use crate::time::WorldTime;
use crate::world::lock;

mod deliver;
mod wire;

pub(crate) use deliver::deliver;
pub(crate) use wire::Wire;

/// What the server says; nothing if it closed the connection.
type Answer = Option<http::Response<Bytes>>;

#[derive(Debug)]
pub(crate) struct Network {
    time: WorldTime,
    inner: Mutex<Inner>,
    /// Something was sent.
    sent: Notify,
    /// Every connection is dead.
    cut: Notify,
}

#[derive(Debug)]
struct Inner {
    weather: Weather,
    dice: Dice,
    /// No way to anywhere before this moment.
    offline_until_ms: i64,
    /// What is under way, by time of arrival and order of sending.
    under_way: BTreeMap<(i64, u64), Arrival>,
    serial: u64,
    log: Vec<Sent>,
}

/// A request on its way to the server.
#[derive(Debug)]
struct Arrival {
    request: http::Request<Bytes>,
    /// Who waits for what the server says.
    reply: Option<oneshot::Sender<Answer>>,
}

/// What the network will do with one request, and when.
#[derive(Debug, Clone, Copy)]
struct Draw {
    fate: Fate,
    /// Milliseconds until it is at the server, and back again.
    there_ms: i64,
    back_ms: i64,
    /// Milliseconds the server works before it has an effect.
    work_ms: i64,
    /// For what arrives late: how much later.
    later_ms: i64,
    /// For what may or may not arrive.
    arrives: bool,
}

impl Network {
    pub(crate) fn new(scenario: &Scenario, time: WorldTime) -> Self {
        Self {
            time,
            inner: Mutex::new(Inner {
                weather: scenario.weather.clone(),
                dice: Dice::new(scenario.seed, 3),
                offline_until_ms: 0,
                under_way: BTreeMap::new(),
                serial: 0,
                log: Vec::new(),
            }),
            sent: Notify::new(),
            cut: Notify::new(),
        }
    }

    pub(crate) fn go_offline(&self, ms: i64) {
        let until_ms = self.time.now_ms() + ms;
        let mut inner = lock(&self.inner);
        inner.offline_until_ms = inner.offline_until_ms.max(until_ms);
        drop(inner);
        self.cut_all();
    }

    /// Ends every connection; what was sent still arrives.
    pub(crate) fn cut_all(&self) {
        self.cut.notify_waiters();
    }

    /// No trouble any more.
    pub(crate) fn calm(&self) {
        let mut inner = lock(&self.inner);
        inner.weather = inner.weather.fair();
        inner.offline_until_ms = 0;
    }

    /// Whether nothing is under way.
    pub(crate) fn is_empty(&self) -> bool {
        lock(&self.inner).under_way.is_empty()
    }

    pub(crate) fn log(&self) -> Vec<Sent> {
        std::mem::take(&mut lock(&self.inner).log)
    }

    fn draw(&self, copies: bool) -> Draw {
        let now_ms = self.time.now_ms();
        let mut inner = lock(&self.inner);
        let offline = inner.offline_until_ms > now_ms;
        let Inner { weather, dice, .. } = &mut *inner;
        let way = |dice: &mut Dice| {
            i64::try_from(weather.latency_ms + dice.between(0, weather.jitter_ms)).unwrap_or(0)
        };
        let (there_ms, back_ms) = (way(dice), way(dice));
        let work_ms = if copies {
            i64::try_from(dice.between(0, weather.work_ms)).unwrap_or(0)
        } else {
            0
        };
        let fate = if offline {
            Fate::Unreachable
        } else {
            fate(weather, dice.roll())
        };
        let later_ms = match fate {
            Fate::Late => dice.between_ms(1_000, 120_000),
            Fate::Doubled => dice.between_ms(0, 20_000),
            _ => 0,
        };
        let arrives = match fate {
            Fate::Silent | Fate::Proxied => dice.happens(0.5),
            _ => true,
        };
        Draw {
            fate,
            there_ms,
            back_ms,
            work_ms,
            later_ms,
            arrives,
        }
    }

    fn send(&self, at_ms: i64, arrival: Arrival) {
        let mut inner = lock(&self.inner);
        inner.serial += 1;
        let serial = inner.serial;
        inner.under_way.insert((at_ms, serial), arrival);
        drop(inner);
        self.sent.notify_one();
    }

    /// Notes a sending and returns its place in the log.
    fn note(&self, sent: Sent) -> usize {
        let mut inner = lock(&self.inner);
        inner.log.push(sent);
        inner.log.len() - 1
    }

    /// The program knows how a sending went.
    fn ended(&self, place: usize, at_ms: i64, status: Option<u16>) {
        if let Some(sent) = lock(&self.inner).log.get_mut(place) {
            sent.ended_ms = Some(at_ms);
            sent.status = status;
        }
    }

    /// The server has answered; whether the program hears of it is another matter.
    fn carried_out(&self, place: usize, answer: Option<&http::Response<Bytes>>) {
        let id = answer.and_then(|answer| {
            let mut headers = answer.headers().iter();
            let (_, id) = headers.find(|(name, _)| name.as_str().ends_with("-request-id"))?;
            id.to_str().ok()
        });
        if let Some(sent) = lock(&self.inner).log.get_mut(place) {
            sent.request_id = id.map(str::to_owned);
            sent.garbled =
                answer.is_some_and(|answer| answer.extensions().get::<Garbled>().is_some());
        }
    }
}

/// One roll decides among all kinds of trouble.
fn fate(weather: &Weather, roll: f64) -> Fate {
    let mut rest = roll;
    for (probability, fate) in [
        (weather.unreachable, Fate::Unreachable),
        (weather.request_lost, Fate::RequestLost),
        (weather.answer_lost, Fate::AnswerLost),
        (weather.late, Fate::Late),
        (weather.silence, Fate::Silent),
        (weather.proxy, Fate::Proxied),
        (weather.torn, Fate::Torn),
        (weather.doubled, Fate::Doubled),
    ] {
        if rest < probability {
            return fate;
        }
        rest -= probability;
    }
    Fate::Fair
}
