//! What only the demo cloud can show.

mod desk;
mod listing;
mod multipart;
mod objects;
mod parity;
mod planning;
