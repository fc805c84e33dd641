//! Where requests go when the first place was not the right one, and where they never go.

mod clock;
mod detour;
mod refusals;
mod regions;
mod scripted;
mod strangers;
