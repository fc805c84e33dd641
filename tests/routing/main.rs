//! Where requests go when the first place was not the right one, and where they never go.

mod between;
mod budget;
mod clock;
mod detour;
mod refusals;
mod regions;
mod scripted;
mod sleep;
mod strangers;
