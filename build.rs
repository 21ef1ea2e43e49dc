//! Compiles the library again when a template or an example is added: what is embedded as a folder is not tracked by name.

fn main() {
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=examples");
}
