//! Reads a Pact file leniently, and notes what is not as the specification says.

use super::rules::{Matchers, names};
use super::{Exchange, Fault, Http, Interaction, Message, PactFile, body};
use crate::document::{FieldPath, Located};
use crate::source::{FileId, NodeKey, NodeRef, Route, Sources, percent_decode};

/// Keys in a message's contents that name its event.
const TYPE: [&str; 4] = ["eventType", "event_type", "eventName", "type"];
/// Keys in a message's metadata that do, with those that name its topic.
const METADATA: [&str; 10] =
    ["eventType", "event_type", "eventName", "event", "name", "type", "topic", "kafka_topic", "channel", "routingKey"];
/// The newest version of the specification that is known.
const NEWEST: u64 = 4;

impl PactFile {
    /// Reads the Pact in `file`. `service` is the one in whose folder it stands.
    pub fn read(sources: &Sources, file: FileId, service: Option<String>) -> PactFile {
        let pact =
            PactFile { file, service, consumer: None, provider: None, interactions: Vec::new(), faults: Vec::new() };
        match sources.root(file) {
            Some(root) => Reader { file, pact }.read(root),
            None => pact,
        }
    }
}

struct Reader {
    file: FileId,
    pact: PactFile,
}

impl Reader {
    fn read(mut self, root: NodeRef<'_>) -> PactFile {
        if !root.is_mapping() {
            self.fault(Route::file(self.file), "the file holds no object");
            return self.pact;
        }
        self.pact.consumer = self.party(root, "consumer");
        self.pact.provider = self.party(root, "provider");
        self.version(root);
        let lists: Vec<NodeRef<'_>> = ["interactions", "messages"].iter().filter_map(|key| root.get(key)).collect();
        if lists.is_empty() {
            self.fault(Route::file(self.file), "it has neither `interactions` nor `messages`");
        }
        for list in lists {
            if !list.is_sequence() {
                let name = list.key().and_then(NodeRef::scalar).unwrap_or_default();
                self.fault(self.key(list), format!("`{name}` is no list"));
            }
            for entry in list.items() {
                let exchange = self.entry(entry);
                let description = self.text(entry, "description");
                let node = NodeKey { file: self.file, node: entry.id() };
                let interaction = exchange.map(|exchange| Interaction { node, description, exchange });
                self.pact.interactions.extend(interaction);
            }
        }
        self.pact
    }

    fn fault(&mut self, route: Route, message: impl Into<String>) {
        self.pact.faults.push(Fault { route, message: message.into() });
    }

    fn route(&self, node: NodeRef<'_>) -> Route {
        Route::node(NodeKey { file: self.file, node: node.id() })
    }

    fn key(&self, node: NodeRef<'_>) -> Route {
        Route::key_of(NodeKey { file: self.file, node: node.id() })
    }

    fn text(&self, holder: NodeRef<'_>, key: &str) -> Option<Located<String>> {
        let node = holder.get(key)?;
        let text = node.as_str().filter(|text| !text.trim().is_empty())?;
        Some(Located::new(text.to_owned(), self.route(node)))
    }

    fn party(&mut self, root: NodeRef<'_>, key: &str) -> Option<Located<String>> {
        let name = root.get(key).and_then(|party| self.text(party, "name"));
        if name.is_none() {
            let route = root.get(key).map_or(Route::file(self.file), |party| self.key(party));
            self.fault(route, format!("`{key}.name` is missing"));
        }
        name
    }

    /// `metadata.pactSpecification.version`; older tools write other keys.
    fn version(&mut self, root: NodeRef<'_>) {
        let Some(metadata) = root.get("metadata") else { return };
        let keys = ["pactSpecification", "pact-specification"];
        let holder = keys.iter().find_map(|key| metadata.get(key)?.get("version"));
        let Some(version) = holder.or_else(|| metadata.get("pactSpecificationVersion")) else { return };
        let text = version.scalar().unwrap_or_default();
        let major = text.trim_start_matches(['v', 'V']).split('.').next().unwrap_or_default().parse::<u64>();
        if !major.is_ok_and(|major| (1..=NEWEST).contains(&major)) {
            self.fault(
                self.route(version),
                format!("version `{text}` of the specification is not known; 1 to {NEWEST} are"),
            );
        }
    }

    fn entry(&mut self, entry: NodeRef<'_>) -> Option<Exchange> {
        if !entry.is_mapping() {
            self.fault(self.route(entry), "an interaction is no object");
            return None;
        }
        match entry.str_at("type") {
            Some("Synchronous/HTTP") => self.http(entry, true),
            Some("Asynchronous/Messages") => Some(self.messages(&[entry], entry, true, false)),
            Some("Synchronous/Messages") => {
                let answers: Vec<NodeRef<'_>> = match entry.get("response") {
                    Some(list) if list.is_sequence() => list.items().collect(),
                    Some(one) => vec![one],
                    None => Vec::new(),
                };
                Some(self.messages(&answers, entry, true, true))
            }
            Some(other) => {
                let route = entry.get("type").map_or(self.route(entry), |node| self.route(node));
                self.fault(route, format!("`{other}` is no type of an interaction"));
                None
            }
            None if entry.get("contents").is_some() => Some(self.messages(&[entry], entry, false, false)),
            None => self.http(entry, false),
        }
    }

    fn http(&mut self, entry: NodeRef<'_>, wrapped: bool) -> Option<Exchange> {
        let Some(request) = entry.get("request").filter(|request| request.is_mapping()) else {
            self.fault(self.route(entry), "an interaction has no `request`");
            return None;
        };
        let (method, path) = (self.text(request, "method"), self.text(request, "path"));
        for (key, found) in [("method", method.is_some()), ("path", path.is_some())] {
            if !found {
                self.fault(self.key(request), format!("a request has no `{key}`"));
            }
        }
        let (method, mut path) = (method?, path?);
        let mut query = self.query(request);
        if let Some((bare, text)) = path.value.split_once('?') {
            query.extend(query_names(text).map(|name| Located::new(name, path.route)));
            path.value = bare.to_owned();
        }
        query.extend(names(self.file, request, "query"));
        let mut headers = self.map_keys(request, "headers");
        headers.extend(names(self.file, request, "header"));
        let sent = self.body(request, "body", wrapped);
        let mut http = Http {
            method,
            path,
            query: once(query),
            headers: once(headers),
            sent,
            status: None,
            response_headers: Vec::new(),
            received: None,
        };
        match entry.get("response").filter(|response| response.is_mapping()) {
            Some(response) => {
                http.status = self.status(response);
                let mut headers = self.map_keys(response, "headers");
                headers.extend(names(self.file, response, "header"));
                http.response_headers = once(headers);
                http.received = self.body(response, "body", wrapped);
            }
            None => self.fault(self.route(entry), "an interaction has no `response`"),
        }
        Some(Exchange::Http(Box::new(http)))
    }

    fn body(&self, holder: NodeRef<'_>, key: &str, wrapped: bool) -> Option<Vec<Located<FieldPath>>> {
        let example = body::example(holder, key, wrapped)?;
        Some(body::fields(self.file, example, &Matchers::of_body(self.file, holder)))
    }

    /// Version 2 has the query as one text, later ones as a map from names to lists of values.
    fn query(&self, request: NodeRef<'_>) -> Vec<Located<String>> {
        match request.get("query").and_then(|query| Some((query, query.as_str()?))) {
            Some((node, text)) => query_names(text).map(|name| Located::new(name, self.route(node))).collect(),
            None => self.map_keys(request, "query"),
        }
    }

    fn map_keys(&self, holder: NodeRef<'_>, key: &str) -> Vec<Located<String>> {
        let entries = holder.get(key).into_iter().flat_map(NodeRef::fields);
        entries.map(|(name, node)| Located::new(name.to_owned(), self.key(node))).collect()
    }

    fn status(&mut self, response: NodeRef<'_>) -> Option<Located<String>> {
        let node = response.get("status")?;
        let text = node.scalar().unwrap_or_default();
        if text.parse::<u16>().is_ok_and(|code| (100..600).contains(&code)) {
            return Some(Located::new(text.to_owned(), self.route(node)));
        }
        self.fault(self.route(node), format!("`{text}` is no status code"));
        None
    }

    fn messages(&self, parts: &[NodeRef<'_>], entry: NodeRef<'_>, wrapped: bool, answers: bool) -> Exchange {
        let metadata = |part: NodeRef<'_>| {
            let holders = [part, entry]
                .into_iter()
                .flat_map(|holder| ["metadata", "metaData"].into_iter().filter_map(move |key| holder.get(key)));
            let named = holders.flat_map(|holder| METADATA.iter().filter_map(move |key| self.text(holder, key)));
            named.collect::<Vec<_>>()
        };
        let one = |part: &NodeRef<'_>| {
            let contents = body::example(*part, "contents", wrapped);
            let typed = contents.into_iter().flat_map(|body| TYPE.iter().filter_map(move |key| self.text(body, key)));
            let mut names: Vec<_> = typed.collect();
            names.extend(metadata(*part));
            names.extend(self.text(entry, "description"));
            Message { names: once(names), fields: self.body(*part, "contents", wrapped) }
        };
        Exchange::Messages { messages: parts.iter().map(one).collect(), answers }
    }
}

/// The names in `a=1&b=2`, with `%xx` undone.
fn query_names(text: &str) -> impl Iterator<Item = String> + '_ {
    let names = text.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
    names.filter(|name| !name.is_empty()).map(|name| {
        let name = name.replace('+', " ");
        percent_decode(&name).unwrap_or(name)
    })
}

/// Each name once, where it stands first.
fn once(mut names: Vec<Located<String>>) -> Vec<Located<String>> {
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.value.clone()));
    names
}
