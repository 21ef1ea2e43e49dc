//! The binary: everything is in the library.
#![forbid(unsafe_code)]

use std::process::ExitCode;

/// One heap for all threads. That of the C library has one for each, and what one thread frees is no use to the others; with
/// musl it is slow besides.
#[global_allocator]
static HEAP: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    agentspec::cli::main()
}
