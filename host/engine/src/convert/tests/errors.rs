//! Every error names the place in the value, and the WIT type there.

use proptest::prelude::*;
use sandgate_flow::catalog::{Type, in_flow};

use super::generate::{VERDICTS, types, values};
use super::{Conversion, TYPE_CHARS_MAX, to_val};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(VERDICTS))]

    #[test]
    fn an_error_names_the_place_and_its_type((ty, value) in types().prop_flat_map(|ty| (Just(ty.clone()), values(&ty)))) {
        if let Err(error) = to_val(&value, &ty) {
            let way = error.path.strip_prefix('$').unwrap();
            let due = cut(&type_at(&ty, way));
            prop_assert_eq!(&*error.ty, due, "{}", error);
        }
    }
}

fn cut(shown: &str) -> String {
    match shown.char_indices().nth(TYPE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &shown[..end]),
        None => shown.to_owned(),
    }
}

/// The type on this way into a value, as WIT writes it.
fn type_at(ty: &Type, way: &str) -> String {
    let next = way.find(['.', '[']).map(|_| {
        let end = way[1..].find(['.', '[']).map_or(way.len(), |end| end + 1);
        (way[1..end].trim_end_matches(']'), &way[end..])
    });
    match (ty, next) {
        // What is wrong with a message is wrong with its JSON; and the way goes on inside of that.
        (Type::Json | Type::Message, _) => "json".to_owned(),
        (Type::Option(of), _) if !matches!(**of, Type::Option(_)) => type_at(of, way),
        (ty, None) => ty.to_string(),
        (Type::List(of) | Type::Option(of), Some((_, rest))) => type_at(of, rest),
        (Type::Tuple(types), Some((place, rest))) => type_at(&types[place.parse::<usize>().unwrap()], rest),
        (Type::Record(fields), Some((name, rest))) => {
            type_at(&fields.iter().find(|field| in_flow(&field.name) == name).unwrap().ty, rest)
        }
        (Type::Variant(cases), Some((name, rest))) => {
            let case = cases.iter().find(|case| in_flow(&case.name) == name).unwrap();
            type_at(case.ty.as_ref().unwrap(), rest)
        }
        (Type::Result { ok, error }, Some((name, rest))) => match if name == "ok" { ok } else { error } {
            Some(side) => type_at(side, rest),
            None => ty.to_string(),
        },
        // The names of flags have no type of their own.
        (ty, Some(_)) => ty.to_string(),
    }
}

#[test]
fn a_large_type_costs_no_more_to_show_than_what_is_shown() {
    let name: std::sync::Arc<str> = "long".repeat(25_000).into();
    let large = Type::Enum(vec![name; 10_000]);
    let nested = (0..16).fold(large, |inner, _| Type::Tuple(vec![inner]));
    assert_eq!(Conversion::new(&nested).ty.chars().count(), TYPE_CHARS_MAX + 1);
}
