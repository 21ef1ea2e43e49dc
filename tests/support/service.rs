//! Services of the example, generated into a folder.
// Not every test that generates services uses all of it.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use agentspec::document::read::{read, wanted};
use agentspec::generate::{self, Request};
use agentspec::model::{self, Framework, Language, Platform};
use agentspec::source::{Store, WorktreeStore, load};
use agentspec::template::Engine;

/// The platform whose services are mostly written.
const EXAMPLE: &str = "examples/ecommerce";

/// The key of the tokens' signatures.
pub const SECRET: &str = "only the tests know this secret text";

/// Writes the Python code of one of the example's services below a folder, and gives the service's own folder.
pub fn write(root: &Path, name: &str) -> PathBuf {
    write_of(EXAMPLE, root, name, |_| ())
}

/// The same in another language.
pub fn write_as(root: &Path, name: &str, language: Language, framework: Framework) -> PathBuf {
    write_changed(root, name, |platform| {
        for service in &mut platform.services {
            (service.language, service.framework) = (language, framework);
        }
    })
}

/// The same for a platform that differs from the example in something.
pub fn write_changed(root: &Path, name: &str, change: impl Fn(&mut Platform)) -> PathBuf {
    write_of(EXAMPLE, root, name, change)
}

/// Writes the code of a service of a platform in this repository below a folder, and gives the service's own folder.
pub fn write_of(platform: &str, root: &Path, name: &str, change: impl Fn(&mut Platform)) -> PathBuf {
    let store = WorktreeStore::open(Path::new(env!("CARGO_MANIFEST_DIR")).join(platform)).unwrap();
    let listing = store.list().unwrap();
    let sources = load(&store, &wanted).unwrap();
    let documents = read(&sources, &listing);
    let mut platform = model::build(&sources, &documents);
    model::lower_schemas(&sources, &documents, &mut platform);
    change(&mut platform);
    let engine = Engine::new(BTreeMap::new()).unwrap();
    let config = agentspec::document::config::Config::default();
    let request =
        Request { platform: &platform, config: &config, engine: &engine, service: Some(name), existing: &|_| None };
    let plan = generate::plan(&request, &[generate::find("code").unwrap()]).unwrap();
    for file in &plan.files {
        let path = root.join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.content).unwrap();
    }
    let folder = root.join("services").join(name);
    let own = |path: &&String| path.starts_with(&format!("services/{name}/contracts/"));
    for path in listing.iter().filter(own) {
        let copy = root.join(path);
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::write(copy, store.read(path).unwrap()).unwrap();
    }
    folder
}

/// A token that services of the example take.
pub fn token(interpreter: &Path) -> String {
    token_with(interpreter, "")
}

/// The same with scopes.
pub fn token_with(interpreter: &Path, scopes: &str) -> String {
    let code = "import jwt, sys, time, uuid; id = str(uuid.uuid4()); now = int(time.time()); \
                claims = {'sub': id, 'iat': now, 'exp': now + 1200, 'jti': id, 'scope': sys.argv[2]}; \
                print(jwt.encode(claims, sys.argv[1], algorithm='HS256'))";
    crate::python::run(Command::new(interpreter).args(["-c", code, SECRET, scopes])).unwrap().trim().to_owned()
}
