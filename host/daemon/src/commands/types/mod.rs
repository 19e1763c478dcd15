//! `sandgate types`: what a flow takes and gives, as a TypeScript module for the client library.

mod schema;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use sandgate_engine::run::Instances;
use sandgate_flow::Plan;
use sandgate_flow::document::Framing;

use super::opened::{self, Opened};
use crate::output::{self, Explained};

/// Print the types of a flow's input, output and pushes, for TypeScript
///
/// They are for the package @sandgate/client: `connect<Countdown>(...)`. What a component outputs or pushes is decided while
/// it runs, so these two are any JSON.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The flow: its id in the project, or the path of its file
    flow: String,
    /// The project's folder [default: that of the flow's file, or this one]
    #[arg(long, value_name = "DIR")]
    project: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  sandgate types countdown > src/countdown.ts
  sandgate types countdown --project shop";

/// The name that the module imports, so that no flow's interface may have it.
const ANY_JSON: &str = "Json";

pub(super) fn perform(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let names = [arguments.flow];
    let folder = opened::folder(arguments.project, &names)?;
    let opened = Opened::open(folder, Instances::default())?;
    let [name] = names;
    let flow = opened.flow(&name)?;
    let served =
        opened.runnable(&flow).with_context(|| format!("flow {} has no types yet: its file has errors", flow.id))?;
    if served.plan.interface.framing == Framing::Raw {
        return Err(Explained::new(format!("flow {} has no types: its framing is raw", flow.id))
            .help("its messages are texts and bytes, and its client is made by `connectRaw`")
            .into());
    }
    output::line(module(&served.plan))?;
    Ok(ExitCode::SUCCESS)
}

fn module(plan: &Plan) -> String {
    let docs = schema::docs(plan.description.as_deref(), None, "");
    format!(
        "// What the flow `{flow}` takes and gives, written by `sandgate types {flow}`: write it anew when that has changed.\n\
         \n\
         import type {{ {ANY_JSON} }} from \"@sandgate/client\";\n\
         \n\
         {docs}export interface {name} {{\n  \
           input: {input};\n  \
           output: {ANY_JSON};\n  \
           push: {ANY_JSON};\n\
         }}",
        flow = plan.flow,
        name = interface(&plan.flow),
        input = schema::object_of(&plan.interface.input.schema(), plan.interface.input.names(), "  "),
    )
}

/// A flow's id as TypeScript names types: `shop_order` is `ShopOrder`.
fn interface(flow: &str) -> String {
    let name: String = flow.split('_').map(capitalized).collect();
    if name == ANY_JSON { name + "Flow" } else { name }
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interface_is_named_as_its_flow() {
        let named = ["countdown", "shop_order_2", "json"].map(interface);
        assert_eq!(named, ["Countdown", "ShopOrder2", "JsonFlow"]);
    }
}
