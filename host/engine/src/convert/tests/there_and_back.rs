//! Nothing is lost on the way there and back.

use proptest::prelude::*;
use sandgate_flow::catalog::Type;

use super::generate::{types, vals, values};
use super::{from_val, to_val};

proptest! {
    /// A value that a component gave is taken by a component as it is. Compared as flows see them, since two ways to
    /// say one thing (a message of JSON text and one of text) become one.
    #[test]
    fn there_and_back_nothing_is_lost((ty, val) in types().prop_flat_map(|ty| (Just(ty.clone()), vals(&ty)))) {
        let value = from_val(&val, &ty).unwrap();
        let again = from_val(&to_val(&value, &ty).unwrap(), &ty).unwrap();
        prop_assert_eq!(format!("{again:?}"), format!("{value:?}"));
    }

    /// Where a type says one thing in one way only, not a bit is lost.
    #[test]
    fn there_and_back_is_the_same_val((ty, val) in types().prop_flat_map(|ty| (Just(ty.clone()), vals(&ty)))) {
        if is_plain(&ty) {
            let again = to_val(&from_val(&val, &ty).unwrap(), &ty).unwrap();
            prop_assert_eq!(format!("{again:?}"), format!("{val:?}"));
        }
    }

    /// What a flow wrote in another form than the usual one (an integer as a text, say) means the same as in that.
    #[test]
    fn what_a_flow_wrote_means_one_thing((ty, value) in types().prop_flat_map(|ty| (Just(ty.clone()), values(&ty)))) {
        if let Ok(val) = to_val(&value, &ty) {
            let usual = from_val(&val, &ty).unwrap();
            let again = to_val(&usual, &ty).unwrap();
            prop_assert_eq!(format!("{again:?}"), format!("{val:?}"));
        }
    }

    /// No value makes the conversion fail in another way than by an error.
    #[test]
    fn any_value_fits_or_is_refused(ty in types(), other in types().prop_flat_map(|ty| (Just(ty.clone()), vals(&ty)))) {
        let value = from_val(&other.1, &other.0).unwrap();
        if let Ok(val) = to_val(&value, &ty) {
            prop_assert!(from_val(&val, &ty).is_ok());
        }
    }
}

/// Whether neither `json` nor `message` is inside.
fn is_plain(ty: &Type) -> bool {
    let shown = format!("{ty:?}");
    !shown.contains("Json") && !shown.contains("Message")
}
