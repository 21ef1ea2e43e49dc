use super::fixture;

#[test]
fn write_out() {
    let list = std::env::var("AGENTSPEC_TRY").unwrap();
    for entry in list.split(',') {
        let (name, file) = entry.split_once('=').unwrap();
        let contract = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let platform = fixture::platform(name, &contract);
        for file in fixture::plan(&platform).unwrap() {
            let path = std::path::Path::new("/tmp/generated").join(&file.path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &file.content).unwrap();
        }
    }
}
