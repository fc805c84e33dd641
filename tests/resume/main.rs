//! Copies that are interrupted, hindered or given up, and copies that are not.

mod canary;
mod cancel;
mod crash;
mod decisions;
mod destination;
mod faults;
mod in_place;
mod journey;
mod moves;
mod offline;
mod pause;
mod queue;
mod refused_pins;
mod sealed;
mod slow_parts;
mod terms;
mod untrusted;
mod uploads;
mod zombie;
