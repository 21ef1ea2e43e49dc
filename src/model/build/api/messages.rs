//! What requests and responses carry: bodies, headers and links.

use std::sync::Arc;

use super::super::origin::At;
use super::Reader;
use crate::model::{Encoding, Link, List, MediaType, Parameter, ParameterLocation, RequestBody, Response};
use crate::source::Sources;

impl<'s> Reader<'_, 's> {
    pub(super) fn body(&mut self, operation: &At<'s>) -> Option<Arc<RequestBody>> {
        let at = operation.get("requestBody")?.follow(self.sources);
        let build = |reader: &mut Self| {
            Arc::new(RequestBody {
                required: at.flag("required").unwrap_or(false),
                content: reader.content(&at),
                origin: at.origin(reader.sources),
            })
        };
        at.node.is_mapping().then(|| self.once(&at, |known| &mut known.bodies, build))
    }

    pub(super) fn content(&mut self, at: &At<'s>) -> List<MediaType> {
        let Some(content) = at.get("content") else { return List::default() };
        let build = |reader: &mut Self| {
            let one = |(name, media_type): (&str, At<'s>)| {
                let media_type = media_type.follow(reader.sources);
                MediaType {
                    name: name.to_owned(),
                    schema: media_type.get("schema").and_then(|schema| (reader.lower)(schema)),
                    encoding: reader.encodings(&media_type),
                    origin: media_type.origin(reader.sources),
                }
            };
            content.fields().map(one).collect()
        };
        self.once(&content, |known| &mut known.content, build)
    }

    fn encodings(&mut self, media_type: &At<'s>) -> List<Encoding> {
        let Some(list) = media_type.get("encoding") else { return List::default() };
        self.once(&list, |known| &mut known.encodings, |reader| encodings(reader.sources, &list))
    }

    pub(super) fn responses(&mut self, operation: &At<'s>) -> List<Response> {
        let Some(responses) = operation.get("responses") else { return List::default() };
        let build = |reader: &mut Self| {
            let stated = responses.fields().filter(|(status, _)| !status.starts_with("x-"));
            stated.map(|(status, response)| reader.response(status, response)).collect()
        };
        self.once(&responses, |known| &mut known.response_lists, build)
    }

    fn response(&mut self, status: &str, at: At<'s>) -> Response {
        let at = at.follow(self.sources);
        let build = |reader: &mut Self| Response {
            status: String::new(),
            description: reader.text(&at, "description").unwrap_or_default(),
            headers: reader.headers(&at),
            links: reader.links(&at),
            content: reader.content(&at),
            origin: at.origin(reader.sources),
        };
        Response { status: status.to_owned(), ..self.once(&at, |known| &mut known.responses, build) }
    }

    fn headers(&mut self, response: &At<'s>) -> List<Parameter> {
        let Some(headers) = response.get("headers") else { return List::default() };
        let build = |reader: &mut Self| {
            let one = |(name, header): (&str, At<'s>)| {
                let header = header.follow(reader.sources);
                reader.described(name.into(), ParameterLocation::Header, &header)
            };
            headers.fields().map(one).collect()
        };
        self.once(&headers, |known| &mut known.headers, build)
    }

    fn links(&mut self, response: &At<'s>) -> List<Link> {
        let Some(links) = response.get("links") else { return List::default() };
        let build = |reader: &mut Self| links.fields().map(|(name, link)| reader.link(name, link)).collect();
        self.once(&links, |known| &mut known.links, build)
    }

    fn link(&mut self, name: &str, at: At<'s>) -> Link {
        let origin = at.origin(self.sources);
        let link = at.follow(self.sources);
        let operation = self.text(&link, "operationId").or_else(|| self.text(&link, "operationRef"));
        Link { name: name.to_owned(), operation, origin }
    }
}

fn encodings(sources: &Sources, list: &At<'_>) -> List<Encoding> {
    let one = |(property, at): (&str, At<'_>)| {
        let style = at.text("style").unwrap_or_else(|| "form".to_owned());
        Encoding {
            property: property.to_owned(),
            content_type: at.text("contentType"),
            explode: at.flag("explode").unwrap_or(style == "form"),
            style,
            allow_reserved: at.flag("allowReserved").unwrap_or(false),
            origin: at.origin(sources),
        }
    };
    list.fields().map(one).collect()
}
