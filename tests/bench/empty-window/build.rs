//! Compiles the configuration into the program.

fn main() {
    tauri_build::build();
}
