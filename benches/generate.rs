//! What generating costs at scale: 100 services of ten operations, as a whole process into an empty platform, against the
//! floor of writing the same files plainly. Run it with `cargo bench --bench generate`.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use support::{milliseconds, timed};

mod support;

const SERVICES: usize = 100;
const ROUNDS: usize = 5;

fn main() {
    let mut generated = Vec::new();
    let mut plain = Vec::new();
    let mut count = 0;
    // Some file systems are slow to give out what was freed a moment ago, so nothing is removed between rounds.
    let mut kept = Vec::new();
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir().unwrap();
        platform(folder.path());
        let mut command = Command::new(env!("CARGO_BIN_EXE_agentspec"));
        command.arg("generate").current_dir(folder.path()).stdout(Stdio::null());
        let (status, took) = timed(|| command.status().unwrap());
        assert!(status.success());
        generated.push(took);
        let files = files(folder.path());
        count = files.len();
        let copy = tempfile::tempdir().unwrap();
        let (_, took) = timed(|| files.iter().for_each(|(path, content)| write(copy.path(), path, content)));
        plain.push(took);
        kept.extend([folder, copy]);
    }
    generated.sort();
    plain.sort();
    println!("{SERVICES} services of ten operations, {count} files, medians of {ROUNDS}");
    println!("  floor (the files, written plainly)  {}", milliseconds(plain[ROUNDS / 2]));
    println!("  generate, as a whole process        {}", milliseconds(generated[ROUNDS / 2]));
}

fn write(root: &Path, path: &Path, content: &[u8]) {
    let place = root.join(path);
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(place, content).unwrap();
}

fn files(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut pending = vec![root.to_path_buf()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => pending.push(path),
                false => found.push((path.strip_prefix(root).unwrap().to_path_buf(), fs::read(&path).unwrap())),
            }
        }
    }
    found
}

/// Contracts and short specs; what the specs leave out is not asked for.
fn platform(root: &Path) {
    write(
        root,
        Path::new("constitution.md"),
        b"# Shop Constitution\n\n## Technology Stack\n\n- Language: Python (FastAPI)\n",
    );
    write(root, Path::new(".speckit.config.json"), b"{\"validation\": {\"auto_validate\": false}}\n");
    for n in 0..SERVICES {
        let name = format!("shop{n}-service");
        let contract = format!("services/{name}/contracts/api-spec.yaml");
        write(root, Path::new(&contract), contract_of(&name).as_bytes());
        let spec = format!("services/{name}/specs/001-shop/spec.md");
        let text = format!("# {name}\n\n## Service Overview\n\n### Service Name\n{name}\n\n### Service Type\nAPI\n");
        write(root, Path::new(&spec), text.as_bytes());
    }
}

fn contract_of(name: &str) -> String {
    let mut text = format!(
        "openapi: 3.1.0\ninfo: {{title: {name}, version: 1.0.0}}\nservers: [{{url: https://shop.example/api/v1}}]\npaths:\n"
    );
    let mut schemas = String::from("components:\n  schemas:\n");
    for (plural, one) in [("things", "Thing"), ("items", "Item")] {
        let json = |schema: &str| format!("content: {{application/json: {{schema: {schema}}}}}");
        let reference = |name: &str| format!("{{$ref: '#/components/schemas/{name}'}}");
        let (document, input) = (json(&reference(one)), json(&reference(&format!("{one}Input"))));
        let list = json(&format!("{{type: array, items: {}}}", reference(one)));
        let missing = "\"404\": {description: There is none}";
        let _ = write!(
            text,
            "  /{plural}:\n    \
             get: {{operationId: list{one}, responses: {{\"200\": {{description: All, {list}}}}}}}\n    \
             post: {{operationId: create{one}, requestBody: {{required: true, {input}}}, \
             responses: {{\"201\": {{description: Stored, {document}}}}}}}\n  \
             /{plural}/{{id}}:\n    \
             parameters: [{{name: id, in: path, required: true, schema: {{type: string, format: uuid}}}}]\n    \
             get: {{operationId: get{one}, responses: {{\"200\": {{description: It, {document}}}, {missing}}}}}\n    \
             put: {{operationId: replace{one}, requestBody: {{required: true, {input}}}, \
             responses: {{\"200\": {{description: It, {document}}}, {missing}}}}}\n    \
             delete: {{operationId: delete{one}, responses: {{\"204\": {{description: Gone}}, {missing}}}}}\n"
        );
        let properties = "name: {type: string, minLength: 1}, price: {type: number, minimum: 0}, \
                          status: {type: string, enum: [draft, active], default: draft}";
        let _ = write!(
            schemas,
            "    {one}Input: {{type: object, required: [name, price], additionalProperties: false, \
             properties: {{{properties}}}}}\n    \
             {one}: {{type: object, required: [id, name, price], properties: \
             {{id: {{type: string, format: uuid, readOnly: true}}, {properties}}}}}\n"
        );
    }
    text + &schemas
}
