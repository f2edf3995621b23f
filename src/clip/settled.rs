use crate::language::{At, Field};

/// A setting as it holds for one clip, and where it comes from.
#[derive(Clone, Copy, Debug)]
pub enum Settled<'f, T> {
    /// Written nowhere, and there is no default.
    Absent,
    /// Written nowhere: the language's default.
    Default(T),
    /// Written on the shot itself.
    Own(T, &'f At),
    /// Written in some `defaults`.
    Inherited(T, &'f At),
    /// Nobody knows whether it is written, since a part where it may be could not be read, which is reported elsewhere.
    Lost,
    /// Written, but wrong, which is reported elsewhere: a rule that needs it cannot be evaluated.
    Unusable(&'f At),
}

impl<'f, T: Copy> Settled<'f, T> {
    /// The nearest of `levels` that is written; the first level is the shot itself.
    pub(super) fn nearest<V>(
        levels: impl Iterator<Item = &'f Field<V>>,
        value: impl Fn(&'f V) -> Option<T>,
    ) -> Settled<'f, T>
    where
        V: 'f,
    {
        for (index, field) in levels.enumerate() {
            match field {
                Field::Absent => {}
                Field::Lost => return Settled::Lost,
                Field::Invalid(at) => return Settled::Unusable(at),
                Field::Valid(written) => {
                    return match value(&written.value) {
                        None => Settled::Unusable(&written.at),
                        Some(value) if index == 0 => Settled::Own(value, &written.at),
                        Some(value) => Settled::Inherited(value, &written.at),
                    };
                }
            }
        }
        Settled::Absent
    }

    /// The same, with `default` where nothing is written.
    pub(super) fn or_default(self, default: T) -> Self {
        match self {
            Settled::Absent => Settled::Default(default),
            settled => settled,
        }
    }

    /// The value that holds, if it is known.
    pub fn value(&self) -> Option<T> {
        match *self {
            Settled::Default(value) | Settled::Own(value, _) | Settled::Inherited(value, _) => Some(value),
            Settled::Absent | Settled::Lost | Settled::Unusable(_) => None,
        }
    }

    /// Where the value is wrong, or `shot` where it could not be read: nothing that needs it can be asked for.
    pub(super) fn unknown(&self, shot: &'f At) -> Option<&'f At> {
        match *self {
            Settled::Unusable(at) => Some(at),
            Settled::Lost => Some(shot),
            _ => None,
        }
    }

    /// The value and its place, where it is written and right.
    pub fn written(&self) -> Option<(T, &'f At)> {
        match *self {
            Settled::Own(value, at) | Settled::Inherited(value, at) => Some((value, at)),
            _ => None,
        }
    }

    /// Where it is written, right or wrong.
    pub fn at(&self) -> Option<&'f At> {
        match *self {
            Settled::Absent | Settled::Lost | Settled::Default(_) => None,
            Settled::Own(_, at) | Settled::Inherited(_, at) | Settled::Unusable(at) => Some(at),
        }
    }

    /// Where it is written, if that is not the shot itself.
    pub fn inherited_at(&self) -> Option<&'f At> {
        match *self {
            Settled::Inherited(_, at) => Some(at),
            _ => None,
        }
    }

    /// Whether surely nothing is written.
    pub fn is_absent(&self) -> bool {
        matches!(self, Settled::Absent | Settled::Default(_))
    }
}
