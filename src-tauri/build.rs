//! Compiles the configuration, the capability and the icons into the program.

fn main() {
    // The isolation pattern is left out: it guards against foreign scripts in the page, which the
    // content policy does not let in, and the page may call nothing but these two.
    // Naming the commands makes them subject to capabilities/main.json like Tauri's own.
    let manifest = tauri_build::AppManifest::new().commands(&["dispatch", "subscribe"]);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
        std::process::exit(1);
    }
}
