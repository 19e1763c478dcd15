//! Headers that are lists.

use axum::http::header::AsHeaderName;
use axum::http::{HeaderMap, HeaderValue};

/// The members of a header that is a list, in all of its lines (RFC 9110, section 5.6.1).
pub(crate) fn members(headers: &HeaderMap, name: impl AsHeaderName) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(name).into_iter().filter_map(text);
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

fn text(line: &HeaderValue) -> Option<&str> {
    line.to_str().ok()
}

#[cfg(test)]
mod tests {
    use axum::http::header::ACCEPT;

    use super::*;

    #[test]
    fn the_members_of_all_lines_are_found() {
        let lines = ["a, b;q=0.5", "c"].map(|line| (ACCEPT, HeaderValue::from_static(line)));
        let headers = lines.into_iter().fold(HeaderMap::new(), |mut headers, (name, line)| {
            headers.append(name, line);
            headers
        });
        assert_eq!(members(&headers, ACCEPT).collect::<Vec<_>>(), ["a", "b;q=0.5", "c"]);
    }
}
