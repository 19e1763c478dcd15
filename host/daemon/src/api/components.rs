//! `GET /api/v1/components`: what flows can be made of.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use sandgate_engine::Component;
use sandgate_engine::convert::{Conversion, Signature};
use sandgate_flow::catalog::{Activity, Fallible, Gateway, Instances, Parameter, Type, Visibility, in_flow};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::server::Serving;

/// `/api/v1/components`.
pub(super) fn routes() -> OpenApiRouter<Arc<Serving>> {
    OpenApiRouter::new().routes(routes!(list))
}

/// The components that are loaded, by name.
#[derive(Serialize, ToSchema)]
#[schema(as = Components)]
struct Listing {
    components: Vec<View>,
}

/// A component that is loaded.
#[derive(Serialize, ToSchema)]
#[schema(as = Component)]
struct View {
    /// The name that flows call it by.
    #[schema(value_type = String)]
    component: Arc<str>,
    title: Option<String>,
    group: Option<String>,
    icon: Option<String>,
    docs: Option<String>,
    /// The SHA-256 of its bytes, in hexadecimal.
    digest: String,
    gateway: bool,
    stateless: bool,
    /// What it asks of the host: interfaces, by name.
    #[schema(example = json!(["sandgate:flow/push@0.1.0"]))]
    imports: Vec<String>,
    functions: Vec<Function>,
}

/// A function that a node can call.
#[derive(Serialize, ToSchema)]
struct Function {
    /// As flows write it.
    function: String,
    #[schema(value_type = String)]
    interface: Arc<str>,
    docs: Option<String>,
    parameters: Vec<Argument>,
    /// A JSON Schema of an object with all of them.
    input: Value,
    /// Null if it returns nothing.
    result: Option<Typed>,
    /// Null if it always returns.
    error: Option<Typed>,
}

#[derive(Serialize, ToSchema)]
struct Argument {
    #[schema(value_type = String)]
    name: Arc<str>,
    #[serde(flatten)]
    typed: Typed,
    docs: Option<String>,
    /// Null if there is none.
    default: Option<Value>,
    widget: Option<String>,
    hidden: bool,
}

#[derive(Serialize, ToSchema)]
struct Typed {
    /// As WIT writes it; null for an error without a value.
    #[serde(rename = "type")]
    ty: Option<String>,
    schema: Value,
}

/// List the components
///
/// With their functions: types, docs, defaults and JSON Schemas.
#[utoipa::path(
    get, path = "/api/v1/components", tag = "components",
    responses((status = 200, description = "All of them", body = Listing))
)]
async fn list(State(serving): State<Arc<Serving>>) -> Json<Listing> {
    let project = serving.server.projects.current();
    Json(Listing { components: project.components.iter().map(View::new).collect() })
}

impl View {
    fn new(component: &Component) -> Self {
        let about = component.about();
        Self {
            component: Arc::clone(component.name()),
            title: about.title.clone(),
            group: about.group.clone(),
            icon: about.icon.clone(),
            docs: about.docs.clone(),
            digest: component.digest().iter().map(|byte| format!("{byte:02x}")).collect(),
            gateway: about.gateway == Gateway::Exported,
            stateless: about.instances == Instances::Stateless,
            imports: component.imports().to_vec(),
            functions: component.activities().map(|(activity, signature)| Function::new(activity, signature)).collect(),
        }
    }
}

impl Function {
    fn new(activity: &Activity, signature: &Signature) -> Self {
        let schemas = signature.parameter_schemas(activity);
        let error = match &activity.error {
            Fallible::No => None,
            Fallible::Yes(ty) => Some(Typed::new(ty.as_ref(), signature.error.as_ref())),
        };
        Self {
            function: in_flow(&activity.function),
            interface: Arc::clone(&activity.interface),
            docs: activity.docs.clone(),
            parameters: activity.parameters.iter().zip(schemas).map(Argument::new).collect(),
            input: signature.input_schema(activity),
            result: activity.returns.as_ref().map(|ty| Typed::new(Some(ty), signature.returns.as_ref())),
            error,
        }
    }
}

impl Argument {
    fn new((about, schema): (&Parameter, Value)) -> Self {
        Self {
            name: Arc::clone(&about.name),
            typed: Typed { ty: Some(about.ty.to_string()), schema },
            docs: about.docs.clone(),
            default: about.default.as_ref().and_then(|default| default.to_json().ok()),
            widget: about.widget.clone(),
            hidden: about.visibility == Visibility::Hidden,
        }
    }
}

impl Typed {
    /// Without a value it is null.
    fn new(ty: Option<&Type>, conversion: Option<&Conversion>) -> Self {
        let schema = conversion.map_or_else(|| json!({ "type": "null" }), Conversion::schema);
        Self { ty: ty.map(ToString::to_string), schema }
    }
}
