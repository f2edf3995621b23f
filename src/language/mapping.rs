//! The language's mappings, each defined once: from one list of fields come the form that a program writes and the form that is
//! found in a file.

/// Defines mappings. Of each struct it makes
///
/// - the struct as it is written here: what `import` and `export` fill in, what serde writes, and what the JSON Schema is derived
///   from;
/// - in the module `found` a struct of the same name and fields: what was found in a file, each value with its place, absent or
///   wrong (see [`Field`](super::at::Field)), and how it is read off the tree.
///
/// What a field's type is found as, [`Readable`](super::decode::Readable) says. A struct may take in the fields of another:
/// `..pub settings: Settings` is serde's `flatten`, and both are found in one mapping.
macro_rules! mappings {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident {
            $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)*
            $(
                .. $(#[$flat_meta:meta])* pub $flat:ident: $flat_type:ident,
                $($(#[$later_meta:meta])* pub $later:ident: $later_type:ty,)*
            )?
        }
    )*) => {
        $(
            $(#[$meta])*
            pub struct $name {
                $($(#[$field_meta])* pub $field: $type,)*
                $(
                    #[serde(flatten)]
                    $(#[$flat_meta])*
                    pub $flat: $flat_type,
                    $($(#[$later_meta])* pub $later: $later_type,)*
                )?
            }
        )*

        /// The mappings as they are found in a file: each value with its place, absent or wrong.
        pub mod found {
            use super::*;
            use crate::language::at::{At, Field};
            use crate::language::decode::{Decode, Fields, Readable, key};

            $(
                #[doc = concat!("A [`", stringify!($name), "`](super::", stringify!($name), ") as it was found.")]
                #[derive(Clone, Debug)]
                pub struct $name {
                    /// The mapping as a whole.
                    pub at: At,
                    $(
                        #[doc = concat!("`", stringify!($field), "`")]
                        pub $field: Field<<$type as Readable>::Found>,
                    )*
                    $(
                        #[doc = concat!("What [`", stringify!($flat_type), "`] has of it.")]
                        pub $flat: $flat_type,
                        $(
                            #[doc = concat!("`", stringify!($later), "`")]
                            pub $later: Field<<$later_type as Readable>::Found>,
                        )*
                    )?
                }

                impl $name {
                    /// The fields of a mapping; nobody knows them where it is another kind of value.
                    pub(in crate::language) fn of(fields: &Fields<'_>) -> Self {
                        Self {
                            at: fields.at(),
                            $($field: fields.get(key(stringify!($field))),)*
                            $(
                                $flat: $flat_type::of(fields),
                                $($later: fields.get(key(stringify!($later))),)*
                            )?
                        }
                    }
                }

                impl Decode for $name {
                    fn decode(at: &At, shape: &crate::language::check::Shape) -> Option<Self> {
                        Fields::of(at, shape).map(|fields| Self::of(&fields))
                    }
                }

                // In this module the name means this form, in the types of other mappings' fields too.
                impl Readable for $name {
                    type Found = Self;
                }
            )*
        }
    };
}

pub(super) use mappings;
