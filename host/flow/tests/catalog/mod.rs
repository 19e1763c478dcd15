//! A catalog like that of the platform's components, and one component with every kind of type.

use std::sync::Arc;

use sandgate_flow::catalog::{
    Activity, Case, Catalog, Component, Fallible, Field, Gateway, Instances, Parameter, Type, Visibility,
};
use sandgate_flow::value::Value;

/// What the flows of these tests may call.
pub(crate) fn catalog() -> Catalog {
    let operator = Type::Enum(["increment".into(), "decrement".into()].into());
    let next = [parameter("index", option(Type::S64)), parameter("count", Type::S64), default("operator", operator)];
    let components = [
        ("counter", component([activity("sandgate:counter/counter@0.1.0", "next", next, Some(Type::S64))])),
        ("exclusive", Component { gateway: Gateway::Exported, ..component([]) }),
        ("client", component(client())),
        ("function", component([sleep()])),
        ("output", component([result()])),
        ("various", component(various())),
    ];
    Catalog { components: components.into_iter().map(|(name, component)| (name.into(), component)).collect() }
}

fn client() -> [Activity; 2] {
    let push = [parameter("client", option(Type::String)), parameter("message", Type::Message)];
    let reply = [parameter("message", Type::Message)];
    let interface = "sandgate:client/client@0.1.0";
    [activity(interface, "push", push, Some(Type::U32)), activity(interface, "reply", reply, Some(Type::U32))]
}

fn sleep() -> Activity {
    activity("sandgate:function/function@0.1.0", "sleep", [parameter("milliseconds", Type::U64)], None)
}

fn result() -> Activity {
    activity("sandgate:output/output@0.1.0", "result", [parameter("value", Type::Json)], None)
}

fn various() -> Vec<Activity> {
    let fields = [("max-count", Type::U8), ("label", option(Type::String))];
    let record = fields.map(|(name, ty)| Field { name: name.into(), ty });
    let cases = [("by-name", Some(Type::String)), ("nobody", None)].map(|(name, ty)| Case { name: name.into(), ty });
    let all = [
        parameter("record", Type::Record(record.into())),
        parameter("list", Type::List(Box::new(Type::S8))),
        parameter("pair", Type::Tuple(vec![Type::Bool, Type::F64])),
        parameter("whom", Type::Variant(cases.into())),
        parameter("letter", Type::Char),
        parameter("bytes", Type::Bytes),
        parameter("marks", Type::Flags(["red".into(), "dark-blue".into()].into())),
    ];
    let numbers = [
        parameter("single", Type::F32),
        parameter("double", Type::F64),
        parameter("long", Type::S64),
        parameter("maybe", option(option(Type::S64))),
    ];
    let fallible = Activity {
        error: Fallible::Yes(Some(Type::String)),
        ..activity("a:b/one@1.0.0", "try-it", [], Some(option(Type::S64)))
    };
    vec![
        activity("a:b/one@1.0.0", "all", all, None),
        activity("a:b/one@1.0.0", "numbers", numbers, None),
        activity("a:b/one@1.0.0", "twice", [], None),
        activity("a:b/other-one@1.0.0", "twice", [], None),
        fallible,
    ]
}

fn component(activities: impl Into<Vec<Activity>>) -> Component {
    Component {
        title: None,
        group: None,
        icon: None,
        docs: None,
        activities: activities.into(),
        gateway: Gateway::Absent,
        instances: Instances::Stateless,
    }
}

fn activity<const N: usize>(
    interface: &str,
    function: &str,
    parameters: [Parameter; N],
    returns: Option<Type>,
) -> Activity {
    Activity {
        interface: interface.into(),
        function: Arc::from(function),
        docs: None,
        parameters: parameters.into(),
        returns,
        error: Fallible::No,
    }
}

fn parameter(name: &str, ty: Type) -> Parameter {
    Parameter { name: name.into(), ty, docs: None, default: None, widget: None, visibility: Visibility::Shown }
}

fn default(name: &str, ty: Type) -> Parameter {
    Parameter { default: Some(Value::from("decrement")), ..parameter(name, ty) }
}

fn option(ty: Type) -> Type {
    Type::Option(Box::new(ty))
}
