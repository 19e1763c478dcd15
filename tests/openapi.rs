//! `/api/v1/openapi.json`: what programs are told of the interface over HTTP.

use std::collections::BTreeSet;

use anyhow::Context as _;
use serde_json::Value as Json;

use crate::support::daemon::Daemon;
use crate::support::http::{self, Asked, ask};
use crate::support::project::Project;

const METHODS: [&str; 4] = ["get", "put", "post", "delete"];

/// Every operation: `get /api/v1/flows`, and what is said of it.
fn operations(document: &Json) -> anyhow::Result<Vec<(String, &Json)>> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().context("no paths")? {
        for (method, operation) in item.as_object().context("no methods")? {
            assert!(METHODS.contains(&method.as_str()), "{path} has {method}");
            operations.push((format!("{method} {path}"), operation));
        }
    }
    Ok(operations)
}

#[test]
fn every_address_is_described() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let document = http::get(&daemon, "/api/v1/openapi.json")?.json()?;
    assert_eq!(document["openapi"], "3.1.0");
    let names: Vec<_> = operations(&document)?.into_iter().map(|(name, _)| name).collect();
    insta::assert_snapshot!(names.join("\n"), @r"
    get /api/v1/components
    get /api/v1/drafts
    get /api/v1/expressions
    get /api/v1/flows
    get /api/v1/flows/{flow}
    get /api/v1/flows/{flow}/asyncapi.json
    delete /api/v1/flows/{flow}/cases
    get /api/v1/flows/{flow}/cases
    put /api/v1/flows/{flow}/cases
    post /api/v1/flows/{flow}/cases/run
    post /api/v1/flows/{flow}/check
    delete /api/v1/flows/{flow}/draft
    get /api/v1/flows/{flow}/draft
    put /api/v1/flows/{flow}/draft
    post /api/v1/flows/{flow}/rollback
    post /api/v1/flows/{flow}/try
    get /api/v1/flows/{flow}/versions
    post /api/v1/flows/{flow}/versions
    get /api/v1/flows/{flow}/versions/{from}/diff/{to}
    get /api/v1/flows/{flow}/versions/{version}
    get /api/v1/openapi.json
    get /api/v1/project
    post /api/v1/project
    get /api/v1/runs
    get /api/v1/runs/{run}
    post /api/v1/runs/{run}/cancel
    get /api/v1/runs/{run}/trace
    post /run/{flow}
    ");
    Ok(())
}

/// An address that the router does not know is answered with `not-found`, and a method that it does not know with 405.
#[test]
fn every_address_that_is_described_is_answered() -> anyhow::Result<()> {
    // Not of the repository, where a draft would be left.
    let daemon = Project::of(&[])?.with_countdown()?.serve(&[])?;
    let document = http::get(&daemon, "/api/v1/openapi.json")?.json()?;
    for (name, _) in operations(&document)? {
        let (method, path) = name.split_once(' ').context("no path")?;
        let path = path
            .replace("{flow}", "nothing")
            .replace("{run}", "nothing")
            .replace("{version}", "1")
            .replace("{from}", "1")
            .replace("{to}", "1");
        let what = format!("{} {path}", method.to_uppercase());
        let answer = ask(&daemon, &what, Asked::default())?;
        assert_ne!(answer.status, 405, "{what}");
        assert!(!answer.body.contains("urn:sandgate:problem:not-found"), "{what}");
    }
    Ok(())
}

#[test]
fn every_operation_says_what_it_does_and_how_it_fails() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let document = http::get(&daemon, "/api/v1/openapi.json")?.json()?;
    let mut ids = BTreeSet::new();
    for (name, operation) in operations(&document)? {
        assert!(operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{name}");
        assert!(ids.insert(operation["operationId"].as_str().context("no id")?), "{name}");
        let responses = operation["responses"].as_object().context("no responses")?;
        let failures = responses.iter().filter(|(status, _)| *status == "default" || status.starts_with(['4', '5']));
        let problem = "#/components/schemas/Problem";
        for (status, failure) in failures {
            let schema = &failure["content"]["application/problem+json"]["schema"]["$ref"];
            assert_eq!(schema, problem, "{name}: {status}");
        }
        assert!(responses.contains_key("default"), "{name}");
        // What is in braces in the address is a parameter.
        let braces = name.matches('{').count();
        let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        assert_eq!(parameters.iter().filter(|it| it["in"] == "path").count(), braces, "{name}");
    }
    Ok(())
}

#[test]
fn whatever_is_referred_to_is_there() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let document = http::get(&daemon, "/api/v1/openapi.json")?.json()?;
    let mut referred = BTreeSet::new();
    references(&document, &mut referred);
    assert!(referred.len() > 5, "{referred:?}");
    for reference in referred {
        let pointer = reference.strip_prefix('#').context("a reference to elsewhere")?;
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
    Ok(())
}

fn references(json: &Json, found: &mut BTreeSet<String>) {
    match json {
        Json::Object(object) => {
            found.extend(object.get("$ref").and_then(Json::as_str).map(str::to_owned));
            object.values().for_each(|it| references(it, found));
        }
        Json::Array(items) => items.iter().for_each(|it| references(it, found)),
        _ => {}
    }
}
