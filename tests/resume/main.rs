//! Copies that are interrupted, hindered or given up, and copies that are not.

mod canary;
mod cancel;
mod crash;
mod faults;
mod journey;
mod pause;
mod refused_pins;
mod sealed;
mod terms;
mod zombie;
