//! What the daemon says of the components that flows can be made of.

use serde_json::{Value as Json, json};

use crate::support::daemon::Daemon;
use crate::support::http;
use crate::support::project::Project;

/// What is listed, by the components' names.
fn listed(daemon: &Daemon) -> anyhow::Result<Vec<Json>> {
    let listing = http::get(daemon, "/api/v1/components")?.json()?;
    Ok(listing["components"].as_array().unwrap().clone())
}

fn function<'a>(components: &'a [Json], component: &str, function: &str) -> &'a Json {
    let component = components.iter().find(|it| it["component"] == component).unwrap();
    component["functions"].as_array().unwrap().iter().find(|it| it["function"] == function).unwrap()
}

#[test]
fn the_platforms_components_are_listed_with_their_functions() -> anyhow::Result<()> {
    let components = listed(&Daemon::of_examples(&[])?)?;
    let names: Vec<_> = components.iter().map(|it| &it["component"]).collect();
    assert_eq!(names, ["client", "counter", "exclusive", "function", "output"]);
    for component in &components {
        let digest = component["digest"].as_str().unwrap();
        assert!(digest.len() == 64 && digest.bytes().all(|digit| digit.is_ascii_hexdigit()), "{digest}");
        assert!(["title", "group", "docs"].iter().all(|name| component[name].is_string()), "{component:#}");
        let is_gateway = component["component"] == "exclusive";
        assert_eq!(component["gateway"], is_gateway);
        assert_eq!(component["functions"].as_array().unwrap().is_empty(), is_gateway);
    }
    let sleep = function(&components, "function", "sleep");
    assert_eq!(sleep["result"], Json::Null);
    let milliseconds = &sleep["parameters"][0];
    assert_eq!([&milliseconds["name"], &milliseconds["type"]], ["milliseconds", "u64"]);
    assert_eq!(milliseconds["schema"]["anyOf"][0], json!({ "type": "integer", "minimum": 0, "maximum": u64::MAX }));
    Ok(())
}

#[test]
fn a_function_of_the_platform_has_types_docs_defaults_and_schemas() -> anyhow::Result<()> {
    let components = listed(&Daemon::of_examples(&[])?)?;
    let next = function(&components, "counter", "next");
    assert!(next["docs"].is_string());
    let parameters = next["parameters"].as_array().unwrap();
    let named: Vec<_> = parameters.iter().map(|it| [&it["name"], &it["type"]]).collect();
    let operators = "enum { increment, decrement }";
    assert_eq!(named, [["index", "option<s64>"], ["count", "s64"], ["operator", operators]]);
    let operator = &parameters[2];
    assert_eq!(operator["schema"]["enum"], json!(["increment", "decrement"]));
    assert_eq!([&operator["docs"], &operator["schema"]["description"]], ["Which way to count."; 2]);
    assert_eq!([&operator["default"], &operator["schema"]["default"]], ["decrement"; 2]);
    assert_eq!(parameters[1]["default"], Json::Null);
    assert_eq!(next["input"]["properties"]["operator"], operator["schema"]);
    assert_eq!(next["input"]["required"], json!(["count"]));
    assert_eq!(next["result"]["type"], "s64");
    assert_eq!(next["error"], Json::Null);
    let value = &function(&components, "output", "result")["parameters"][0];
    assert_eq!([&value["type"], &value["schema"]["type"]], [&json!("json"), &Json::Null]);
    Ok(())
}

#[test]
fn a_guest_with_records_is_listed_beside_them() -> anyhow::Result<()> {
    let daemon = Project::of(&[])?.with_countdown()?.with_guest("fallible")?.serve(&[])?;
    let components = listed(&daemon)?;
    assert_eq!(components.len(), 6);
    let go = function(&components, "fallible", "go");
    let docs = "Makes the order and adds up its prices; or with `fail`, returns that as its error.";
    assert_eq!([&go["interface"], &go["docs"]], ["guest:fallible/fallible@0.1.0", docs]);
    let order = &go["parameters"][0];
    assert!(order["type"].as_str().unwrap().starts_with("record { item: string, cup-size: enum { small, large }, "));
    let schema = &order["schema"];
    assert_eq!(schema["required"], json!(["item", "cup_size", "extras", "payment", "prices"]));
    assert_eq!(schema["properties"]["cup_size"], json!({ "type": "string", "enum": ["small", "large"] }));
    assert_eq!(schema["properties"]["extras"]["uniqueItems"], true);
    assert_eq!(go["input"]["required"], json!(["order"]));
    assert_eq!(go["result"]["schema"]["properties"]["order"], *schema);
    assert_eq!(go["result"]["schema"]["properties"]["signature"]["contentEncoding"], "base64");
    assert_eq!(go["error"], json!({ "type": "string", "schema": { "type": "string" } }));
    Ok(())
}
